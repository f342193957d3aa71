## Start page

today-nav = Übersicht
today-hello = Guten Tag, { $name }.
today-new = { $name }: neu
today-mails-dead = E-Mails nicht zustellbar
today-mails-waiting = E-Mails unterwegs
today-jobs-dead = Vorgänge gescheitert
today-jobs-waiting = Vorgänge wartend
today-look = Bitte ansehen
today-last = Zuletzt geschehen
today-log = Zum Protokoll
today-nothing = Für Sie liegt gerade nichts an.

## Search

found-title = Suchen
found-for = Ergebnis für „{ $text }“
found-text = Name, Firma, Kundennummer, E-Mail-Adresse oder Betreff
found-search = Suchen
found-none = Nichts gefunden. Gesucht wird nach dem Anfang: Versuchen Sie es mit weniger Buchstaben.
found-hint = Geben Sie ein, womit ein Name, eine Firma, eine Kundennummer, eine E-Mail-Adresse oder ein Betreff beginnt.

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
log-everybody = Alle
log-none = Hier steht noch nichts.
log-none-found = Kein Eintrag passt. Ändern Sie den Zeitraum oder nehmen Sie einen Filter weg.
log-guest = Ohne Anmeldung
log-system = System
log-gone = Gelöschte Person
log-kind-user = Kunden
log-kind-staff = Mitarbeiter
log-group-address = Adressen
log-group-mail = E-Mails
log-group-customer = Kundendaten
log-group-member = Benutzer
log-group-message = Nachrichten
log-group-registration = Registrierungen
log-group-session = Anmeldungen
log-group-user = Passwörter
log-group-staff = Mitarbeiter
log-group-job = Aufgaben

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
mails-none-of-customer = An diesen Kunden ging noch keine E-Mail.
mails-all-of-customer = Alle E-Mails
mails-body = Text
mails-about = Zu dieser E-Mail
mails-created = Geschrieben
mails-sent-at = Gesendet
mails-attempts = Versuche
mails-error = Letzte Antwort des Mailservers
mails-kind = Art
mails-message-id = Message-ID
mails-resend = Noch einmal senden
mails-underway = Diese E-Mail wird von selbst weiter versucht.
mails-link-gone = Diese E-Mail enthielt einen Link, der nicht mehr gilt. Einen neuen gibt es nur dort, wo er angefordert wird.
notice-mail-resent = Die E-Mail ist noch einmal auf dem Weg.
notice-mail-underway-warn = Die E-Mail ist schon unterwegs.
notice-mail-link-gone-warn = Der Link in dieser E-Mail gilt nicht mehr, sie wurde nicht gesendet.

## Jobs

work-nav = Vorgänge
work-jobs = Aufgaben
work-title = Aufgaben im Hintergrund
work-about = Erledigte Aufgaben verschwinden. Gescheiterte bleiben stehen, bis jemand sie neu startet.
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
work-act = Aktion
work-restart = Neu starten
work-none-dead = Keine Aufgabe ist gescheitert.
work-none = Zurzeit steht hier keine Aufgabe.
notice-job-restarted = Die Aufgabe ist neu gestartet.
notice-job-not-dead-warn = Diese Aufgabe läuft schon wieder oder ist erledigt.

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
