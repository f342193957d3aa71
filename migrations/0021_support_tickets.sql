-- owner: support
-- Whom a ticket is for. mail_from: the address its mails come from, where that is another one than the portal's.
CREATE TABLE departments (
    id TEXT NOT NULL PRIMARY KEY,
    name_de TEXT NOT NULL,
    name_en TEXT NOT NULL,
    sort BIGINT NOT NULL,
    mail_from TEXT
);
INSERT INTO departments (id, name_de, name_en, sort) VALUES
    ('support', 'Technik', 'Technical support', 1),
    ('buchhaltung', 'Buchhaltung', 'Accounting', 2),
    ('vertrieb', 'Vertrieb', 'Sales', 3);

-- claimed_number: the customer number that a guest typed, which proves nothing.
-- files counts what hangs on the thread, so that a page of a thread without any asks for none.
ALTER TABLE tickets ADD COLUMN department TEXT NOT NULL DEFAULT 'support';
ALTER TABLE tickets ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal';
ALTER TABLE tickets ADD COLUMN requester_email TEXT;
ALTER TABLE tickets ADD COLUMN company TEXT;
ALTER TABLE tickets ADD COLUMN claimed_number TEXT;
ALTER TABLE tickets ADD COLUMN related_kind TEXT;
ALTER TABLE tickets ADD COLUMN related_id TEXT;
ALTER TABLE tickets ADD COLUMN assignee_id UUID;
ALTER TABLE tickets ADD COLUMN due_at BIGINT;
ALTER TABLE tickets ADD COLUMN merged_into UUID;
ALTER TABLE tickets ADD COLUMN emergency TEXT;
ALTER TABLE tickets ADD COLUMN files BIGINT NOT NULL DEFAULT 0;
CREATE INDEX tickets_of_customer_by_subject ON tickets (customer_id, kind, subject_key, id);
CREATE INDEX tickets_by_requester_email ON tickets (requester_email, id) WHERE requester_email IS NOT NULL;

-- since_seq: sees the entries from here on. generation: raised when the address by which this one answers is to be good
-- no more. bounced_at: mails to the address come back. language: of the mails to it.
ALTER TABLE ticket_participants ADD COLUMN since_seq BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ticket_participants ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;
ALTER TABLE ticket_participants ADD COLUMN bounced_at BIGINT;
ALTER TABLE ticket_participants ADD COLUMN muted BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE ticket_participants ADD COLUMN language TEXT NOT NULL DEFAULT 'de';
CREATE UNIQUE INDEX ticket_participants_email ON ticket_participants (ticket_id, lower(email)) WHERE user_id IS NULL;

-- why: how a mail found this thread (JSON). quoted: what a mail repeated of earlier ones, cut off the text.
-- files: the ids of what hangs on it, separated by blanks, as entry_files has them.
ALTER TABLE ticket_entries ADD COLUMN why TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket_entries ADD COLUMN quoted TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket_entries ADD COLUMN files TEXT NOT NULL DEFAULT '';

ALTER TABLE ticket_unread ADD COLUMN kind TEXT NOT NULL DEFAULT 'message';

-- What hangs on an entry; the file itself lies in the files' own table.
CREATE TABLE entry_files (
    entry_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    ticket_id UUID NOT NULL,
    customer_id UUID,
    file_id UUID NOT NULL,
    name TEXT NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (entry_id, seq)
);
CREATE INDEX entry_files_by_ticket ON entry_files (ticket_id, entry_id, seq);
CREATE UNIQUE INDEX entry_files_file ON entry_files (file_id);
