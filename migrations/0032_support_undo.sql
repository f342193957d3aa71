-- owner: support
-- Answers of staff that wait some seconds before they are written onto their ticket, so that they can be taken back.
-- state: paused until then; draft once it was taken back, until its author answers, throws it away, or a day is over.
-- closing: the ticket is closed with it. files: what came with it and belongs to nothing yet, as JSON.
CREATE TABLE paused_answers (
    id UUID NOT NULL PRIMARY KEY,
    ticket_id UUID NOT NULL,
    customer_id UUID,
    staff_id UUID NOT NULL,
    staff_name TEXT NOT NULL,
    text TEXT NOT NULL,
    files TEXT NOT NULL,
    closing BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    due_at BIGINT NOT NULL
);
CREATE INDEX paused_answers_of_ticket ON paused_answers (ticket_id, due_at, id);
CREATE INDEX paused_answers_old ON paused_answers (state, at);

-- Whether a customer was content with a ticket that is closed: one vote a ticket.
CREATE TABLE ticket_ratings (
    ticket_id UUID NOT NULL PRIMARY KEY,
    customer_id UUID NOT NULL,
    user_id UUID NOT NULL,
    good BOOLEAN NOT NULL,
    comment TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX ticket_ratings_lately ON ticket_ratings (at, good);
