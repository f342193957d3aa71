-- owner: support

-- A file among sensible data, under the data's own key; its name lies within sealed. file_size: bytes of what was sent.
ALTER TABLE ticket_secrets ADD COLUMN file_size BIGINT NULL;
ALTER TABLE ticket_secrets ADD COLUMN sealed_file BYTES NULL;
