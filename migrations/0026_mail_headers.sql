-- owner: mail
-- headers: which conversation a mail belongs to and where answers go, as JSON; empty: none of its own.
ALTER TABLE mails ADD COLUMN headers TEXT NOT NULL DEFAULT '';

-- Addresses that a server refused for good, by the mails it refused; gone when something comes from there again.
CREATE TABLE mail_refusals (
    email TEXT NOT NULL PRIMARY KEY,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    times BIGINT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX mail_refusals_by_age ON mail_refusals (last_at);
