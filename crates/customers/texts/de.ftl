## Start page

start = Start
start-guest = Kundenportal von { $provider }
    .text = Hier sehen Sie Ihre Daten, schreiben uns und lesen unsere Antworten.
start-ways = Was Sie hier tun können
start-customer = Sie haben ein Konto
    .text = Melden Sie sich mit Ihrer E-Mail-Adresse oder Ihrer Kundennummer an.
start-new = Sie sind neu hier
    .text = Für ein Konto brauchen wir Ihren Namen und Ihre E-Mail-Adresse. Es dauert zwei Minuten.
start-phone = Sie möchten lieber sprechen
    .text = Rufen Sie uns an.
start-hello = Guten Tag, { $name }
    .text = Wohin möchten Sie?
start-account = Ihr Konto

## Registration

registration = Registrieren
    .text = Wir schicken Ihnen eine E-Mail mit einem Link. Damit wählen Sie Ihr Passwort und sind angemeldet.
registration-first-name = Vorname
registration-last-name = Nachname
registration-email = E-Mail-Adresse
    .help = Sie kommen von einer Firma? Mit der Adresse der Firma können wir Sie leichter zuordnen.
registration-consent = Datenschutz: Ich bin einverstanden, dass meine Angaben für das Kundenkonto gespeichert werden.
registration-privacy = Datenschutzerklärung lesen
registration-submit = Registrieren
registration-aside = Gut zu wissen
registration-next = Wie es weitergeht
    .text = Der Link in der E-Mail gilt 48 Stunden. Nutzen Sie ihn nicht, löschen wir Ihre Angaben.
registration-known = Sie haben schon ein Konto?

registered = Bitte sehen Sie in Ihr Postfach
    .text = Wir haben eine E-Mail an die angegebene Adresse geschickt. Öffnen Sie den Link darin, um fortzufahren. Er gilt 48 Stunden.
registered-missing = Nichts angekommen? Sehen Sie im Spam-Ordner nach und prüfen Sie, ob die Adresse richtig geschrieben war.
registered-again = Noch einmal registrieren

activation = Konto aktivieren
    .text = Wählen Sie ein Passwort, dann ist Ihr Konto bereit.
activation-name = Name
activation-password = Passwort
    .help = Mindestens 12 Zeichen. Gut sind vier Wörter, die nichts miteinander zu tun haben.
activation-password-repeat = Passwort wiederholen
activation-submit = Aktivieren und einloggen

link-used = Dieser Link wurde schon verwendet
    .text = Ihr Konto ist aktiviert, Sie können sich anmelden. Waren Sie das nicht, fordern Sie einen neuen Link an.
link-expired = Dieser Link gilt nicht mehr
    .text = Er ist älter als 48 Stunden, oder Sie haben inzwischen einen neueren bekommen. Nehmen Sie den neuesten, oder fordern Sie einen neuen Link an.
link-unknown = Diesen Link kennen wir nicht
    .text = Vielleicht ist er nicht vollständig angekommen. Kopieren Sie ihn noch einmal ganz aus der E-Mail, oder fordern Sie einen neuen Link an.
link-again = Neuen Link anfordern

notice-activated = Ihr Konto ist bereit. Sie sind angemeldet.

## Mails

mail-hello = Guten Tag,
mail-activation-subject = Aktivieren Sie Ihr Konto
mail-activation-text = mit dieser Adresse wurde ein Kundenkonto bei { $provider } angefragt. Öffnen Sie diesen Link, um ein Passwort zu wählen und das Konto zu aktivieren:
mail-activation-button = Konto aktivieren
mail-activation-link = Falls die Schaltfläche nicht geht, kopieren Sie diesen Link in Ihren Browser:
mail-activation-good-for = Der Link gilt 48 Stunden und nur einmal.
mail-activation-not-you = Waren Sie das nicht? Dann tun Sie nichts. Ohne den Link entsteht kein Konto, und die Angaben werden gelöscht.
mail-known-subject = Sie haben schon ein Konto
mail-known-hello = Guten Tag, { $name },
mail-known-text = jemand wollte sich mit Ihrer Adresse bei { $provider } registrieren. Sie haben schon ein Konto. Hier kommen Sie hinein:
mail-known-button = Zu Ihrem Konto
mail-known-not-you = Waren Sie das nicht? Dann tun Sie nichts. An Ihrem Konto hat sich nichts geändert.

## Sign-in

sign-in = Anmelden
    .text = Bei Ihrem Kundenkonto von { $provider }
sign-in-login = E-Mail-Adresse oder Kundennummer
sign-in-password = Passwort
sign-in-submit = Anmelden
sign-in-aside = Ohne Konto
sign-in-new = Noch kein Konto?
    .text = Mit einem Konto sehen Sie Ihre Daten und Nachrichten an einem Ort. Es dauert zwei Minuten.
sign-in-stuck = Klappt es nicht?
    .text = Rufen Sie uns an:
