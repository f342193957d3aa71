## Whether a customer was content

rating-title = Waren Sie zufrieden?
rating-lead = Freiwillig, und nur einmal je Ticket. Wir lesen Ihre Antwort beim Ticket.
rating-answer = Wie war unsere Hilfe?
rating-answer-good = Gut
rating-answer-bad = Nicht gut
rating-comment = Was möchten Sie uns dazu sagen?
rating-send = Bewertung senden
rating-said = Ihre Bewertung:
rating-desk = Bewertung des Kunden
rating-figures = Zufriedenheit, letzte 30 Tage

notice-rating-thanks = Danke für Ihre Bewertung.
notice-rating-before-warn = Zu diesem Ticket gibt es schon eine Bewertung.
notice-rating-over-warn = Dieses Ticket kann zurzeit nicht bewertet werden.

act-ticket-rated = Ticket bewertet
