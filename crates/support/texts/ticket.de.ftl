## Tickets (SUP-1, SUP-2, SUP-6, SUP-7)

ticket-nav = Tickets
ticket-nav-new = Neues Ticket
ticket-nav-submit = Ein Ticket einreichen
ticket-list = Support Tickets
ticket-new = Neues Ticket
ticket-new-hint = Je genauer Sie beschreiben, was geschieht und seit wann, desto schneller können wir helfen.
ticket-one = Ticket { $number }
ticket-number = Nummer
ticket-state = Stand
ticket-opened = Eingereicht am
ticket-opened-by = Eingereicht von
ticket-last = Zuletzt
ticket-answered = Beantwortet am
ticket-due = Antwort bis
ticket-unread = Neu
ticket-about = Zu diesem Ticket
ticket-thread = Verlauf
ticket-older = Ältere Einträge
ticket-you = Sie
ticket-quoted = Zitierten Text zeigen
ticket-via-form = über das Formular

ticket-department = Abteilung
ticket-priority = Priorität
ticket-subject = Betreff
    .help = Höchstens 100 Zeichen.
ticket-text = Beschreibung
ticket-priority-low = Niedrig
ticket-priority-normal = Normal
ticket-priority-high = Hoch
ticket-priority-critical = Kritisch
ticket-send = Ticket absenden

ticket-show = Welche Tickets
ticket-all = Alle
ticket-open = Offen
ticket-closed = Geschlossen
ticket-search = Betreff oder Nummer
ticket-department-any = Alle Abteilungen
ticket-filter = Filtern
ticket-none = Sie haben noch kein Ticket eingereicht. Beschreiben Sie uns, worum es geht, und wir antworten Ihnen hier und per E-Mail.
ticket-none-here = Hier steht zurzeit kein Ticket.
ticket-none-found = Dazu gibt es kein Ticket. Bitte suchen Sie nach dem Anfang des Betreffs oder nach der Nummer.

ticket-to-answer = Zur Antwort
ticket-go-on = Antworten
ticket-answer = Ihre Antwort
ticket-close = Ticket schließen
ticket-reopens = Dieses Ticket ist geschlossen. Wenn Sie antworten, ist es wieder offen.
ticket-answer-meanwhile = In der Zwischenzeit ist etwas dazugekommen. Bitte lesen Sie es erst. Ihre Antwort steht noch unten und ist noch nicht gesendet.

ticket-details = Ticket-Details bearbeiten
ticket-details-save = Details speichern
ticket-details-meanwhile = Inzwischen hat jemand anders die Details geändert. Unten stehen Ihre Angaben, sie sind noch nicht gespeichert.
ticket-details-now = Zurzeit gespeichert

ticket-people = Beteiligte
ticket-people-add = E-Mail-Adresse hinzufügen
ticket-people-hint = Wen Sie hier hinzufügen, bekommt ab jetzt jede Antwort per E-Mail und kann selbst antworten. Was vorher geschrieben wurde, bekommt die Person nicht zu sehen.
ticket-people-requester = hat das Ticket eingereicht
ticket-people-contact = Kontakt Ihres Kontos
ticket-people-bounced = nimmt unsere E-Mails nicht an
ticket-people-remove = Entfernen
ticket-people-remove-whom = { $email } entfernen
ticket-people-none = Bisher ist keine weitere E-Mail-Adresse beteiligt.
ticket-people-full = Mehr als { $most } Adressen kann ein Ticket nicht haben.
ticket-person-emails = E-Mail-Adressen
    .help = Mehrere Adressen trennen Sie durch Kommas oder schreiben sie untereinander.
ticket-person-add = Hinzufügen

ticket-elsewhere = Ein Ticket eines anderen Kunden
ticket-elsewhere-whose = Dieses Ticket gehört zu { $name } ({ $number }). Wechseln Sie zu diesem Kunden, um es zu lesen.
ticket-elsewhere-go = Wechseln und lesen

ticket-tile = Offene Tickets
ticket-tile-all = Alle Tickets
ticket-tile-none = Zurzeit ist kein Ticket offen.

