-- owner: intake
-- When the original of a mail that became an entry was deleted, after its time. Others are deleted whole then.
ALTER TABLE inbound_mails ADD COLUMN wiped_at BIGINT;
CREATE INDEX inbound_mails_originals ON inbound_mails (state, done_at) WHERE wiped_at IS NULL;
