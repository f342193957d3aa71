## Both ways, on the customer's side and on the customer file

history-way = Direction
history-way-out = From us to { $email }
history-way-in = To us from { $email }
history-in = To us
history-out = From us
history-came = Received
history-from = From
history-received = Received on
history-files = Files
    .help = The files are in the ticket this email belongs to.
history-no-subject = (no subject)
history-no-text = This email has no text.
