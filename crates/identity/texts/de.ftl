## Roles

role-support = Support
role-accounting = Buchhaltung
role-sales = Verkauf
role-editing = Redaktion
role-admin = Verwaltung

## Passwords, for every page that takes a new one

fault-password-short = Bitte wählen Sie ein Passwort mit mindestens { $min } Zeichen.
fault-password-weak = Dieses Passwort ist leicht zu erraten. Nehmen Sie zum Beispiel vier Wörter, die nichts miteinander zu tun haben.
fault-password-differs = Die beiden Passwörter stimmen nicht überein.
fault-code = Dieser Code stimmt nicht oder wurde schon verwendet. Bitte geben Sie den Code ein, den Ihre App gerade zeigt.

## Sign-in at the desk

desk-sign-in = Anmelden
    .lead = Für Mitarbeiterinnen und Mitarbeiter von { $provider }
    .lost = Passwort vergessen oder Telefon verloren? Die Verwaltung schickt Ihnen einen neuen Link.
desk-sign-in-email = E-Mail-Adresse
desk-sign-in-password = Passwort
desk-sign-in-submit = Anmelden
desk-sign-in-wrong = E-Mail-Adresse oder Passwort stimmen nicht. Bitte prüfen Sie beides.
desk-sign-in-wait = Das waren viele Versuche hintereinander. Bitte warten Sie { $seconds ->
        [one] eine Sekunde
       *[other] { $seconds } Sekunden
    } und versuchen Sie es dann noch einmal.
desk-sign-in-wait-long = Das waren viele Versuche hintereinander. Bitte warten Sie { $minutes } Minuten und versuchen Sie es dann noch einmal.

desk-code = Code eingeben
    .lead = { $name }, öffnen Sie Ihre Authenticator-App und geben Sie den Code ein, den sie gerade zeigt.
    .lost = Telefon nicht zur Hand? Geben Sie einen Ihrer Wiederherstellungscodes ein.
    .back = Mit einer anderen Adresse anmelden
desk-code-code = Sechsstelliger Code

desk-set-up = Zweiten Faktor einrichten
    .lead = Neben dem Passwort brauchen Sie am Desk immer einen Code aus einer Authenticator-App. Scannen Sie dieses Bild mit der App und geben Sie den Code ein, den sie dann zeigt.
    .picture = QR-Code für Ihre Authenticator-App; der Schlüssel steht darunter auch als Text
    .secret = Lässt sich das Bild nicht scannen, tippen Sie diesen Schlüssel in die App:

desk-invitation = Passwort festlegen
    .lead = Willkommen, { $name }. Mit diesem Passwort und der Adresse { $email } melden Sie sich künftig am Desk an.
desk-password-password = Passwort
    .help = Mindestens 12 Zeichen. Gut sind mehrere Wörter, die nichts miteinander zu tun haben.
desk-password-password-repeat = Passwort wiederholen
desk-password-submit = Weiter

desk-ended = Dieser Link gilt nicht mehr
    .used = Er wurde schon benutzt.
    .expired = Er war nur begrenzte Zeit gültig.
    .unknown = Vielleicht wurde die Adresse nicht vollständig kopiert, oder es gibt inzwischen einen neueren Link.
    .again = Bitten Sie die Verwaltung um einen neuen Link.
    .sign-in = Zur Anmeldung

notice-desk-signed-out = Sie sind abgemeldet.

## Tries, for every page that asks for a password or a code

fault-password-wrong = Dieses Passwort stimmt nicht.
fault-wait = Das waren viele Versuche hintereinander. Bitte warten Sie { $seconds ->
        [one] eine Sekunde
       *[other] { $seconds } Sekunden
    } und versuchen Sie es dann noch einmal.
fault-wait-long = Das waren viele Versuche hintereinander. Bitte warten Sie { $minutes } Minuten und versuchen Sie es dann noch einmal.

## Profile

profile = Ihr Profil
    .text = Ihr Name, Ihre Adressen und wie Sie sich anmelden. Das gilt für Sie selbst, für welchen Kunden Sie auch handeln.
profile-person = Name und Sprache
profile-first-name = Vorname
profile-last-name = Nachname
profile-language = Sprache
    .help = Für diese Seiten und für E-Mails an Sie.
