## Mails zu Tickets

# Ein Programm erkennt die Zeile an den Worten „oberhalb dieser Zeile“ wieder.
mail-ticket-line = ##- Bitte antworten Sie oberhalb dieser Zeile -##
mail-ticket-subject = Ihr Ticket
mail-ticket-hello = Guten Tag,
mail-ticket-ours = { $name } von { $provider } schreibt:
mail-ticket-other = { $name } schreibt:
mail-ticket-files = Dazu gehören diese Dateien:
mail-ticket-files-until = Die Dateien können Sie dreißig Tage lang herunterladen. Danach schicken wir sie Ihnen auf Wunsch noch einmal.
mail-ticket-reply = Um zu antworten, schreiben Sie einfach auf diese E-Mail zurück.
mail-ticket-read = Sie können das Ticket auch im Kundenportal lesen und dort antworten:
mail-ticket-portal = Bitte antworten Sie im Kundenportal und nicht auf diese E-Mail.
mail-ticket-button = Ticket im Portal öffnen
mail-ticket-ask = Auf diese E-Mail können Sie nicht antworten. Wenn Sie noch etwas sagen möchten, schreiben Sie uns bitte hier und nennen Sie die Nummer { $number }:

error-file-late = Dieser Link gilt nicht mehr
    .text = Dateien lassen sich dreißig Tage lang herunterladen. Bitte antworten Sie auf die E-Mail, in der dieser Link stand, dann schicken wir Ihnen die Datei noch einmal.

mail-ticket-arrived-subject = Ihre Anfrage ist angekommen
mail-ticket-arrived = Ihre Anfrage ist bei uns angekommen. Sie hat die Nummer { $number }. Unsere Antwort schicken wir an diese E-Mail-Adresse.
mail-ticket-arrived-more = Möchten Sie noch etwas ergänzen? Dann schreiben Sie einfach auf diese E-Mail zurück.
mail-ticket-arrived-not-you = Haben Sie uns nicht geschrieben? Dann hat jemand Ihre Adresse angegeben, vermutlich aus Versehen. Sie brauchen nichts zu tun.
mail-ticket-arrived-not-you-mail = Haben Sie uns nicht geschrieben? Dann hat jemand unter Ihrer Adresse eine E-Mail an uns geschickt. Sie brauchen nichts zu tun.

mail-ticket-joined-subject = Sie nehmen an einem Ticket teil
mail-ticket-joined-ours = { $name } von { $provider } hat Ihre E-Mail-Adresse zum Ticket { $number } hinzugefügt.
mail-ticket-joined-other = { $name } hat Ihre E-Mail-Adresse zum Ticket { $number } bei { $provider } hinzugefügt.
mail-ticket-joined-from-now = Was dort von jetzt an geschrieben wird, bekommen Sie per E-Mail.
mail-ticket-joined-reply = Wenn Sie mitschreiben oder keine weiteren E-Mails dazu möchten, antworten Sie einfach auf diese E-Mail.

## Eine Adresse, die keine E-Mails annimmt

address-tile = Ihre E-Mail-Adresse
address-tile-state = Nicht erreichbar
address-tile-text = Ihre E-Mail-Adresse { $email } nimmt unsere E-Mails nicht an.
address-tile-do = Ansehen und ändern
address-title = Ihre E-Mail-Adresse ist nicht erreichbar
address-text = Ihre E-Mail-Adresse { $email } nimmt unsere E-Mails nicht an. Antworten auf Ihre Tickets und wichtige Hinweise erreichen Sie so nicht.
address-at = Zuletzt zurückgekommen
address-reason = Meldung des anderen Servers
address-other = Haben Sie eine andere Adresse? Dann tragen Sie sie in Ihrem Profil ein.
address-profile = Zum Profil
address-works-text = Nimmt die Adresse inzwischen wieder E-Mails an? Dann sagen Sie es uns.
address-works-submit = Die Adresse funktioniert wieder
address-fine = Mit Ihrer E-Mail-Adresse ist alles in Ordnung
address-fine-text = Unsere E-Mails an Sie sind zuletzt nicht zurückgekommen.
notice-address-works = Danke. Wir schreiben Ihnen wieder an Ihre E-Mail-Adresse.

## Frühere Anfragen

earlier-title = Ihre früheren Anfragen
earlier-text = Diese Anfragen haben Sie ohne Anmeldung gestellt. Übernehmen Sie sie einzeln, dann stehen sie bei den Tickets von { $customer } und sind für alle zu sehen, die dort Tickets lesen dürfen.
earlier-tickets = Tickets
earlier-subject = Betreff
earlier-number = Nummer
earlier-opened = Gestellt am
earlier-last = Zuletzt
earlier-do = Aktion
earlier-take = Übernehmen
earlier-none = Hier steht nichts. Was Sie von Ihrer bestätigten E-Mail-Adresse aus ohne Anmeldung gefragt haben, erscheint hier.
earlier-offer = Sie haben uns früher ohne Anmeldung geschrieben.
earlier-offer-do = Ihre früheren Anfragen ansehen
notice-ticket-taken = Das Ticket gehört jetzt zu Ihrem Kundenkonto.

## Was das Protokoll sagt

act-ticket-bounced = E-Mail kam zurück
act-ticket-taken-over = Früheres Ticket übernommen
act-mail-works-again = E-Mail-Adresse wieder erreichbar gemeldet
