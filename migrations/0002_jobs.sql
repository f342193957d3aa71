-- owner: jobs

CREATE TABLE jobs (
    id UUID NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    lane BIGINT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    max_attempts BIGINT NOT NULL,
    locked_until BIGINT,
    locked_by UUID,
    last_error TEXT,
    dedupe_key TEXT,
    subject_key TEXT,
    subject_seq BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX jobs_dedupe ON jobs (dedupe_key);
CREATE INDEX jobs_due ON jobs (state, lane, run_at, id);
CREATE INDEX jobs_listed ON jobs (state, created_at, id);
CREATE INDEX jobs_subject ON jobs (subject_key, subject_seq);

CREATE TABLE schedules (
    name TEXT NOT NULL PRIMARY KEY,
    pattern TEXT NOT NULL,
    next_run BIGINT NOT NULL
);
