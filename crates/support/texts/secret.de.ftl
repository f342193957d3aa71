## Sensible data of a ticket

secret-title = Sensible Daten
secret-lead = Zugangsdaten und Schlüssel liegen hier verschlüsselt und getrennt vom Ticket. Sie stehen in keiner E-Mail. Anzeigen kann sie nur, wer Ihr Ticket bearbeitet; jedes Mal wird hier vermerkt, wer es war und warum.
secret-desk-lead = Wer etwas öffnet, gibt einen Grund an. Der Kunde sieht Name, Zeit und Grund. { $days ->
    [0] Nach dem Schließen des Tickets werden die Daten gelöscht.
    [one] Einen Tag nach dem Schließen des Tickets werden die Daten gelöscht.
   *[other] { $days } Tage nach dem Schließen des Tickets werden die Daten gelöscht.
}
secret-gone-after = Auch Sie selbst können das Eingegebene hier nicht mehr ansehen, nur löschen. { $days ->
    [0] Wenn das Ticket geschlossen ist, löschen wir es von selbst.
    [one] Einen Tag nach dem Schließen des Tickets löschen wir es von selbst.
   *[other] { $days } Tage nach dem Schließen des Tickets löschen wir es von selbst.
}
secret-add = Sensible Daten hinzufügen
secret-label = Wofür
    .help = Zum Beispiel „Zugang zum Server“. Diese Bezeichnung ist im Ticket sichtbar.
secret-user = Benutzername
secret-text = Geheime Daten
    .help = Passwort, Schlüssel oder Code, auch mehrere Zeilen. Text, Datei oder beides.
secret-file = Geheime Datei
    .help = Zum Beispiel eine Schlüsseldatei oder ein Zertifikat, höchstens 1 MB.
secret-beside-secret-label = Wofür
    .help = Zum Beispiel „Zugang zum Server“. Diese Bezeichnung ist im Ticket sichtbar.
secret-beside-secret-user = Benutzername
secret-beside-secret-text = Geheime Daten
    .help = Passwort, Schlüssel oder Code, auch mehrere Zeilen. Text, Datei oder beides.
secret-beside-secret-file = Geheime Datei
    .help = Zum Beispiel eine Schlüsseldatei oder ein Zertifikat, höchstens 1 MB.
secret-file-mark = Nachweis
secret-with-file = Mit einer Datei ({ $size })
secret-file-unseen = Diese Datei liegt nur verschlüsselt vor und ist nicht auf Schadsoftware geprüft. Sie können sie jetzt zehn Minuten lang herunterladen.
secret-file-fetch = Datei herunterladen
secret-which-which = Welche
secret-from-text = Aus dem Text verschoben
secret-by = Von { $name }
secret-by-staff = Von { $name } (Support)
secret-sealed = Verschlüsselt aufbewahrt
secret-wiped-closing = Gelöscht nach dem Schließen
secret-wiped-customer = Vom Kunden gelöscht
secret-wiped-staff = Vom Support gelöscht
secret-openings = Angesehen von
secret-never-opened = Noch von niemandem angesehen.
secret-wipe = Jetzt löschen
secret-open = Öffnen
secret-open-one = „{ $label }“ öffnen
secret-reason-reason = Grund
    .help = Der Kunde sieht Ihren Namen, die Zeit und diesen Grund.
secret-none = Zu diesem Ticket gibt es keine sensiblen Daten.
secret-full = Mehr sensible Daten nimmt dieses Ticket nicht auf.
secret-once = Diese Angaben werden nur dieses eine Mal angezeigt. Wer sie noch einmal braucht, öffnet sie wieder mit einem Grund.
secret-back = Zum Ticket

secret-looks-password = Das sieht nach einem Passwort aus.
secret-looks-key = Das sieht nach einem privaten Schlüssel aus.
secret-looks-token = Das sieht nach einem Zugangsschlüssel für ein Programm aus.
secret-looks-card = Das sieht nach einer Kartennummer aus.
secret-looks-why = Was im Text steht, kann in E-Mails und Suchergebnissen erscheinen. Als sensible Daten liegt es verschlüsselt und ist dort nicht zu finden. Sie können den Text auch selbst ändern und noch einmal absenden.
secret-move = In sensible Daten verschieben und senden
secret-leave = So senden, wie es ist

fault-secret-label = Das sieht selbst nach etwas Geheimem aus. Bitte beschreiben Sie hier nur, worum es geht.
fault-secret-again = Bitte geben Sie die geheimen Daten noch einmal ein. Zu Ihrem Schutz werden sie hier nicht wieder angezeigt.
fault-secret-file-again = Bitte wählen Sie die Datei noch einmal aus. Zu Ihrem Schutz wird sie zwischendurch nirgends aufbewahrt.
fault-secret-nothing = Bitte geben Sie die geheimen Daten ein oder wählen Sie eine Datei aus.
fault-subject-secret = Das sieht nach einem Passwort oder etwas anderem Geheimen aus. Bitte nennen Sie im Betreff nur, worum es geht.

notice-secret-added = Die sensiblen Daten sind verschlüsselt gespeichert.
notice-secret-wiped = Die sensiblen Daten sind gelöscht.
notice-secret-gone-warn = Diese Daten sind schon gelöscht.
notice-secret-file-late-warn = Das Öffnen liegt zu lange zurück. Bitte öffnen Sie die Daten noch einmal mit einem Grund.
notice-secret-full-warn = Mehr sensible Daten nimmt dieses Ticket nicht auf.

ticket-event-secret-added = { $name } hat sensible Daten hinzugefügt: { $what }
ticket-event-secret-opened = { $name } hat sensible Daten angesehen: { $what }
ticket-event-secret-wiped = { $name } hat sensible Daten gelöscht: { $what }

act-secret-added = Sensible Daten hinzugefügt
act-secret-opened = Sensible Daten angesehen
act-secret-file = Datei aus sensiblen Daten heruntergeladen
act-secret-refused = Zugriff auf sensible Daten abgewiesen
act-secret-wiped = Sensible Daten gelöscht
