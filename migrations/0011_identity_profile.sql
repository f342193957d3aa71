-- owner: identity

-- The language of pages that the person has chosen in the profile; until then they follow the browser.
ALTER TABLE users ADD COLUMN language TEXT;

CREATE UNIQUE INDEX user_emails_primary ON user_emails (user_id) WHERE is_primary = TRUE;
