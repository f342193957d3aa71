## Both ways, on the customer's side and on the customer file

history-way = Richtung
history-way-out = Von uns an { $email }
history-way-in = An uns von { $email }
history-in = An uns
history-out = Von uns
history-came = Eingegangen
history-from = Von
history-received = Eingegangen am
history-files = Dateien
    .help = Die Dateien stehen im Ticket, zu dem diese E-Mail gehört.
history-no-subject = (ohne Betreff)
history-no-text = Diese E-Mail enthält keinen Text.
