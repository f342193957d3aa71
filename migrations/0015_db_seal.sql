-- owner: db

-- The end of the log's chain, one row: the last sealed line and its hash. sealed is that hash under the master key, so
-- that nobody without it can put another chain in its place.
CREATE TABLE audit_chain (
  id BIGINT PRIMARY KEY NOT NULL,
  seq BIGINT NOT NULL,
  hash BYTES NULL,
  sealed BYTES NULL
);
INSERT INTO audit_chain (id, seq) VALUES (1, 0);
CREATE INDEX audit_unsealed ON audit (id) WHERE seq IS NULL;
-- without the open lines, or SQLite looks them up here and sorts them all
DROP INDEX audit_seq;
CREATE UNIQUE INDEX audit_seq ON audit (seq) WHERE seq IS NOT NULL;

-- What was written stays; sealing alone may add to it, once.
-- on sqlite only
CREATE TRIGGER audit_kept BEFORE UPDATE OF id, at, actor_kind, actor_id, customer_id, act, subject, subject_id, detail ON audit BEGIN SELECT RAISE(ABORT, 'a line of the log cannot be changed'); END;
-- on sqlite only
CREATE TRIGGER audit_sealed BEFORE UPDATE OF seq, hash ON audit WHEN OLD.seq IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a line of the log is sealed once'); END;
-- on sqlite only
CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'a line of the log cannot be deleted'); END;
-- on postgres only
CREATE FUNCTION audit_refused() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a line of the log cannot be changed or deleted'; END $$;
-- on postgres only
CREATE TRIGGER audit_kept BEFORE UPDATE OF id, at, actor_kind, actor_id, customer_id, act, subject, subject_id, detail ON audit FOR EACH ROW EXECUTE FUNCTION audit_refused();
-- on postgres only
CREATE TRIGGER audit_sealed BEFORE UPDATE OF seq, hash ON audit FOR EACH ROW WHEN (OLD.seq IS NOT NULL) EXECUTE FUNCTION audit_refused();
-- on postgres only
CREATE TRIGGER audit_stays BEFORE DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_refused();
-- on postgres only
CREATE TRIGGER audit_stays_whole BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_refused();