ticket-event-closed = { $name } hat das Ticket geschlossen
ticket-event-reopened = { $name } hat das Ticket wieder geöffnet
ticket-event-subject = { $name } hat den Betreff geändert: { $what }
ticket-event-department = { $name } hat das Ticket an die Abteilung { $what } gegeben
ticket-event-priority =
    { $what ->
        [low] { $name } hat die Priorität auf „Niedrig“ gestellt
        [normal] { $name } hat die Priorität auf „Normal“ gestellt
        [high] { $name } hat die Priorität auf „Hoch“ gestellt
       *[critical] { $name } hat die Priorität auf „Kritisch“ gestellt
    }
ticket-event-joined = { $name } hat { $what } hinzugefügt
ticket-event-left = { $name } hat { $what } entfernt

## The form for guests

submit-title = Ein Ticket einreichen
submit-hint = Sie brauchen dafür kein Konto. Wir antworten Ihnen an die E-Mail-Adresse, die Sie hier angeben.
submit-address = Bitte prüfen Sie Ihre E-Mail-Adresse genau: Ist sie falsch geschrieben, erreicht Sie keine Antwort von uns.
submit-signed-in = Haben Sie ein Konto?
submit-sign-in-why = Angemeldet sehen Sie hier jederzeit, wie weit wir sind.
submit-sign-in = Anmelden
submit-privacy = Datenschutzerklärung lesen
submit-email = E-Mail-Adresse
submit-name = Vollständiger Name
submit-company = Name des Unternehmens
submit-number = Kundennummer
    .help = Falls Sie sie kennen. Sie steht auf Ihren Rechnungen.
submit-subject = Betreff
    .help = Höchstens 100 Zeichen.
submit-text = Beschreibung
    .help = Was geschieht, seit wann, und was haben Sie schon versucht? Bitte schreiben Sie hier keine Passwörter.
submit-consent = Datenschutz: Ich bin einverstanden, dass meine Angaben zur Bearbeitung meiner Anfrage gespeichert werden.
submit-send = Absenden
submit-too-many = Von dieser E-Mail-Adresse oder diesem Anschluss kamen gerade viele Tickets. Bitte versuchen Sie es später noch einmal. Ihre Angaben stehen noch unten.

fault-emails-none = Bitte geben Sie mindestens eine E-Mail-Adresse an.
fault-emails-many = Bitte geben Sie höchstens zehn Adressen auf einmal an.
fault-emails-bad = Eine der Adressen ist nicht vollständig. Bitte prüfen Sie die Schreibweise.

notice-ticket-submitted = Ihr Ticket ist angekommen. Eine E-Mail bestätigt Ihnen den Eingang.
notice-ticket-sent = Ihr Ticket ist angekommen. Wir antworten Ihnen hier und per E-Mail.
notice-ticket-answered = Ihre Antwort ist angekommen.
notice-ticket-closed = Das Ticket ist geschlossen.
notice-ticket-moved-warn = Bevor Sie es schließen: In der Zwischenzeit ist etwas dazugekommen.
notice-ticket-details = Die Details sind gespeichert.
notice-ticket-person-added = Die Adressen sind hinzugefügt.
notice-ticket-person-removed = Die Adresse ist entfernt.

act-ticket-opened = Ticket eingereicht
act-ticket-written = Im Ticket geschrieben
act-ticket-answered = Ticket beantwortet
act-ticket-noted = Interne Notiz im Ticket geschrieben
act-message-noted = Interne Notiz zur Nachricht geschrieben
act-ticket-closed = Ticket geschlossen
act-ticket-reopened = Ticket wieder geöffnet
act-ticket-details = Ticket-Details geändert
act-ticket-person-added = E-Mail-Adresse zum Ticket hinzugefügt
act-ticket-person-removed = E-Mail-Adresse aus dem Ticket entfernt

## Files

ticket-files = Dateien
    .help = Höchstens zehn Dateien, jede bis 25 MB.
submit-files = Dateien
    .help = Höchstens zehn Dateien, jede bis 25 MB.
answer-files = Dateien
    .help = Höchstens zehn Dateien, jede bis 25 MB.
