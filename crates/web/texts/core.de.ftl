form-save = Speichern
form-cancel = Abbrechen

fault-required = Bitte füllen Sie dieses Feld aus.
fault-too-long = Bitte kürzen Sie auf höchstens { $max } Zeichen.
fault-control = Hier stehen Zeichen, die wir nicht verarbeiten können. Bitte tippen Sie den Text neu ein.
fault-email = Bitte geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@firma.de.
fault-phone = Bitte geben Sie eine Telefonnummer aus Ziffern ein, zum Beispiel 040 123456.
fault-choice = Bitte wählen Sie einen Eintrag aus der Liste.
fault-agree = Bitte stimmen Sie zu, sonst können wir nicht fortfahren.
vat-country = Bitte beginnen Sie mit dem Kürzel des Landes, zum Beispiel DE oder ATU.
vat-shape = Diese Nummer hat nicht die Form, die in diesem Land üblich ist. Bitte prüfen Sie die Stellen.
vat-digits = In dieser Nummer ist eine Stelle vertippt. Bitte vergleichen Sie sie mit dem Bescheid.

language-de = Deutsch
language-en = Englisch

error-home = Zur Startseite
error-not-found = Diese Seite gibt es nicht
    .text = Vielleicht ist die Adresse vertippt, oder der Eintrag wurde gelöscht.
error-forbidden = Dafür fehlt Ihnen die Berechtigung
    .text = Wer Ihr Konto verwaltet, kann Ihnen die Berechtigung geben.
error-desk = Zum Desk
error-viewing = Beim Ansehen als Kunde ist das nicht möglich
    .text = Ändern und Absenden gehen hier nicht, und was dem Benutzer allein gehört, bleibt zu: Profil, Passwort, zweiter Faktor, Geräte und alles, wofür er sich noch einmal anmelden müsste.
error-view-over = Das Ansehen als Kunde ist beendet
    .text = Die Zeit ist um, oder Ihre Anmeldung am Desk hat sich geändert. Ab jetzt sehen Sie das Portal wieder als Sie selbst.
error-token = Bitte senden Sie das Formular noch einmal
    .text = Die Seite war zu lange geöffnet oder wurde von einer anderen Seite aus aufgerufen. Gehen Sie zurück, laden Sie die Seite neu und senden Sie das Formular dann ab.
error-other-customer = Sie handeln jetzt für einen anderen Kunden
    .text = Diese Seite stammt noch von vorher, deshalb haben wir nichts gespeichert. Wechseln Sie oben zurück oder öffnen Sie die Seite neu.
error-already-sent = Bereits gesendet
    .text = Dieses Formular haben Sie schon mit anderem Inhalt abgeschickt. Öffnen Sie die Seite neu, wenn Sie noch etwas senden möchten.
error-too-many = Bitte warten Sie einen Moment
    .text = Es gab sehr viele Versuche hintereinander. Versuchen Sie es in einigen Minuten noch einmal.
error-bad = Das konnten wir nicht lesen
    .text = Ihre Anfrage ist unvollständig oder beschädigt angekommen. Bitte gehen Sie zurück und versuchen Sie es noch einmal.
error-too-large = Das ist zu viel auf einmal
    .text = Ihre Eingabe ist größer, als wir annehmen können. Bitte kürzen Sie sie.
error-method = So lässt sich diese Seite nicht aufrufen
    .text = Bitte öffnen Sie sie über das Menü.
error-busy = Gerade ist viel los
    .text = Bitte versuchen Sie es in einigen Sekunden noch einmal. Ihre Daten sind sicher.
error-internal = Das hat nicht geklappt
    .text = Der Fehler liegt bei uns und ist notiert. Bitte versuchen Sie es später noch einmal oder rufen Sie uns an.

frame-desk-search = Kunden, Nachrichten, E-Mails suchen
