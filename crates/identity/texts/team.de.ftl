## Staff, as their managers see them

team = Mitarbeiter
    .about = Wer am Desk arbeitet, mit welcher Rolle, und wo jemand angemeldet ist.
team-new = Mitarbeiter einladen
    .about = Die Person bekommt eine E-Mail mit einem Link. Er gilt 24 Stunden; damit legt sie Passwort und zweiten Faktor fest.
team-name = Name
team-email = E-Mail-Adresse
team-role = Rolle
team-stand = Zustand
team-stand-active = Aktiv
team-stand-invited = Eingeladen
team-stand-locked = Gesperrt
team-factor = Zweiter Faktor
team-factor-there = Eingerichtet
team-factor-missing = Fehlt
team-seen = Zuletzt am Desk
team-never = Noch nie
team-since = Seit
team-act = Aktion
team-invite = Einladung senden
team-change-role = Rolle ändern
team-save-role = Rolle ändern
team-own = Ihre eigene Rolle und Ihren Zugang kann nur jemand anderes ändern.
team-own-page = Ihre Anmeldungen finden Sie unter „Mein Zugang“.
team-about-one = Zu dieser Person
team-places = Anmeldungen
team-no-places = Zurzeit nicht angemeldet.
team-device = Gerät
team-this = Dieses Gerät
team-end = Abmelden
team-end-all = Überall abmelden
team-end-others = Alle anderen abmelden
team-access = Zugang
team-again = Neuen Link senden
    .about = Die Einladung wurde noch nicht angenommen. Ein neuer Link gilt 24 Stunden, der bisherige gilt dann nicht mehr.
team-reset = Passwort und zweiten Faktor zurücksetzen
    .about = Beides gilt sofort nicht mehr, alle Anmeldungen enden. Die Person bekommt per E-Mail einen Link, mit dem sie beides neu festlegt.
    .do = Zurücksetzen
team-lock = Sperren
    .about = Die Person wird sofort überall abgemeldet und kann sich nicht mehr anmelden. Was sie getan hat, bleibt im Protokoll.
    .do = Zugang sperren
team-unlock = Freigeben
    .about = Der Zugang ist gesperrt. Nach der Freigabe gelten Passwort und zweiter Faktor wie vorher.
fault-team-taken = Mit dieser Adresse arbeitet schon jemand am Desk.
fault-team-more = Diese Rolle enthält Rechte, die Sie selbst nicht haben.
fault-team-own = Ihre eigene Rolle kann nur jemand anderes ändern.
fault-team-last = Mindestens eine Person muss die Verwaltung behalten.
notice-team-invited = Die Einladung ist unterwegs.
notice-team-role = Die Rolle ist geändert.
notice-team-access = Der Zugang ist zurückgesetzt, der Link ist unterwegs.
notice-team-locked = Der Zugang ist gesperrt.
notice-team-unlocked = Der Zugang ist freigegeben.
notice-team-ended = Abgemeldet.
notice-team-own-warn = Ihren eigenen Zugang kann nur jemand anderes ändern.
notice-team-last-warn = Mindestens eine Person muss die Verwaltung behalten.

## One's own page at the desk

desk-own = Mein Zugang
desk-own-more = Weitere Einstellungen
desk-own-password-title = Passwort ändern
    .about = Danach sind Sie auf allen anderen Geräten abgemeldet.
desk-own-current = Aktuelles Passwort
desk-own-password = Neues Passwort
    .help = Mindestens 12 Zeichen. Gut sind mehrere Wörter, die nichts miteinander zu tun haben.
desk-own-password-repeat = Neues Passwort wiederholen
desk-own-save-password = Passwort ändern
desk-own-language-title = Sprache
desk-own-language = Sprache der Seiten und E-Mails
desk-own-save-language = Sprache ändern
desk-codes-draw = Neue Codes erstellen
desk-codes-confirm = Ihr Passwort
desk-codes = Wiederherstellungscodes
    .about = Mit einem solchen Code melden Sie sich an, wenn Ihr Telefon fehlt. Jeder gilt einmal.
    .left = { $count ->
        [0] Zurzeit gibt es keine.
        [one] Ein Code ist noch übrig.
       *[other] { $count } Codes sind noch übrig.
    }
    .shown = Diese zehn Codes sehen Sie nur jetzt. Drucken Sie sie aus oder legen Sie sie in Ihren Passwortspeicher. Frühere Codes gelten nicht mehr.
    .kept = Ich habe sie verwahrt
notice-desk-own-password = Ihr Passwort ist geändert, alle anderen Geräte sind abgemeldet.
notice-desk-own-language = Die Sprache ist geändert.

## Mails with a link for a colleague

mail-staff-invitation-subject = Ihr Zugang zum Desk
mail-staff-invitation-text = Sie arbeiten ab jetzt am Desk von { $provider } mit. Öffnen Sie diesen Link, um Ihr Passwort und Ihren zweiten Faktor festzulegen:
mail-staff-access-subject = Ihr Zugang zum Desk wurde zurückgesetzt
mail-staff-access-text = Ihr Passwort und Ihr zweiter Faktor am Desk von { $provider } gelten nicht mehr. Öffnen Sie diesen Link, um beides neu festzulegen:
mail-staff-button = Zugang einrichten
mail-staff-link = Falls die Schaltfläche nicht geht, kopieren Sie diesen Link in Ihren Browser:
mail-staff-good-for = Der Link gilt 24 Stunden und nur einmal. Haben Sie diese E-Mail nicht erwartet, fragen Sie bitte die Verwaltung.

## What the log says

act-staff-invited-again = Neue Einladung geschickt
act-staff-role-changed = Rolle geändert
act-staff-deactivated = Zugang gesperrt
act-staff-activated = Zugang freigegeben
act-staff-sessions-ended = Am Desk abgemeldet (durch andere oder auf anderen Geräten)
act-staff-password-refused = Falsches Passwort beim Ändern
act-staff-language-changed = Sprache geändert
act-staff-recovery-codes-made = Wiederherstellungscodes erstellt
