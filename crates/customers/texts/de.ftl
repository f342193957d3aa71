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
start-account = Ihr Konto
start-profile = Ihr Profil
start-acting = Sie handeln für { $name }, Kundennummer { $number }.
start-nobody = Sie gehören noch zu keinem Kunden. Wer Sie einlädt, schickt Ihnen einen Link.
start-new-items = { $count } neu

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
mail-known-reset = Sie wissen Ihr Passwort nicht mehr? Hier bekommen Sie ein neues:
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

sign-in-passkey = Mit Passkey anmelden
sign-in-or = oder
sign-in-code = Code eingeben
    .app = { $name }, öffnen Sie Ihre Authenticator-App und geben Sie den Code ein, den sie gerade zeigt.
    .passkey = { $name }, bestätigen Sie die Anmeldung mit Ihrem Passkey oder einem Wiederherstellungscode.
sign-in-code-code = Code
    .help = Sechs Ziffern aus der App oder einer Ihrer Wiederherstellungscodes.
sign-in-code-passkey = Mit Passkey bestätigen
sign-in-code-wrong = Dieser Code stimmt nicht oder wurde schon verwendet.
sign-in-code-lost = App, Passkey und Wiederherstellungscodes verloren? Rufen Sie uns an.
sign-in-code-other = Mit einem anderen Konto anmelden

notice-signed-out = Sie sind abgemeldet.

confirm = Bitte bestätigen Sie, dass Sie es sind
    .text = { $name }, Ihre Anmeldung liegt etwas zurück. Dafür brauchen wir noch einmal Ihr Passwort.
confirm-password = Passwort
confirm-code = Code aus Ihrer App oder Wiederherstellungscode
confirm-submit = Bestätigen
confirm-passkey = Mit Passkey bestätigen

forgotten = Passwort vergessen
    .text = Wir schicken Ihnen eine E-Mail mit einem Link, über den Sie ein neues Passwort wählen.
forgotten-login = E-Mail-Adresse oder Kundennummer
forgotten-submit = Link anfordern
forgotten-asked = Bitte sehen Sie in Ihr Postfach
    .text = Wenn wir Sie unter diesen Angaben kennen, ist eine E-Mail mit einem Link zu Ihnen unterwegs. Er gilt 30 Minuten.
forgotten-asked-missing = Nichts angekommen? Sehen Sie im Spam-Ordner nach und prüfen Sie, ob die Angabe richtig geschrieben war.
forgotten-asked-sign-in = Zur Anmeldung
forgotten-asked-again = Noch einmal anfordern
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

## The customer's own data

account-edit = Konto bearbeiten
    .text = Ihr Name und womit Sie sich anmelden.
account-edit-first-name = Vorname
account-edit-last-name = Nachname
    .help = Ihr Name als Vertragspartner.
account-edit-email = E-Mail-Adresse
    .help = Mit dieser Adresse melden Sie sich an. Eine neue gilt, sobald Sie den Link in der E-Mail an sie geöffnet haben.
account-edit-change-password = Passwort ändern
account-edit-current-password = Aktuelles Passwort
account-edit-new-password = Neues Passwort
    .help = Mindestens 12 Zeichen. Gut sind vier Wörter, die nichts miteinander zu tun haben.
account-edit-new-password-repeat = Neues Passwort wiederholen
account-edit-more = Firma, Telefon und Rechnungsadresse ändern Sie hier:
notice-account-saved = Ihre Angaben sind gespeichert.
notice-account-saved-proof = Ihre Angaben sind gespeichert. Die neue E-Mail-Adresse gilt, sobald Sie den Link öffnen, den wir dorthin geschickt haben.

customer-data = Kontodetails
    .text = Wer unser Vertragspartner ist und wie wir ihn erreichen.
customer-data-more = Dazu gehört auch
customer-data-sign-in = Anmeldung
    .text = Ihre E-Mail-Adresse und Ihr Passwort ändern Sie an anderer Stelle.
customer-kind = Art
customer-kind-since = Art angegeben am
customer-first-name = Vorname
customer-last-name = Nachname
customer-billing-email = E-Mail-Adresse für Rechnungen
customer-locale = Sprache
customer-stale = Diese Angaben wurden inzwischen geändert. Ihre stehen noch im Formular; wenn Sie noch einmal speichern, gelten sie.
customer-stored = Jetzt gespeichert
notice-record-saved = Die Angaben sind gespeichert.
fault-company-private = Eine Firma gehört zu einem Unternehmen oder einer öffentlichen Stelle. Bitte wählen Sie diese Art, oder lassen Sie das Feld leer.
fault-company-public = Bitte geben Sie den Namen der öffentlichen Stelle ein.
fault-vat-private = Eine USt-IdNr. haben nur Unternehmen und öffentliche Stellen. Bitte prüfen Sie die Art, oder lassen Sie das Feld leer.

