-- owner: support
-- What of a thread went to whom by mail, a row each: nothing goes twice, and the next mail names the ones before it.
-- came: it came from this one instead, under the id came_as.
CREATE TABLE ticket_mails (
    participant_id UUID NOT NULL,
    entry_id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    came BOOLEAN NOT NULL,
    came_as TEXT,
    PRIMARY KEY (participant_id, entry_id, came)
);
CREATE INDEX ticket_mails_in_order ON ticket_mails (participant_id, seq);
CREATE INDEX ticket_mails_of_entry ON ticket_mails (entry_id);
