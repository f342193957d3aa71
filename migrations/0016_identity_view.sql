-- owner: identity
-- Staff looking at the portal with a user's eyes. One at a time for a session at the desk, which it ends with; not a
-- session of the user's: nothing that lists, counts or ends those meets it.
CREATE TABLE staff_views (
    id UUID NOT NULL PRIMARY KEY,
    token_hash BYTES NOT NULL,
    session_id UUID NOT NULL,
    user_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX staff_views_token ON staff_views (token_hash);
CREATE UNIQUE INDEX staff_views_session ON staff_views (session_id);
CREATE INDEX staff_views_created ON staff_views (created_at);