## Contacts

contacts = Kontakte
    .text = Weitere Personen und Postfächer, die E-Mails von uns bekommen.
contacts-empty = Noch gibt es keine Kontakte. Tragen Sie zum Beispiel das Postfach Ihrer Buchhaltung ein.
contact-new = Neuer Kontakt
contact-change = Kontakt ändern
contact-edit = Ändern
contact-delete = Löschen
contact-name = Name
    .help = Eine Person oder ein gemeinsames Postfach.
contact-email = E-Mail-Adresse
contact-phone = Telefon
contact-kinds = Diese E-Mails gehen auch dorthin
contact-general = Allgemeines
    .short = Allgemeines
    .help = Neuigkeiten zu Ihrem Konto.
contact-invoices = Rechnungen
    .short = Rechnungen
    .help = Rechnungen und Erinnerungen daran.
contact-support = Support
    .short = Support
    .help = Was in Ihren Tickets geschrieben wird, und dass wir auf eine Nachricht geantwortet haben.
contact-services = Dienste
    .short = Dienste
    .help = Wartung und Änderungen an Ihren Diensten.
contact-domains = Domains
    .short = Domains
    .help = Verlängerung und Umzug von Domains.
contact-aside = Gut zu wissen
    .text = Wir schreiben der Adresse einmal, dass Sie sie eingetragen haben. Wer sie liest, kann sie mit einem Link wieder entfernen. Anmelden kann sich ein Kontakt nicht.
contact-stale = Dieser Kontakt wurde inzwischen geändert. Ihre Angaben stehen noch im Formular; wenn Sie noch einmal speichern, gelten sie.
contact-remove = Kontakt löschen?
    .text = An diese Adresse gehen dann keine E-Mails mehr von uns.
contact-remove-submit = Kontakt löschen
notice-contact-saved = Der Kontakt ist gespeichert.
notice-contact-deleted = Der Kontakt ist gelöscht.
fault-contact-kinds = Bitte wählen Sie mindestens eine Art von E-Mails.
fault-contacts-full = Es sind schon sehr viele Kontakte. Bitte löschen Sie zuerst einen, den Sie nicht mehr brauchen.
fault-contact-twice = Diese Adresse gehört schon zu einem Ihrer Kontakte.
fault-contact-stopped = Unter dieser Adresse möchte man keine E-Mails zu Ihrem Konto. Bitte nehmen Sie eine andere.
fault-contact-too-many = Wir haben in der letzten Stunde schon mehrere E-Mails verschickt. Bitte versuchen Sie es später noch einmal.

contact-stop = Adresse entfernen
contact-stop-ask = { $customer } hat die Adresse { $email } als Kontakt eingetragen. Möchten Sie sie entfernen?
contact-stop-submit = Adresse entfernen
contact-stop-done = Die Adresse ist entfernt
    .text = Sie bekommt keine E-Mails mehr zu diesem Konto und kann dort nicht wieder eingetragen werden.
contact-stop-dead = Diesen Link kennen wir nicht
    .text = Vielleicht ist er nicht vollständig angekommen. Kopieren Sie ihn noch einmal ganz aus der E-Mail.

mail-contact-subject = Sie wurden als Kontakt eingetragen
mail-contact-text = { $customer } hat diese Adresse bei { $provider } als Kontakt eingetragen. Dorthin gehen künftig E-Mails dieser Art:
mail-contact-stop = Möchten Sie das nicht? Mit diesem Link entfernen Sie die Adresse:
mail-contact-nothing = Sonst müssen Sie nichts tun.

## Invitations

invitation = Einladung
invitation-customer = Kunde
invitation-new = Nennen Sie Ihren Namen und wählen Sie ein Passwort, dann ist Ihr Zugang bereit.
invitation-invited = Sie können künftig für diesen Kunden handeln. Ihre übrigen Kunden bleiben, wie sie sind.
invitation-guest = Zu { $email } gibt es schon einen Zugang. Melden Sie sich damit an, dann können Sie die Einladung annehmen.
invitation-other = Diese Einladung gilt für { $email }. Sie sind mit einer anderen Adresse angemeldet.
    .how = Gehört die Adresse auch Ihnen, nehmen Sie sie in Ihrem Profil auf und bestätigen sie. Oder melden Sie sich ab und öffnen Sie den Link noch einmal.
invitation-sign-out = Abmelden
invitation-submit = Einladung annehmen
newcomer-first-name = Vorname
newcomer-last-name = Nachname
newcomer-password = Passwort
    .help = Mindestens 12 Zeichen. Gut sind vier Wörter, die nichts miteinander zu tun haben.
newcomer-password-repeat = Passwort wiederholen
newcomer-submit = Einladung annehmen
invitation-used = Diese Einladung wurde schon angenommen
    .text = Sie können sich anmelden. Waren Sie das nicht, sprechen Sie uns bitte an.
