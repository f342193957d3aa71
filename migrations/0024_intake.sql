-- owner: intake
-- Every mail that came in, as it came, before anything is made of it. envelope_to: one address a line; envelope_from: NULL
-- where no server told us, empty for reports. hash: of the message without the lines that servers on the way add, so that
-- the same mail through two mailboxes is one. sender, subject, body_hash, machine: what the mail says, known once it was
-- taken apart. opened: it opened a ticket.
-- why: how it found its ticket, as JSON.
CREATE TABLE inbound_mails (
    id UUID NOT NULL PRIMARY KEY,
    mailbox TEXT NOT NULL,
    uidvalidity BIGINT,
    uid BIGINT,
    hash TEXT NOT NULL,
    envelope_from TEXT,
    envelope_to TEXT NOT NULL,
    department TEXT,
    received_at BIGINT NOT NULL,
    size BIGINT NOT NULL,
    cut BOOLEAN NOT NULL,
    raw BYTES NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',
    why TEXT NOT NULL DEFAULT '',
    sender TEXT NOT NULL DEFAULT '',
    subject TEXT NOT NULL DEFAULT '',
    body_hash TEXT NOT NULL DEFAULT '',
    machine BOOLEAN NOT NULL DEFAULT FALSE,
    opened BOOLEAN NOT NULL DEFAULT FALSE,
    customer_id UUID,
    ticket_id UUID,
    entry_id UUID,
    done_at BIGINT
);
CREATE UNIQUE INDEX inbound_mails_hash ON inbound_mails (hash);
CREATE UNIQUE INDEX inbound_mails_uid ON inbound_mails (mailbox, uidvalidity, uid);
CREATE INDEX inbound_mails_listed ON inbound_mails (state, received_at, id);
CREATE INDEX inbound_mails_by_sender ON inbound_mails (sender, done_at);
CREATE INDEX inbound_mails_by_entry ON inbound_mails (entry_id);
CREATE INDEX inbound_mails_by_ticket ON inbound_mails (ticket_id, received_at, id);

-- How far each mailbox was read, and what went wrong last.
CREATE TABLE inbound_boxes (
    mailbox TEXT NOT NULL PRIMARY KEY,
    uidvalidity BIGINT NOT NULL,
    last_uid BIGINT NOT NULL,
    at BIGINT NOT NULL,
    error TEXT NOT NULL
);

-- Message-IDs of mails that stand in a ticket, ours left out: who answers one of them means that ticket.
CREATE TABLE inbound_ids (
    hash TEXT NOT NULL,
    ticket_id UUID NOT NULL,
    customer_id UUID,
    PRIMARY KEY (hash, ticket_id)
);

-- The cleaned HTML of an entry that came by mail.
CREATE TABLE inbound_html (
    entry_id UUID NOT NULL PRIMARY KEY,
    ticket_id UUID NOT NULL,
    customer_id UUID,
    html TEXT NOT NULL
);

-- Addresses from which too much came at once; what comes from there waits for staff.
CREATE TABLE inbound_pauses (
    sender TEXT NOT NULL PRIMARY KEY,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    reason TEXT NOT NULL
);
