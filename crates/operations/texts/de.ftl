## Start page

today-nav = Übersicht
today-hello = Guten Tag, { $name }.
today-new = { $name }: neu
today-mails-dead = E-Mails nicht zustellbar
today-mails-waiting = E-Mails unterwegs
today-mails-failed = E-Mails vor neuem Versuch
today-jobs-dead = Aufgaben gescheitert
today-jobs-waiting = Aufgaben wartend
today-look = Bitte ansehen
today-last = Zuletzt geschehen
today-log = Zum Protokoll
today-nothing = Für Sie liegt gerade nichts an.

## Search

found-title = Suchen
found-for = Ergebnis für „{ $text }“
found-text = Name, Nummer, E-Mail, Telefon oder Betreff
found-search = Suchen
found-none = Nichts gefunden. Gesucht wird nach dem Anfang: Versuchen Sie es mit weniger Buchstaben.
found-hint = Geben Sie ein, womit ein Name, eine Firma, eine Kundennummer, eine E-Mail-Adresse, eine Telefonnummer oder ein Betreff beginnt. Auch die Nummer einer Nachricht wird gefunden.

## Log

log-nav = Protokoll
log-about = Wer hat wann was getan. Einträge lassen sich weder ändern noch löschen.
log-act = Vorgang
log-what = Was
log-who = Wer
log-customer = Kunde
log-number = Kundennummer
log-from = Von
log-to = Bis
log-at = Zeit
log-detail = Einzelheiten
log-show = Anzeigen
log-filter = Filtern
log-all = Ganzes Protokoll
log-everything = Alles
log-person = Person (E-Mail)
log-thing = Gegenstand
log-id = Kennung
log-reset = Filter entfernen
log-sealed = Versiegelt als Nr. { $number }
log-more = Alles zu diesem Gegenstand
log-export = Protokoll herunterladen
log-export-csv = Als CSV
log-export-jsonl = Als JSON Lines
log-export-most = Bis zu 100.000 Einträge, mit dem Filter von oben. Das Herunterladen steht danach im Protokoll.
log-export-cut = Hier endet die Datei nach 100.000 Einträgen. Wählen Sie einen kürzeren Zeitraum.
log-everybody = Alle
log-none = Hier steht noch nichts.
log-none-found = Kein Eintrag passt. Ändern Sie den Zeitraum oder nehmen Sie einen Filter weg.
log-guest = Ohne Anmeldung
log-system = System
log-gone = Gelöschte Person
log-kind-user = Kunden
log-kind-staff = Mitarbeiter
log-group-address = Adressen
log-group-contact = Kontakte
log-group-mail = E-Mails
log-group-customer = Kundendaten
log-group-member = Benutzer
log-group-message = Nachrichten
log-group-registration = Registrierungen
log-group-session = Anmeldungen
log-group-user = Passwörter
log-group-staff = Mitarbeiter
log-group-job = Aufgaben
log-group-audit = Protokoll
log-thing-address = Adresse
log-thing-contact = Kontakt
log-thing-customer = Kunde
log-thing-job = Aufgabe
log-thing-mail = E-Mail
log-thing-message = Nachricht
log-thing-staff = Mitarbeiter
log-thing-user = Benutzer

## Mails

mails-tab = E-Mails
mails-title = Ausgehende E-Mails
mails-states = Nach Stand
mails-all = Alle
mails-dead = Nicht zustellbar
mails-failed = Neuer Versuch folgt
mails-queued = Wartend
mails-sent = Gesendet
mails-state-dead = Nicht zustellbar
mails-state-failed = Neuer Versuch folgt
mails-state-queued = Wartet
mails-state-sent = Gesendet
mails-subject = Betreff
mails-to = An
mails-to-begins = E-Mail-Adresse beginnt mit
mails-state = Stand
mails-at = Zeit
mails-none = Es wurde noch keine E-Mail verschickt.
mails-none-found = Keine E-Mail passt. Nehmen Sie einen Filter weg oder kürzen Sie die Adresse.
mails-none-of-customer = Mit diesem Kunden gab es noch keine E-Mail.
mails-all-of-customer = Alle ausgehenden E-Mails
mails-body = Text
mails-about = Zu dieser E-Mail
mails-created = Geschrieben
mails-sent-at = Gesendet
mails-attempts = Versuche
mails-error = Letzte Antwort des Mailservers
mails-kind = Art
mails-message-id = Message-ID
mails-resend = Noch einmal senden
mails-log = Im Protokoll ansehen
mails-underway = Diese E-Mail wird von selbst weiter versucht.
mails-link-gone = Diese E-Mail enthielt einen Link, der nicht mehr gilt. Einen neuen gibt es nur dort, wo er angefordert wird.
notice-mail-resent = Die E-Mail ist noch einmal auf dem Weg.
notice-mail-underway-warn = Die E-Mail ist schon unterwegs.
notice-mail-link-gone-warn = Der Link in dieser E-Mail gilt nicht mehr, sie wurde nicht gesendet.

