-- owner: db

-- One row for each write transaction on PostgreSQL: tells after a broken connection whether it was stored.
CREATE TABLE commits (
  id UUID PRIMARY KEY NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX commits_at ON commits (at);

CREATE TABLE counters (
  name TEXT PRIMARY KEY NOT NULL,
  value BIGINT NOT NULL
);

-- seq and hash stay empty until the entry is sealed into the chain.
CREATE TABLE audit (
  id UUID PRIMARY KEY NOT NULL,
  seq BIGINT NULL,
  at BIGINT NOT NULL,
  actor_kind TEXT NOT NULL,
  actor_id UUID NULL,
  customer_id UUID NULL,
  act TEXT NOT NULL,
  subject TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  detail TEXT NOT NULL,
  hash BYTES NULL
);
CREATE UNIQUE INDEX audit_seq ON audit (seq);
CREATE INDEX audit_customer ON audit (customer_id, id);
CREATE INDEX audit_actor ON audit (actor_id, id);
CREATE INDEX audit_subject ON audit (subject, subject_id, id);