profile-submit = Speichern
profile-emails = E-Mail-Adressen
profile-ways = Anmeldung und Sicherheit
email-address = E-Mail-Adresse
email-state = Stand
email-acts = Aktionen
email-is-primary = Hauptadresse
email-proven = Bestätigt
email-unproven = Noch nicht bestätigt
email-prove-again = Bestätigung erneut senden
email-make-primary = Zur Hauptadresse machen
email-remove-ask = Entfernen

email-new = Adresse hinzufügen
    .text = Wir schicken einen Link an die neue Adresse. Erst wenn Sie ihn geöffnet und bestätigt haben, gilt sie.
email-new-email = E-Mail-Adresse
email-new-submit = Adresse hinzufügen
fault-email-own = Diese Adresse haben Sie schon eingetragen.
fault-emails-full = Mehr Adressen passen nicht. Bitte entfernen Sie zuerst eine, die Sie nicht mehr brauchen.

email-remove = Adresse entfernen?
    .text = Mit { $email } können Sie sich dann nicht mehr anmelden, und wir schreiben nicht mehr dorthin.
email-remove-submit = Adresse entfernen
email-keep = Diese Adresse wird gebraucht
    .text = { $email } ist Ihre Hauptadresse oder die einzige bestätigte. Machen Sie zuerst eine andere bestätigte Adresse zur Hauptadresse.
email-to-profile = Zu Ihrem Profil

email-prove = E-Mail-Adresse bestätigen
    .text = Bestätigen Sie, dass { $email } Ihre Adresse ist.
email-prove-password = Wählen Sie dazu ein neues Passwort; das bisherige gilt dann nicht mehr. Oder melden Sie sich zuerst mit Ihrem Passwort an, dann bleibt es bestehen.
email-prove-sign-in = Anmelden
email-prove-submit = Adresse bestätigen

email-stop = Änderung rückgängig machen
    .text = Danach sind alle Geräte abgemeldet, und Links an noch nicht bestätigte Adressen gelten nicht mehr.
email-stop-email-added = Die Adresse { $email } wird wieder entfernt.
email-stop-email-removed = Die Adresse { $email } kommt zurück.
email-stop-primary-changed = Hauptadresse ist dann wieder { $email }.
email-stop-submit = Änderung rückgängig machen
email-stopped = Die Änderung ist rückgängig gemacht
    .text = Alle Geräte sind abgemeldet.
email-stopped-password = Haben Sie die Änderung nicht selbst veranlasst? Dann kennt jemand Ihr Passwort. Wählen Sie jetzt ein neues.
email-stopped-reset = Neues Passwort wählen

email-ended-used = Dieser Link wurde schon verwendet
    .text = Was er bewirken sollte, ist geschehen.
email-ended-expired = Dieser Link gilt nicht mehr
    .text = Er war nur begrenzte Zeit gültig, oder es gibt inzwischen einen neueren. In Ihrem Profil können Sie einen neuen anfordern.
email-ended-unknown = Diesen Link kennen wir nicht
    .text = Vielleicht ist er nicht vollständig angekommen, oder die Adresse wurde inzwischen entfernt. Kopieren Sie ihn noch einmal ganz aus der E-Mail.

password-change = Passwort ändern
    .text = Alle anderen Geräte werden dabei abgemeldet.
password-change-current-password = Aktuelles Passwort
password-change-new-password = Neues Passwort
    .help = Mindestens 12 Zeichen. Gut sind vier Wörter, die nichts miteinander zu tun haben.
password-change-new-password-repeat = Neues Passwort wiederholen
password-change-submit = Passwort ändern

password-new = Neues Passwort wählen
    .text = Guten Tag, { $name }. Danach sind alle Geräte abgemeldet, und Sie melden sich mit dem neuen Passwort an.
password-new-new-password = Neues Passwort
    .help = Mindestens 12 Zeichen. Gut sind vier Wörter, die nichts miteinander zu tun haben.
password-new-new-password-repeat = Neues Passwort wiederholen
password-new-submit = Passwort speichern
password-ended-used = Dieser Link wurde schon verwendet
    .text = Ihr Passwort wurde damit bereits geändert. Waren Sie das nicht, fordern Sie einen neuen Link an.
password-ended-expired = Dieser Link gilt nicht mehr
    .text = Er gilt 30 Minuten, und nur solange sich Passwort und Adressen nicht ändern. Fordern Sie einen neuen an.
password-ended-unknown = Diesen Link kennen wir nicht
    .text = Vielleicht ist er nicht vollständig angekommen. Kopieren Sie ihn noch einmal ganz aus der E-Mail, oder fordern Sie einen neuen an.
