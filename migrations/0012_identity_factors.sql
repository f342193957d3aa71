-- owner: identity

-- Whether a user has a second factor stands beside the user: every page asks for it.
ALTER TABLE users ADD COLUMN second_factor BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE users ADD COLUMN second_factor_required BOOLEAN NOT NULL DEFAULT FALSE;

-- An app that shows codes; step is the last one used.
CREATE TABLE totps (
    user_id UUID NOT NULL PRIMARY KEY REFERENCES users (id),
    sealed BYTES NOT NULL,
    step BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- The owner is a user or a member of staff. The codes of one set share the salt, so that one hash finds the right one.
CREATE TABLE recovery_codes (
    id UUID NOT NULL PRIMARY KEY,
    owner_id UUID NOT NULL,
    salt BYTES NOT NULL,
    hash BYTES NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE UNIQUE INDEX recovery_codes_hash ON recovery_codes (owner_id, hash);

CREATE TABLE passkeys (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    credential BYTES NOT NULL,
    name TEXT NOT NULL,
    stored TEXT NOT NULL,
    counter BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE UNIQUE INDEX passkeys_credential ON passkeys (credential);
CREATE INDEX passkeys_user ON passkeys (user_id, id);

-- What was asked of a passkey; taken away with the answer. Nobody's while it is not known who answers.
CREATE TABLE ceremonies (
    hash BYTES NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    user_id UUID,
    state TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX ceremonies_expiry ON ceremonies (expires_at);

-- A sign-in between password and second factor.
CREATE TABLE sign_ins (
    id UUID NOT NULL PRIMARY KEY,
    token_hash BYTES NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    customer_id UUID,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX sign_ins_token ON sign_ins (token_hash);
CREATE INDEX sign_ins_user ON sign_ins (user_id);
CREATE INDEX sign_ins_created ON sign_ins (created_at);

-- A browser in which a user has signed in before; several users of one browser have the same token.
CREATE TABLE devices (
    id UUID NOT NULL PRIMARY KEY,
    token_hash BYTES NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX devices_token ON devices (token_hash, user_id);
CREATE INDEX devices_user ON devices (user_id);
CREATE INDEX devices_seen ON devices (seen_at);
ALTER TABLE sessions ADD COLUMN device_id UUID;

-- Taking the second factor from somebody who has lost it: asked for by one member of staff, confirmed by another.
CREATE TABLE factor_resets (
    id UUID NOT NULL PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    requested_by UUID NOT NULL REFERENCES staff (id),
    requested_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    confirmed_by UUID REFERENCES staff (id),
    ended_at BIGINT,
    outcome TEXT NOT NULL
);
CREATE INDEX factor_resets_user ON factor_resets (user_id, id);
CREATE UNIQUE INDEX factor_resets_open ON factor_resets (user_id) WHERE ended_at IS NULL;
