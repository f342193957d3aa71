## Whether a customer was content

rating-title = Were you satisfied?
rating-lead = Voluntary, and once per ticket. We read your answer beside the ticket.
rating-answer = How was our help?
rating-answer-good = Good
rating-answer-bad = Not good
rating-comment = What would you like to tell us about it?
rating-send = Send rating
rating-said = Your rating:
rating-desk = Customer's rating
rating-figures = Satisfaction, last 30 days

notice-rating-thanks = Thank you for your rating.
notice-rating-before-warn = This ticket has been rated already.
notice-rating-over-warn = This ticket cannot be rated at present.

act-ticket-rated = Ticket rated
