inbox-original-gone = The original was deleted when its time was over.
inbox-text-gone = The text stands in the ticket.