## Jobs

work-nav = Vorgänge
work-jobs = Aufgaben
work-title = Aufgaben im Hintergrund
work-about = Erledigte Aufgaben verschwinden. Gescheiterte bleiben stehen, bis jemand sie neu startet oder verwirft.
work-states = Nach Stand
work-dead = Gescheitert
work-waiting = Wartend
work-running = Laufend
work-state-dead = Gescheitert
work-state-waiting = Wartet
work-state-running = Läuft
work-kind = Aufgabe
work-attempts = Versuche
work-of = { $done } von { $most }
work-created = Angelegt
work-run = Nächster Lauf
work-ended = Gescheitert am
work-act = Aktion
work-restart = Neu starten
work-discard = Verwerfen
    .ask = Die Aufgabe wird dann nie mehr erledigt.
work-none-dead = Keine Aufgabe ist gescheitert.
work-none = Zurzeit steht hier keine Aufgabe.
notice-job-restarted = Die Aufgabe ist neu gestartet.
notice-job-discarded = Die Aufgabe ist verworfen.
notice-job-not-dead-warn = Diese Aufgabe läuft schon wieder oder ist erledigt.

job-mail-send = E-Mail senden
job-mail-wipe-expired = Abgelaufene Links löschen
job-mail-forget-strangers = E-Mails an Unbekannte löschen
job-event = Ereignis verteilen
job-event-deliver = Ereignis verarbeiten
job-identity-sweep = Abgelaufene Anmeldungen löschen
job-web-sweep-forms = Abgesendete Formulare vergessen
job-operations-seal-log = Protokoll versiegeln

## What the log says

act-address-added = Adresse angelegt
act-address-changed = Adresse geändert
act-address-removed = Adresse gelöscht
act-customer-created = Kunde angelegt
act-job-restarted = Aufgabe neu gestartet
act-mail-failed = E-Mail nicht zustellbar
act-mail-resent = E-Mail noch einmal gesendet
act-member-added = Benutzer hinzugefügt
act-registration-activated = Registrierung aktiviert
act-session-opened = Angemeldet
act-session-ended = Abgemeldet
act-session-refused = Anmeldung abgelehnt
act-session-customer-switched = Kunde gewechselt
act-staff-added = Mitarbeiter angelegt
act-staff-reset = Zugang zurückgesetzt
act-staff-signed-in = Am Desk angemeldet
act-staff-signed-out = Am Desk abgemeldet
act-staff-sign-in-failed = Anmeldung am Desk abgelehnt
act-staff-code-failed = Falscher Code am Desk
act-staff-password-set = Passwort am Desk gesetzt
act-staff-second-factor-set-up = Zweiten Faktor eingerichtet
act-user-password-set = Passwort gesetzt
act-job-discarded = Aufgabe verworfen
act-audit-exported = Protokoll heruntergeladen
act-user-totp-on = Authenticator-App eingerichtet
act-user-totp-off = Authenticator-App entfernt
act-user-code-failed = Falscher Code
act-user-recovery-codes-made = Wiederherstellungscodes erzeugt
act-user-recovery-code-used = Wiederherstellungscode verwendet
act-user-second-factor-required = Zweiten Faktor vorgeschrieben
act-user-second-factor-optional = Zweiten Faktor freigestellt
act-user-second-factor-cleared = Zweiten Faktor aufgehoben
act-factor-reset-requested = Aufhebung des zweiten Faktors beantragt
act-factor-reset-confirmed = Aufhebung des zweiten Faktors bestätigt
act-factor-reset-stopped = Aufhebung des zweiten Faktors gestoppt
act-passkey-added = Passkey angelegt
act-passkey-renamed = Passkey umbenannt
act-passkey-removed = Passkey entfernt
act-passkey-refused = Passkey abgelehnt
act-device-ended = Gerät abgemeldet
act-device-others-ended = Alle anderen Geräte abgemeldet
act-session-by-passkey = Mit Passkey angemeldet
act-staff-recovery-code-used = Wiederherstellungscode am Desk verwendet

## The customer's mail history

history-nav = E-Mail-Verlauf
history-about = Alle E-Mails zwischen Ihnen und uns. Links, mit denen man sich anmelden kann, stehen hier nicht.
history-stand = Stand
history-all = Alle
history-sent = Gesendet
history-underway = Unterwegs
history-failed = Nicht zustellbar
    .help = Der Mailserver der Adresse hat diese E-Mail nicht angenommen. Bitte prüfen Sie, ob die Adresse noch stimmt.
history-none = Zwischen Ihnen und uns gab es noch keine E-Mail.
history-none-found = Keine E-Mail passt. Wählen Sie einen anderen Stand oder einen längeren Zeitraum.
