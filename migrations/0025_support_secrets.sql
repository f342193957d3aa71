-- owner: support

-- Sensible data of a ticket. sealed_key: the data's own key, sealed with the installation's; sealed: the data under it.
-- Both are empty once it is wiped: then only that there was something, and who had opened it, is still known.
CREATE TABLE ticket_secrets (
  id UUID PRIMARY KEY NOT NULL,
  ticket_id UUID NOT NULL,
  customer_id UUID NULL,
  label TEXT NOT NULL,
  sealed_key BYTES NULL,
  sealed BYTES NULL,
  added_at BIGINT NOT NULL,
  added_side TEXT NOT NULL,
  added_name TEXT NOT NULL,
  wiped_at BIGINT NULL,
  wiped_by TEXT NULL
);
CREATE INDEX ticket_secrets_of_ticket ON ticket_secrets (ticket_id, id);
CREATE INDEX ticket_secrets_kept ON ticket_secrets (ticket_id) WHERE wiped_at IS NULL;

-- Each time that staff has looked.
CREATE TABLE ticket_secret_openings (
  id UUID PRIMARY KEY NOT NULL,
  secret_id UUID NOT NULL,
  ticket_id UUID NOT NULL,
  customer_id UUID NULL,
  staff_id UUID NOT NULL,
  staff_name TEXT NOT NULL,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX ticket_secret_openings_of_ticket ON ticket_secret_openings (ticket_id, id);

-- Whom a critical ticket calls, in this order. kind: team, staff, mail, webhook. minutes: how long after the step before,
-- if nobody has taken it over by then. sealed_key: what webhooks are signed with.
CREATE TABLE escalation_steps (
  id UUID PRIMARY KEY NOT NULL,
  position BIGINT NOT NULL,
  kind TEXT NOT NULL,
  staff_id UUID NULL,
  target TEXT NULL,
  minutes BIGINT NOT NULL,
  sealed_key BYTES NULL
);
CREATE INDEX escalation_steps_order ON escalation_steps (position, id);

-- A critical ticket that somebody has to take over. done: how many steps were taken; due_at: when the next one is.
CREATE TABLE escalations (
  id UUID PRIMARY KEY NOT NULL,
  ticket_id UUID NOT NULL,
  customer_id UUID NULL,
  number BIGINT NOT NULL,
  emergency TEXT NOT NULL,
  started_at BIGINT NOT NULL,
  done BIGINT NOT NULL,
  due_at BIGINT NULL,
  acknowledged_at BIGINT NULL,
  acknowledged_by UUID NULL,
  acknowledged_name TEXT NULL,
  ended_at BIGINT NULL
);
CREATE UNIQUE INDEX escalations_open ON escalations (ticket_id) WHERE acknowledged_at IS NULL AND ended_at IS NULL;
CREATE INDEX escalations_newest ON escalations (started_at, id);

-- Whom an escalation has called. state: queued, sent, failed.
CREATE TABLE escalation_calls (
  id UUID PRIMARY KEY NOT NULL,
  escalation_id UUID NOT NULL,
  customer_id UUID NULL,
  step BIGINT NOT NULL,
  step_id UUID NULL,
  kind TEXT NOT NULL,
  who TEXT NOT NULL,
  state TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX escalation_calls_of ON escalation_calls (escalation_id, id);