invitation-expired = Diese Einladung gilt nicht mehr
    .text = Sie ist älter als sieben Tage, wurde zurückgenommen, oder es gibt eine neuere. Nehmen Sie den Link aus der neuesten E-Mail, oder bitten Sie uns um eine neue.
invitation-unknown = Diese Einladung kennen wir nicht
    .text = Vielleicht ist der Link nicht vollständig angekommen. Kopieren Sie ihn noch einmal ganz aus der E-Mail.
notice-invitation-accepted = Sie handeln jetzt für diesen Kunden.

mail-invitation-subject = Ihre Einladung zum Kundenportal
mail-invitation-own = { $provider } hat ein Kundenkonto für Sie eingerichtet.
mail-invitation-text = { $provider } lädt Sie ein, im Kundenportal für diesen Kunden zu handeln.
mail-invitation-open = Öffnen Sie diesen Link, um die Einladung anzunehmen:
mail-invitation-good-for = Der Link gilt sieben Tage und nur einmal.
mail-invitation-not-you = Erwarten Sie keine Einladung? Dann tun Sie nichts. Ohne den Link entsteht kein Zugang.

## The customer file

desk-customer-edit = Stammdaten ändern
desk-notes = Notizen
desk-members = Benutzer
desk-addresses = Adressen
desk-contacts = Kontakte
desk-no-contacts = Dieser Kunde hat keine Kontakte eingetragen.
desk-names = Frühere Namen
desk-name-old = Bisher
desk-name-new = Seitdem
desk-name-who = Geändert von
desk-name-at = Geändert am

note-text = Neue Notiz
    .help = Sieht nur, wer am Desk arbeitet.
note-pinned = Oben anheften
note-submit = Notiz speichern
note-change = Notiz ändern
note-edit = Ändern
note-pin = Anheften
note-unpin = Lösen
note-internal = Intern
note-is-pinned = angeheftet
note-changed = Geändert:
note-none = Noch gibt es keine Notizen.
note-on-top = Angeheftete Notizen
note-none-on-top = Nichts angeheftet.
note-all = Alle Notizen
notice-note-saved = Die Notiz ist gespeichert.
notice-note-pinned = Die Notiz steht jetzt oben.
notice-note-unpinned = Die Notiz steht wieder bei den anderen.
warning-warning = Warnhinweis
    .help = Eine Zeile, die über der Akte steht. Leer: kein Hinweis.
notice-warning-saved = Der Warnhinweis ist gespeichert.

member-holds = Rolle
member-holds-owner = Inhaber: darf alles
member-holds-rights = Mit einzelnen Berechtigungen
member-rights = Berechtigungen
member-account-view = Konto ansehen
member-account-edit = Konto und Kontodetails ändern
member-addresses = Adressbuch
member-users = Benutzer verwalten
member-contacts = Kontakte
member-messages = Nachrichten
member-tickets = Tickets
member-mails = E-Mail-Verlauf
member-email = E-Mail-Adresse
    .help = An diese Adresse geht die Einladung; nur wer sie liest, kann sie annehmen.
member-first-name = Vorname
member-last-name = Nachname
member-locale = Sprache der E-Mail
fault-member-rights = Bitte wählen Sie mindestens eine Berechtigung, oder machen Sie daraus einen Inhaber.
member-main-owner-all = Ein Hauptinhaber hat alle Berechtigungen, und die Kundennummer meldet ihn an. Soll sich das ändern, machen Sie zuerst jemand anderen zum Hauptinhaber.
member-acts = Handlungen
member-access = Zugang
member-reset = Link für neues Passwort senden
member-sign-out = Auf allen Geräten abmelden
member-ship = Mitgliedschaft
member-make-main = Zum Hauptinhaber machen
    .text = Die Kundennummer meldet dann diesen Benutzer an. Wer es bisher war, bleibt Inhaber.
    .submit = Zum Hauptinhaber machen
member-remove = Aus dem Konto entfernen
    .text = Der Benutzer kann dann nicht mehr für diesen Kunden handeln. Sein eigener Zugang bleibt.
    .submit = Entfernen
notice-member-saved = Die Berechtigungen gelten ab sofort.
notice-member-removed = Der Benutzer ist entfernt.
notice-main-owner-set = Der Hauptinhaber ist geändert.
notice-main-owner-stays-warn = Der Hauptinhaber bleibt. Machen Sie zuerst jemand anderen dazu.
notice-reset-sent = Der Link ist unterwegs. Er gilt 30 Minuten.
notice-reset-no-address-warn = Dieser Benutzer hat keine bestätigte E-Mail-Adresse.
notice-reset-too-many-warn = An diese Adresse gingen in der letzten Stunde schon mehrere E-Mails. Bitte versuchen Sie es später noch einmal.
notice-sessions-ended = Der Benutzer ist überall abgemeldet.

