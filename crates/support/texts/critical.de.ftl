## Emergencies

emergency-server = Serverausfall
emergency-service = Systemrelevanter Dienst funktioniert nicht
emergency-site = Website/Shop ist offline

critical-title = Kritisch
critical-nav = Notfall melden
critical-raise = Als Notfall melden
critical-lead = Ein kritisches Ticket ruft sofort jemanden von uns, auch außerhalb der Bürozeiten. Dafür muss ein Notfall vorliegen.
critical-cost-firm = Für Unternehmen gilt: Liegt kein Notfall vor, berechnen wir den Einsatz nach unserer Preisliste. Verbraucherinnen und Verbrauchern berechnen wir nichts.
critical-cost-consumer = Ihnen berechnen wir den Einsatz nicht. Nur Unternehmen zahlen ohne Notfall nach unserer Preisliste.
critical-objection = Stellt sich heraus, dass es kein Notfall war, können wir das Ticket anders einstufen. Das steht dann mit dem Grund im Ticket, und Sie können dort widersprechen.
critical-emergency = Notfall
critical-subject = Betreff
    .help = Höchstens 100 Zeichen.
critical-text = Beschreibung
    .help = Was ist betroffen, seit wann, und wie erreichen wir Sie?
critical-accept = Ich bin einverstanden, dass ein Einsatz ohne Notfall nach der Preisliste berechnet wird.
critical-send = Als kritisch melden

fault-emergency = Bitte wählen Sie den Notfall aus, der vorliegt.
fault-critical-accept = Bitte bestätigen Sie, dass ein Einsatz ohne Notfall nach der Preisliste berechnet wird.

notice-critical-sent = Ihr kritisches Ticket ist angekommen. Wir rufen gerade jemanden, der sich darum kümmert.
notice-critical-raised = Das Ticket ist jetzt kritisch. Wir rufen gerade jemanden, der sich darum kümmert.

ticket-event-raised = { $what ->
    [server] { $name } hat das Ticket als kritisch gemeldet: Serverausfall
    [service] { $name } hat das Ticket als kritisch gemeldet: Systemrelevanter Dienst funktioniert nicht
   *[site] { $name } hat das Ticket als kritisch gemeldet: Website/Shop ist offline
}
ticket-event-lowered = { $name } stuft das Ticket nicht mehr als kritisch ein, sondern als { $what } Wenn Sie das anders sehen, widersprechen Sie bitte mit einer Antwort in diesem Ticket.
ticket-event-acknowledged = { $name } kümmert sich jetzt um dieses Ticket

## The desk

escalation-nav = Eskalation
escalation-lead = Kritische Tickets rufen eine Person nach der anderen, bis jemand übernimmt, auch nachts und am Wochenende.
escalation-bar = { $count ->
    [one] Ein kritisches Ticket wartet darauf, dass jemand übernimmt.
   *[other] { $count } kritische Tickets warten darauf, dass jemand übernimmt.
}
escalation-open = Wartet auf jemanden
escalation-none-open = Zurzeit wartet kein kritisches Ticket.
escalation-take = Ich übernehme
escalation-next = Der nächste Ruf geht hinaus:
escalation-no-next = Alle sind mehrmals gerufen worden. Es geht kein weiterer Ruf hinaus.
escalation-past = Bisherige
escalation-none-past = Bisher gab es keine kritischen Tickets.
escalation-ticket = Ticket
escalation-emergency = Notfall
escalation-became = Ergebnis
escalation-called = Gerufen
escalation-taken-by = Übernommen von { $name }
escalation-ended = Beendet, ohne dass jemand übernahm
escalation-call-sent = Gerufen: { $who }
escalation-call-queued = Ruf unterwegs: { $who }
escalation-call-failed = Nicht erreicht: { $who }
escalation-steps = Wer gerufen wird
escalation-round = Übernimmt niemand, beginnt die Reihe nach frühestens 15 Minuten von vorn, höchstens achtmal.
escalation-wait-first = { $minutes ->
    [0] sofort
    [one] nach einer Minute
   *[other] nach { $minutes } Minuten
}
escalation-wait = { $minutes ->
    [0] gleichzeitig
    [one] eine Minute später
   *[other] { $minutes } Minuten später
}
escalation-kind-team = Alle im Support
escalation-kind-staff = Eine Person am Desk
escalation-kind-mail = E-Mail-Adresse
escalation-kind-webhook = Webhook
escalation-step-new = Neue Stufe
escalation-step-one = Stufe
escalation-step-kind = Wer oder was wird gerufen
escalation-step-staff = Person
    .help = Nur für „Eine Person am Desk“.
escalation-step-nobody = Niemand
escalation-step-target = E-Mail-Adresse oder Webhook
    .help = Für einen Webhook eine Adresse, die mit https:// beginnt.
escalation-step-minutes = Minuten nach der Stufe davor
escalation-step-position = Reihenfolge
    .help = Kleinere Zahlen zuerst.
escalation-step-remove = Stufe löschen
escalation-key-once = Mit diesem Schlüssel prüft der Empfänger, dass ein Ruf von uns kommt. Bitte kopieren Sie ihn jetzt, er wird nicht noch einmal angezeigt.
escalation-key-new = Neuen Schlüssel erzeugen

fault-step-number = Bitte geben Sie eine ganze Zahl von 0 bis { $max } ein.
fault-step-staff = Bitte wählen Sie eine Person aus.
fault-step-address = Bitte geben Sie eine vollständige Adresse ein, die mit https:// beginnt, ohne Namen und Passwort darin.
fault-step-plain = Bitte geben Sie eine Adresse ein, die mit https:// beginnt.
fault-step-private = Diese Adresse führt in ein internes Netz. Wenn das gewollt ist, muss support.webhook_private in der Konfiguration erlaubt sein.

lower-title = Anders einstufen
lower-lead = Der Kunde sieht die neue Einstufung und den Grund im Ticket und kann dort widersprechen. Niemand wird mehr gerufen.
lower-priority = Priorität
lower-reason = Grund
    .help = Der Kunde liest diesen Grund.
lower-submit = Einstufung ändern

notice-escalation-yours = Sie haben das Ticket übernommen. Niemand wird mehr gerufen.
notice-escalation-taken-warn = Dieses Ticket hat schon jemand übernommen.
notice-lowered = Das Ticket ist nicht mehr als kritisch eingestuft.
notice-lowered-before-warn = Das Ticket war schon nicht mehr als kritisch eingestuft.
notice-step-saved = Die Stufe ist gespeichert.
notice-step-removed = Die Stufe ist gelöscht.

act-ticket-raised = Ticket als kritisch gemeldet
act-ticket-reclassified = Ticket anders eingestuft
act-escalation-moved = Eskalation geht im zusammengeführten Ticket weiter
act-escalation-ended = Eskalation beendet, das zusammengeführte Ticket hat schon eine
act-escalation-acknowledged = Kritisches Ticket übernommen
act-escalation-step-added = Stufe der Eskalation angelegt
act-escalation-step-changed = Stufe der Eskalation geändert
act-escalation-step-key = Neuer Schlüssel für einen Webhook
act-escalation-step-removed = Stufe der Eskalation gelöscht

mail-alarm-subject = Kritisches Ticket: bitte übernehmen
mail-alarm-what = Ticket { $number } ist kritisch und wartet auf jemanden.
mail-alarm-since = Gemeldet:
mail-alarm-do = Bitte öffnen Sie das Ticket am Desk. Unter „Eskalation“ übernehmen Sie es mit einem Klick.
mail-alarm-button = Ticket öffnen
mail-alarm-next = Wenn niemand übernimmt, wird die nächste Person gerufen.
