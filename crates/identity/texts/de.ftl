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