sign-in-wrong = Die Anmeldung hat nicht geklappt. Bitte prüfen Sie E-Mail-Adresse oder Kundennummer und Passwort.
sign-in-wait = Das waren viele Versuche hintereinander. Bitte warten Sie { $seconds ->
        [one] eine Sekunde
       *[other] { $seconds } Sekunden
    } und versuchen Sie es dann noch einmal.
sign-in-wait-long = Das waren viele Versuche hintereinander. Bitte warten Sie { $minutes } Minuten und versuchen Sie es dann noch einmal.

notice-signed-out = Sie sind abgemeldet.
notice-customer-switched = Sie handeln jetzt für einen anderen Kunden.

## Account overview

account = Kontoübersicht
account-hello = Guten Tag, { $name }.
account-open = Auf einen Blick
account-contact = Kontaktdaten
account-billing = Rechnungsadresse
account-delivery = Lieferadresse
account-no-address = Noch keine Adresse hinterlegt.

## Address book

addresses = Adressbuch
    .text = Wohin Rechnungen und Lieferungen gehen.
addresses-empty = Ihr Adressbuch ist noch leer. Die erste Adresse gilt für Rechnungen und Lieferungen.
address-new = Neue Adresse eingeben
address-change = Adresse ändern
address-edit = Ändern
address-delete = Löschen
address-is-billing = Standard-Rechnungsadresse
address-is-delivery = Standard-Lieferadresse

address-first-name = Vorname
address-last-name = Nachname
address-company = Firma
address-street = Straße und Hausnummer
address-extra = Adresszusatz
address-postcode = Postleitzahl
address-town = Ort
address-country = Land
address-phone = Telefon
address-billing = Als Standard-Rechnungsadresse verwenden
address-delivery = Als Standard-Lieferadresse verwenden
address-submit = Änderungen speichern

address-stale = Diese Adresse wurde inzwischen geändert. Ihre Angaben stehen noch im Formular; wenn Sie noch einmal speichern, gelten sie.
address-stored = Jetzt gespeichert
address-remove = Adresse löschen?
    .text = Bestellungen und Rechnungen behalten die Adresse, mit der sie entstanden sind.
address-remove-submit = Adresse löschen
address-keep = Diese Adresse ist ein Standard
    .text = Eine Standardadresse lässt sich nicht löschen. Machen Sie zuerst eine andere Adresse zum Standard.
address-back = Zum Adressbuch

notice-address-saved = Die Adresse ist gespeichert.
notice-address-deleted = Die Adresse ist gelöscht.

fault-address-default = Eine Adresse muss der Standard sein. Öffnen Sie die andere Adresse und setzen Sie dort dieses Häkchen.
fault-addresses-full = Ihr Adressbuch ist voll. Bitte löschen Sie zuerst eine Adresse, die Sie nicht mehr brauchen.
postcode-missing = Bitte geben Sie eine Postleitzahl ein.
postcode-de = Bitte geben Sie eine Postleitzahl mit fünf Ziffern ein.
postcode-at = Bitte geben Sie eine Postleitzahl mit vier Ziffern ein, wie sie in Österreich üblich ist.
postcode-ch = Bitte geben Sie eine Postleitzahl mit vier Ziffern ein, wie sie in der Schweiz üblich ist.
postcode-li = Bitte geben Sie eine Postleitzahl aus Liechtenstein ein, von 9485 bis 9498.
postcode-form = Diese Postleitzahl passt nicht zum gewählten Land. Bitte prüfen Sie beides.
postcode-other = Bitte geben Sie die Postleitzahl mit Buchstaben und Ziffern ein, höchstens 12 Zeichen.

## Customers on the desk

customer-kind-private = Privatperson
customer-kind-company = Unternehmen
customer-kind-public = Öffentliche Stelle
customer-company = Firma
customer-salutation = Anrede
customer-person = Ansprechperson
customer-phone = Telefon
customer-mobile = Mobiltelefon
customer-vat-id = USt-IdNr.
customer-language = Sprache
language-de = Deutsch
language-en = Englisch
member-main-owner = Hauptinhaber
member-owner = Inhaber
member-with-rights = Mit einzelnen Berechtigungen

desk-customers = Kunden
desk-customers-filter = Kundennummer, Name, Firma oder E-Mail-Adresse beginnt mit
desk-customers-find = Suchen
desk-customers-none = Kein Kunde passt zu dieser Suche.
desk-customers-empty = Noch gibt es keine Kunden. Wer sich registriert, steht hier.
desk-customer-name = Name
desk-customer-number = Kundennummer
desk-customer-kind = Art
desk-customer-email = E-Mail-Adresse
desk-customer-since = Kunde seit
desk-customer-file = Kundenakte
desk-customer-overview = Übersicht
desk-customer-master = Stammdaten
desk-customer-members = Benutzer
desk-customer-no-members = Für diesen Kunden kann sich niemand anmelden.
desk-customer-addresses = Adressen
desk-customer-no-addresses = Noch keine Adresse hinterlegt.
desk-member-name = Name
desk-member-role = Rolle
desk-member-since = Dabei seit
desk-member-unproven = Nicht bestätigt
