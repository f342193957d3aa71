inbox-original-gone = Das Original wurde nach Ablauf der Frist gelöscht.
inbox-text-gone = Der Text steht im Ticket.