factor-desk = Zwei-Faktor-Authentifizierung
factor-desk-on = Eingerichtet
factor-desk-off = Nicht eingerichtet
factor-desk-require = Verlangen
factor-desk-not-required = Nicht mehr verlangen
factor-desk-lost = Zweiten Faktor verloren
    .text = Wir schreiben an alle bestätigten Adressen des Benutzers. Jemand anderes aus dem Team muss bestätigen. Nach drei Tagen wird der zweite Faktor entfernt, wenn der Benutzer nicht widerspricht.
    .submit = Entfernen anfragen
factor-desk-asked = Entfernen angefragt am
factor-desk-due = Wird entfernt am
factor-desk-second = Jemand anderes aus dem Team muss bestätigen.
factor-desk-confirm = Entfernen bestätigen
factor-desk-stop = Anfrage zurücknehmen
notice-factor-required = Der Benutzer richtet beim nächsten Aufruf einen zweiten Faktor ein.
notice-factor-optional = Ein zweiter Faktor wird nicht mehr verlangt.
notice-factor-asked = Die Anfrage steht. Jemand anderes aus dem Team muss sie bestätigen.
notice-factor-confirmed = Bestätigt. Der zweite Faktor wird nach drei Tagen entfernt.
notice-factor-stopped = Die Anfrage ist zurückgenommen.
notice-factor-open-warn = Dazu gibt es schon eine Anfrage.
notice-factor-nothing-warn = Hier gibt es nichts zu entfernen.
notice-factor-same-warn = Wer angefragt hat, kann nicht selbst bestätigen.

invite = Benutzer einladen
    .text = Wer eingeladen wird, kann danach für { $name } handeln.
invite-submit = Einladung senden
offer-main-owner = Hauptinhaber
offer-owner = Inhaber
offer-rights = Mit einzelnen Berechtigungen
desk-invitations = Offene Einladungen
desk-invitation-sent = Gesendet
desk-invitation-until = Gültig bis
desk-invitation-expired = Abgelaufen
desk-invitation-acts = Handlungen
desk-invitation-again = Noch einmal senden
desk-invitation-withdraw = Zurücknehmen
notice-invited = Die Einladung ist unterwegs. Sie gilt sieben Tage.
notice-invitation-withdrawn = Die Einladung ist zurückgenommen.
notice-invite-too-many-warn = An diese Adresse gingen in der letzten Stunde schon mehrere E-Mails. Bitte versuchen Sie es später noch einmal.
fault-invite-member = Wer diese Adresse hat, gehört schon zu diesem Kunden.
fault-invite-open = Zu dieser Adresse gibt es eine offene Einladung. Sie können sie noch einmal senden.
fault-invite-too-many = An diese Adresse gingen in der letzten Stunde schon mehrere E-Mails. Bitte versuchen Sie es später noch einmal.

new-file = Neuer Kunde
    .text = Der Kunde bekommt eine Nummer, und wer ihn führt, eine Einladung per E-Mail.
new-file-kind = Art
new-file-company = Firma
new-file-salutation = Anrede
new-file-first-name = Vorname
new-file-last-name = Nachname
new-file-email = E-Mail-Adresse
    .help = Dorthin gehen die Einladung und die Rechnungen.
new-file-phone = Telefon
new-file-locale = Sprache
new-file-street = Straße und Hausnummer
new-file-extra = Adresszusatz
new-file-postcode = Postleitzahl
new-file-town = Ort
new-file-country = Land
new-file-submit = Anlegen und einladen
notice-customer-made = Der Kunde ist angelegt, die Einladung ist unterwegs.
fault-address-part = Bitte geben Sie die Adresse ganz ein, oder lassen Sie Straße, Postleitzahl und Ort leer.

act-contact-added = Kontakt angelegt
act-contact-changed = Kontakt geändert
act-contact-removed = Kontakt gelöscht
act-contact-stopped = Kontakt hat sich selbst entfernt
act-customer-changed = Stammdaten geändert
act-customer-warning-set = Warnhinweis gesetzt
act-customer-warning-removed = Warnhinweis entfernt
act-customer-note-added = Notiz geschrieben
act-customer-note-changed = Notiz geändert
act-customer-note-pinned = Notiz angeheftet
act-customer-note-unpinned = Notiz gelöst
act-member-changed = Berechtigungen geändert
act-member-main-owner-set = Hauptinhaber geändert
act-member-removed = Benutzer entfernt
act-member-invited = Benutzer eingeladen
act-member-invited-again = Einladung noch einmal gesendet
act-member-invitation-withdrawn = Einladung zurückgenommen
act-member-accepted = Einladung angenommen
act-user-sessions-ended = Überall abgemeldet