password-ended-again = Neuen Link anfordern
password-ended-sign-in = Zur Anmeldung

notice-profile-saved = Ihr Profil ist gespeichert.
notice-password-changed = Ihr Passwort ist geändert. Alle anderen Geräte sind abgemeldet.
notice-password-changed-sign-in = Ihr Passwort ist geändert. Melden Sie sich jetzt damit an.
notice-email-proof-sent = Bitte sehen Sie in das Postfach der Adresse und öffnen Sie den Link. Er gilt 48 Stunden.
notice-email-proven = Die Adresse ist bestätigt.
notice-email-primary = Die Hauptadresse ist geändert.
notice-email-removed = Die Adresse ist entfernt.
notice-email-unproven-warn = Diese Adresse ist noch nicht bestätigt. Öffnen Sie zuerst den Link in der E-Mail an sie.
notice-email-needed-warn = Diese Adresse wird noch gebraucht. Machen Sie zuerst eine andere zur Hauptadresse.

## Mails

mail-reset-subject = Wählen Sie ein neues Passwort
mail-reset-hello = Guten Tag, { $name },
mail-reset-text = für Ihr Benutzerkonto bei { $provider } wurde ein neues Passwort angefordert. Öffnen Sie diesen Link, um es zu wählen:
mail-reset-by-staff = { $provider } schickt Ihnen diesen Link, damit Sie ein neues Passwort wählen können:
mail-reset-button = Neues Passwort wählen
mail-reset-link = Falls die Schaltfläche nicht geht, kopieren Sie diesen Link in Ihren Browser:
mail-reset-good-for = Der Link gilt 30 Minuten und nur einmal.
mail-reset-not-you = Waren Sie das nicht? Dann tun Sie nichts, Ihr Passwort bleibt, wie es ist.

mail-proof-subject = Bestätigen Sie Ihre E-Mail-Adresse
mail-proof-hello = Guten Tag,
mail-proof-text = diese Adresse wurde in einem Benutzerkonto bei { $provider } eingetragen. Öffnen Sie diesen Link, um sie zu bestätigen:
mail-proof-button = Adresse bestätigen
mail-proof-good-for = Der Link gilt 48 Stunden und nur einmal.
mail-proof-not-you = Waren Sie das nicht? Dann tun Sie nichts. Ohne den Link wird die Adresse nicht verwendet.
mail-taken-subject = Ihre Adresse wurde eingegeben
mail-taken-text = jemand wollte Ihre Adresse in einem anderen Benutzerkonto bei { $provider } eintragen. Sie gehört aber schon zu einem Benutzer, deshalb ist nichts geschehen. Waren Sie es selbst, melden Sie sich mit dieser Adresse an:
mail-taken-button = Zur Anmeldung
mail-taken-reset = Sie wissen Ihr Passwort nicht mehr? Hier bekommen Sie ein neues:
mail-taken-not-you = Waren Sie das nicht? Dann tun Sie nichts.

mail-changed-subject = Ihre Anmeldedaten wurden geändert
mail-changed-hello = Guten Tag, { $name },
mail-changed-password = das Passwort Ihres Benutzerkontos bei { $provider } wurde geändert.
mail-changed-email-added = in Ihrem Benutzerkonto bei { $provider } wurde die Adresse { $email } eingetragen. Sie gilt, sobald sie bestätigt ist.
mail-changed-email-removed = aus Ihrem Benutzerkonto bei { $provider } wurde die Adresse { $email } entfernt.
mail-changed-primary-changed = in Ihrem Benutzerkonto bei { $provider } ist jetzt { $email } die Hauptadresse.
mail-changed-two-factor-on = für Ihr Benutzerkonto bei { $provider } wurde ein zweiter Faktor eingerichtet.
mail-changed-two-factor-off = für Ihr Benutzerkonto bei { $provider } wurde der zweite Faktor abgeschaltet.
mail-changed-passkey-added = in Ihrem Benutzerkonto bei { $provider } wurde ein Passkey hinzugefügt.
mail-changed-passkey-removed = aus Ihrem Benutzerkonto bei { $provider } wurde ein Passkey entfernt.
mail-changed-recovery-codes = für Ihr Benutzerkonto bei { $provider } wurden neue Wiederherstellungscodes erstellt. Die bisherigen gelten nicht mehr.
mail-changed-recovery-code-used = für Ihr Benutzerkonto bei { $provider } wurde einer der Wiederherstellungscodes verwendet. Er gilt nicht mehr.
mail-changed-new-device = in Ihrem Benutzerkonto bei { $provider } hat sich jemand von einem neuen Gerät aus angemeldet.
mail-changed-when = Zeitpunkt: { $at }
mail-changed-device = Gerät: { $device }
mail-changed-not-you = Waren Sie das nicht? Dann wählen Sie bitte gleich ein neues Passwort. Damit sind alle Geräte abgemeldet:
mail-changed-stop = Waren Sie das nicht? Mit diesem Link machen Sie die Änderung rückgängig:
mail-changed-stop-button = Änderung rückgängig machen
mail-changed-stop-good-for = Der Link gilt 72 Stunden. Waren Sie es selbst, brauchen Sie nichts zu tun.

