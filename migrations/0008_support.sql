-- owner: support
-- A message is a ticket of kind 'message' that came through the portal. A guest's ticket has no customer.
-- entries counts what stands in the thread: its value when a page was drawn tells whether something came meanwhile.
-- waiting_since is set while the customer waits for us, and only then.
CREATE TABLE tickets (
    id UUID NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    customer_id UUID,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_key TEXT NOT NULL,
    state TEXT NOT NULL,
    requester_id UUID,
    requester_name TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    last_by TEXT NOT NULL,
    answered_at BIGINT,
    waiting_since BIGINT,
    closed_at BIGINT,
    entries BIGINT NOT NULL
);
CREATE UNIQUE INDEX tickets_number ON tickets (number);
CREATE INDEX tickets_by_customer ON tickets (customer_id, kind, last_at, id);
CREATE INDEX tickets_by_state ON tickets (kind, state, last_at, id);
CREATE INDEX tickets_waiting ON tickets (kind, waiting_since, id);
CREATE INDEX tickets_listed ON tickets (kind, last_at, id);
CREATE INDEX tickets_by_subject ON tickets (kind, subject_key, id);

-- Who takes part: users, and later addresses without a user.
CREATE TABLE ticket_participants (
    id UUID NOT NULL PRIMARY KEY,
    ticket_id UUID NOT NULL,
    customer_id UUID,
    user_id UUID,
    email TEXT,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    added_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX ticket_participants_user ON ticket_participants (ticket_id, user_id);

-- What stands in a thread, in the order of seq: texts, and that it was closed or opened again.
CREATE TABLE ticket_entries (
    id UUID NOT NULL PRIMARY KEY,
    ticket_id UUID NOT NULL,
    customer_id UUID,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    author_kind TEXT NOT NULL,
    author_id UUID,
    author_name TEXT NOT NULL,
    channel TEXT NOT NULL,
    proof TEXT NOT NULL,
    internal BOOLEAN NOT NULL,
    text TEXT NOT NULL
);
CREATE UNIQUE INDEX ticket_entries_seq ON ticket_entries (ticket_id, seq);
CREATE INDEX ticket_entries_by_customer ON ticket_entries (customer_id, id);

-- When a user of the customer last had the thread before them.
CREATE TABLE ticket_reads (
    ticket_id UUID NOT NULL,
    user_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (ticket_id, user_id)
);
