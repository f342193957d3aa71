-- owner: customers

-- version counts the changes of the record; warning is one line that staff sees on top of the file.
ALTER TABLE customers ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
ALTER TABLE customers ADD COLUMN warning TEXT;

-- What the contract partner was called until a moment, and from then on.
CREATE TABLE customer_names (
    id UUID NOT NULL PRIMARY KEY,
    customer_id UUID NOT NULL,
    at BIGINT NOT NULL,
    old_company TEXT,
    old_first_name TEXT NOT NULL,
    old_last_name TEXT NOT NULL,
    company TEXT,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id UUID,
    actor_name TEXT NOT NULL
);
CREATE INDEX customer_names_customer ON customer_names (customer_id, id);

-- Of staff, for staff.
CREATE TABLE customer_notes (
    id UUID NOT NULL PRIMARY KEY,
    customer_id UUID NOT NULL,
    staff_id UUID NOT NULL,
    staff_name TEXT NOT NULL,
    text TEXT NOT NULL,
    pinned BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    changed_at BIGINT
);
CREATE INDEX customer_notes_customer ON customer_notes (customer_id, id);
CREATE INDEX customer_notes_pinned ON customer_notes (customer_id, id) WHERE pinned = TRUE;

-- Further people, and which mails each gets.
CREATE TABLE contacts (
    id UUID NOT NULL PRIMARY KEY,
    customer_id UUID NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT,
    general BOOLEAN NOT NULL,
    invoices BOOLEAN NOT NULL,
    support BOOLEAN NOT NULL,
    services BOOLEAN NOT NULL,
    domains BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX contacts_email ON contacts (customer_id, email);
CREATE INDEX contacts_customer ON contacts (customer_id, id);

-- Addresses that have taken themselves out: they cannot be entered again.
CREATE TABLE contact_stops (
    customer_id UUID NOT NULL,
    email TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, email)
);

-- Who is asked to act for a customer; the link itself lies with the links. role is 'main-owner', 'owner' or 'rights'.
CREATE TABLE invitations (
    id UUID NOT NULL PRIMARY KEY,
    customer_id UUID NOT NULL,
    email TEXT NOT NULL,
    first_name TEXT,
    last_name TEXT,
    locale TEXT NOT NULL,
    role TEXT NOT NULL,
    rights TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX invitations_email ON invitations (customer_id, email);
CREATE INDEX invitations_expiry ON invitations (expires_at);