## Acts in the log

act-session-confirmed = Passwort noch einmal eingegeben
act-user-password-refused = Falsches Passwort beim Ändern
act-user-reset-sent = Link für ein neues Passwort gesendet
act-user-profile-changed = Profil geändert
act-user-email-added = E-Mail-Adresse eingetragen
act-user-email-proof-sent = Bestätigungslink noch einmal gesendet
act-user-email-proven = E-Mail-Adresse bestätigt
act-user-email-made-primary = Hauptadresse geändert
act-user-email-removed = E-Mail-Adresse entfernt
act-user-email-change-stopped = Änderung der E-Mail-Adressen rückgängig gemacht

## The second factor

factor = Zwei-Faktor-Authentifizierung
    .text = Mit einem zweiten Nachweis neben dem Passwort kommt niemand in Ihr Konto, der nur Ihr Passwort kennt.
factor-on = Eingeschaltet
factor-off = Nicht eingeschaltet
factor-due = Für Ihr Konto ist ein zweiter Faktor vorgeschrieben. Richten Sie eine App oder einen Passkey ein, dann geht es weiter.
factor-required = Für Ihr Konto ist ein zweiter Faktor vorgeschrieben. Einer muss immer eingerichtet bleiben.
factor-since = seit
factor-back = Zurück
factor-code = Sechsstelliger Code
factor-app = Authenticator-App
    .text = Eine App auf Ihrem Telefon zeigt alle 30 Sekunden einen neuen Code, den Sie bei der Anmeldung eingeben.
factor-app-on = App eingerichtet
factor-app-set-up = App einrichten
factor-app-again = Neues Telefon einrichten
factor-app-off = App entfernen
factor-app-title = Authenticator-App einrichten
    .text = Scannen Sie dieses Bild mit der App und geben Sie den Code ein, den sie dann zeigt.
factor-app-picture = QR-Code für Ihre Authenticator-App; der Schlüssel steht darunter auch als Text
factor-app-secret = Lässt sich das Bild nicht scannen, tippen Sie diesen Schlüssel in die App:
factor-app-replaces = Nach dem ersten Code gilt nur noch das neue Gerät. Das alte zeigt dann Codes, die nicht mehr passen.
factor-app-late = Das hat zu lange gedauert. Bitte scannen Sie dieses neue Bild.
factor-app-submit = Einrichten
factor-app-off-title = Authenticator-App entfernen
factor-app-off-last = Danach genügt Ihr Passwort, um sich anzumelden. Ihre Wiederherstellungscodes gelten dann nicht mehr.
factor-app-off-other = Danach melden Sie sich mit Passwort und Passkey an.
factor-app-off-required = Für Ihr Konto ist ein zweiter Faktor vorgeschrieben. Richten Sie zuerst einen Passkey ein, dann können Sie die App entfernen.
factor-passkeys = { $count ->
    [one] Ein Passkey eingerichtet
   *[other] { $count } Passkeys eingerichtet
}
factor-passkeys-set-up = Passkey einrichten
factor-passkeys-manage = Passkeys verwalten
notice-factor-app-on = Die App ist eingerichtet. Bei der Anmeldung fragen wir von jetzt an nach ihrem Code.
notice-factor-app-off = Die App ist entfernt.

codes = Wiederherstellungscodes
    .text = Ist Ihr Telefon nicht zur Hand, melden Sie sich mit einem dieser Codes an. Jeder gilt einmal.
