-- owner: files
-- A file somebody sent. Its bytes lie encrypted in the store under the row's id; wrapped is their key under the master
-- key, empty once the file is gone. owner_kind and owner_id say what it belongs to; until it is attached they are empty,
-- and after a day it is swept. uploader: who sent it, for what one sender may leave lying about.
CREATE TABLE files (
    id UUID NOT NULL PRIMARY KEY,
    customer_id UUID,
    owner_kind TEXT NOT NULL,
    owner_id UUID,
    uploader TEXT NOT NULL,
    name TEXT NOT NULL,
    original_name TEXT NOT NULL,
    odd BOOLEAN NOT NULL,
    size BIGINT NOT NULL,
    sha256 BYTES NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    scan TEXT NOT NULL,
    scanned_at BIGINT,
    finding TEXT NOT NULL,
    picture TEXT NOT NULL,
    wrapped BYTES NOT NULL,
    created_at BIGINT NOT NULL,
    attached_at BIGINT,
    position BIGINT NOT NULL
);
CREATE INDEX files_by_owner ON files (owner_id, owner_kind, id);
CREATE INDEX files_by_customer ON files (customer_id, id);
CREATE INDEX files_loose ON files (uploader, created_at) WHERE attached_at IS NULL;
CREATE INDEX files_swept ON files (created_at) WHERE attached_at IS NULL;
CREATE INDEX files_unscanned ON files (created_at) WHERE scan = 'unscanned';
