-- owner: support
-- assignee_name: as the queue shows it. A ticket that waits for us has a due_at: until when an answer is promised. Until
-- the office hours have been asked it is a day after the waiting began.
ALTER TABLE tickets ADD COLUMN assignee_name TEXT;
UPDATE tickets SET due_at = waiting_since + 86400000000 WHERE waiting_since IS NOT NULL;
DROP INDEX tickets_by_state;
DROP INDEX tickets_waiting;
DROP INDEX tickets_listed;
DROP INDEX tickets_by_subject;
CREATE INDEX tickets_by_state ON tickets (state, last_at, id);
CREATE INDEX tickets_due ON tickets (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX tickets_listed ON tickets (last_at, id);
CREATE INDEX tickets_by_subject ON tickets (subject_key, id);
CREATE INDEX tickets_by_assignee ON tickets (assignee_id, last_at, id) WHERE assignee_id IS NOT NULL;

-- What is written often. {kunde}, {nummer}, {name}, {betreff}, {abteilung}, {mitarbeiter} are filled in.
CREATE TABLE text_blocks (
    id UUID NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    body_de TEXT NOT NULL,
    body_en TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX text_blocks_name ON text_blocks (name_key);

-- Who is writing on a thread right now: a row each, of no worth after a minute.
CREATE TABLE ticket_presence (
    ticket_id UUID NOT NULL,
    staff_id UUID NOT NULL,
    name TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (ticket_id, staff_id)
);
CREATE INDEX ticket_presence_old ON ticket_presence (at);

-- Tickets that have to do with one another: both ways.
CREATE TABLE ticket_links (
    ticket_id UUID NOT NULL,
    other_id UUID NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (ticket_id, other_id)
);

-- Where an entry stood before it was moved, and why.
CREATE TABLE ticket_moves (
    entry_id UUID NOT NULL,
    at BIGINT NOT NULL,
    from_ticket UUID NOT NULL,
    from_seq BIGINT NOT NULL,
    to_ticket UUID NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (entry_id, at)
);

-- How long who wrote has waited: one row an answer, counted once; since: when the waiting began. The days hold the sums.
CREATE TABLE ticket_responses (
    ticket_id UUID NOT NULL,
    since BIGINT NOT NULL,
    at BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    PRIMARY KEY (ticket_id, since)
);
CREATE TABLE response_days (
    day TEXT NOT NULL PRIMARY KEY,
    answers BIGINT NOT NULL,
    minutes BIGINT NOT NULL,
    kept BIGINT NOT NULL
);

-- What the index of words has to take in: the revision of the last change of each ticket.
CREATE TABLE ticket_words (
    ticket_id UUID NOT NULL PRIMARY KEY,
    revision BIGINT NOT NULL
);
CREATE INDEX ticket_words_new ON ticket_words (revision, ticket_id);
CREATE TABLE ticket_words_state (
    id BIGINT NOT NULL PRIMARY KEY,
    epoch BIGINT NOT NULL,
    revision BIGINT NOT NULL
);
INSERT INTO ticket_words_state (id, epoch, revision) VALUES (1, 1, 1);