codes-left = { $count ->
    [0] Keine Codes übrig
    [one] Noch ein Code übrig
   *[other] Noch { $count } Codes übrig
}
codes-renew = Neue Codes erzeugen
codes-once = Diese zehn Codes sehen Sie nur jetzt. Frühere Codes gelten nicht mehr.
codes-keep = Bewahren Sie die Codes getrennt von Ihrem Passwort auf. Jeder ersetzt einmal den Code Ihrer App oder Ihren Passkey.
codes-file = wiederherstellungscodes
codes-download = Herunterladen
codes-copy = Kopieren
codes-copied = Kopiert
codes-print = Drucken
codes-done = Ich habe die Codes aufbewahrt

passkeys = Passkeys
    .text = Mit einem Passkey melden Sie sich per Fingerabdruck, Gesicht oder Gerätesperre an. Er bleibt auf Ihrem Gerät und lässt sich nicht abfangen.
passkeys-empty = Sie haben noch keinen Passkey.
passkeys-full = Mehr als zwanzig Passkeys können Sie nicht haben. Entfernen Sie zuerst einen, den Sie nicht mehr brauchen.
passkeys-unusable = Unter dieser Adresse lassen sich keine Passkeys verwenden: Dafür braucht das Portal einen Namen statt Ziffern in der Adresse und eine verschlüsselte Verbindung.
passkeys-script = Passkeys brauchen JavaScript. Bitte schalten Sie es für diese Seite ein.
passkeys-missing = Ihr Browser kennt keine Passkeys. Bitte nehmen Sie eine neuere Version.
passkey-new = Neuer Passkey
passkey-name = Name
    .help = Woran Sie ihn wiedererkennen, zum Beispiel der Name Ihres Geräts.
passkey-submit = Passkey anlegen
passkey-made = Angelegt
passkey-used = Zuletzt verwendet
passkey-never = Noch nicht
passkey-edit = Passkey ändern
passkey-rename = Umbenennen
passkey-remove = Passkey entfernen
    .text = Danach können Sie sich mit ihm nicht mehr anmelden. Löschen Sie ihn auch auf Ihrem Gerät.
passkey-remove-required = Für Ihr Konto ist ein zweiter Faktor vorgeschrieben, und dies ist Ihr einziger. Richten Sie zuerst einen anderen ein.
passkey-failed = Das hat nicht geklappt, oder Sie haben abgebrochen. Bitte versuchen Sie es noch einmal.
fault-passkey = Mit diesem Passkey hat die Anmeldung nicht geklappt. Versuchen Sie es noch einmal, oder nehmen Sie einen anderen Weg.
fault-passkey-made = Der Passkey ließ sich nicht anlegen. Bitte versuchen Sie es noch einmal.
notice-passkey-added = Der Passkey ist angelegt.
notice-passkey-renamed = Der Passkey hat einen neuen Namen.
notice-passkey-removed = Der Passkey ist entfernt.

factor-stop-ask = Aufhebung stoppen
    .text = Jemand hat darum gebeten, den zweiten Faktor Ihres Kontos aufzuheben. Waren Sie das nicht, stoppen Sie es hier.
factor-stop-done = Gestoppt
    .text = Ihr zweiter Faktor bleibt, wie er ist. Wählen Sie zur Sicherheit ein neues Passwort.
factor-stop-late = Hier gibt es nichts mehr zu stoppen
    .text = Der Link wurde schon verwendet, gilt nicht mehr, oder die Aufhebung ist beendet.
factor-stop-submit = Aufhebung stoppen
factor-stop-home = Zur Startseite
mail-factor-reset-subject = Ihr zweiter Faktor soll aufgehoben werden
mail-factor-reset-text = bei { $provider } hat jemand darum gebeten, den zweiten Faktor Ihres Benutzerkontos aufzuheben, weil er verloren ist.
mail-factor-reset-due = Das geschieht frühestens am { $at }. Danach richten Sie ihn neu ein.
mail-factor-reset-stop = Waren Sie das nicht? Mit diesem Link stoppen Sie es:

## Devices

device-name = { $browser } unter { $system }
device-unknown = Unbekanntes Gerät
devices = Angemeldete Geräte
    .text = Hier sind Sie gerade angemeldet. Kommt Ihnen ein Gerät unbekannt vor, melden Sie es ab und ändern Sie Ihr Passwort.
devices-device = Gerät
devices-seen = Zuletzt verwendet
devices-since = Angemeldet seit
devices-act = Abmelden
devices-this = Dieses Gerät
devices-end = Abmelden
devices-end-others = Alle anderen abmelden
notice-device-ended = Das Gerät ist abgemeldet.
notice-devices-ended = Alle anderen Geräte sind abgemeldet.
