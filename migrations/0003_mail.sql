-- owner: mail

CREATE TABLE mails (
    id UUID NOT NULL PRIMARY KEY,
    customer_id UUID,
    user_id UUID,
    to_email TEXT NOT NULL,
    to_name TEXT NOT NULL,
    kind TEXT NOT NULL,
    locale TEXT NOT NULL,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    html TEXT NOT NULL,
    message_id TEXT,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX mails_listed ON mails (created_at, id);
CREATE INDEX mails_by_state ON mails (state, created_at, id);
CREATE INDEX mails_by_customer ON mails (customer_id, created_at, id);
CREATE INDEX mails_by_recipient ON mails (to_email, created_at, id);

CREATE TABLE mail_slots (
    mail_id UUID NOT NULL,
    name TEXT NOT NULL,
    sealed BYTES,
    expires_at BIGINT,
    PRIMARY KEY (mail_id, name)
);
CREATE INDEX mail_slots_expiry ON mail_slots (expires_at);
