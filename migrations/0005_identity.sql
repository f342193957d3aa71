-- owner: identity

CREATE TABLE users (
    id UUID NOT NULL PRIMARY KEY,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    locale TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- An address may be claimed by many, but proven by one user only.
CREATE TABLE user_emails (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    email TEXT NOT NULL,
    verified_at BIGINT,
    is_primary BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX user_emails_verified ON user_emails (email) WHERE verified_at IS NOT NULL;
CREATE UNIQUE INDEX user_emails_own ON user_emails (user_id, email);
CREATE INDEX user_emails_claims ON user_emails (email, id);

CREATE TABLE passwords (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES users (id),
    hash TEXT NOT NULL,
    changed_at BIGINT NOT NULL
);

-- customer_id is whom the user acts for right now; nobody until there is a membership.
CREATE TABLE sessions (
    id UUID NOT NULL PRIMARY KEY,
    token_hash BYTES NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    customer_id UUID,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    fresh_until BIGINT NOT NULL,
    user_agent TEXT NOT NULL,
    network TEXT NOT NULL
);
CREATE UNIQUE INDEX sessions_token ON sessions (token_hash);
CREATE INDEX sessions_user ON sessions (user_id, seen_at);
CREATE INDEX sessions_created ON sessions (created_at);
CREATE INDEX sessions_seen ON sessions (seen_at);

CREATE TABLE staff (
    id UUID NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    locale TEXT NOT NULL,
    password TEXT,
    totp_sealed BYTES,
    totp_step BIGINT,
    active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen BIGINT
);
CREATE UNIQUE INDEX staff_email ON staff (email);

-- totp_pending is a second factor that is being set up: it counts only after its first code.
CREATE TABLE staff_sessions (
    id UUID NOT NULL PRIMARY KEY,
    token_hash BYTES NOT NULL,
    staff_id UUID NOT NULL REFERENCES staff (id),
    second_factor_done BOOLEAN NOT NULL,
    totp_pending BYTES,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    user_agent TEXT NOT NULL,
    network TEXT NOT NULL
);
CREATE UNIQUE INDEX staff_sessions_token ON staff_sessions (token_hash);
CREATE INDEX staff_sessions_staff ON staff_sessions (staff_id);
CREATE INDEX staff_sessions_created ON staff_sessions (created_at);

CREATE TABLE links (
    id UUID NOT NULL PRIMARY KEY,
    hash BYTES NOT NULL,
    kind TEXT NOT NULL,
    user_id UUID REFERENCES users (id),
    staff_id UUID REFERENCES staff (id),
    email TEXT,
    payload TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE UNIQUE INDEX links_hash ON links (hash);
CREATE INDEX links_email ON links (email, kind);
CREATE INDEX links_user ON links (user_id, kind);
CREATE INDEX links_staff ON links (staff_id, kind);
CREATE INDEX links_expiry ON links (expires_at);

-- tries since `since`; no further one before `until`.
CREATE TABLE throttles (
    key TEXT NOT NULL PRIMARY KEY,
    tries BIGINT NOT NULL,
    since BIGINT NOT NULL,
    until BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE INDEX throttles_age ON throttles (last_at);
