## Files

fault-file-too-large = Eine Datei ist größer als { $max } MB. Bitte verkleinern oder teilen Sie sie; die anderen sind noch da.
fault-files-too-many = Bitte senden Sie höchstens { $max } Dateien auf einmal.
fault-files-full = Sie haben gerade sehr viele Dateien hochgeladen. Bitte senden Sie Ihren Text ohne weitere Dateien oder versuchen Sie es morgen noch einmal.
fault-files-away = Dateien können im Moment nicht gespeichert werden. Bitte versuchen Sie es in einigen Minuten noch einmal; Ihr Text ist noch da.
fault-held-too-large = Diese Datei ist größer als { $max } MB. So große Dateien können hier nicht verschlüsselt aufbewahrt werden.
fault-held-empty = Diese Datei ist leer. Bitte wählen Sie eine andere aus.
fault-held-one = Bitte wählen Sie hier nur eine Datei aus.
fault-files-lost = Eine Datei von vorhin ist nicht mehr da. Bitte wählen Sie sie noch einmal aus.

parts-files = Dateien
parts-file-kept = Bereits hochgeladen: { $name }
parts-file-drop = Ohne Haken wird die Datei nicht mitgesendet.
parts-file-odd = Namen prüfen

file-note-unseen = nicht auf Schadsoftware geprüft
file-note-waiting = wird noch geprüft
file-note-infected = gesperrt: Schadsoftware gefunden

file-kind-pdf = PDF
file-kind-picture = Bild
file-kind-text = Text
file-kind-archive = Archiv
file-kind-document = Dokument
file-kind-page = Webseite
file-kind-sound = Ton
file-kind-film = Video
file-kind-other = Datei

file-size-bytes = { $number } Byte
file-size-kb = { $number } kB
file-size-mb = { $number } MB

error-file-infected = Diese Datei ist gesperrt
    .text = In ihr wurde Schadsoftware gefunden. Sie kann nicht geöffnet werden.
error-file-unscanned = Diese Datei wird noch geprüft
    .text = Sie wird auf Schadsoftware untersucht und steht danach bereit. Bitte versuchen Sie es in einigen Minuten noch einmal.
error-files-away = Dateien sind im Moment nicht erreichbar
    .text = Es ist nichts verloren. Bitte versuchen Sie es in einigen Minuten noch einmal.

unscanned-title = Ungeprüfte Datei
unscanned-text = »{ $name }« wurde noch nicht auf Schadsoftware geprüft. Öffnen Sie sie nur, wenn Sie dem Absender vertrauen.
unscanned-anyway = Trotzdem herunterladen

act-file-removed = Datei gelöscht
act-file-infected = Schadsoftware in einer Datei gefunden
act-keys-rotated = Hauptschlüssel gewechselt
act-keys-forgotten = Früherer Hauptschlüssel entfernt
