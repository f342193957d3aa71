-- owner: intake
-- In a customer's mail history stand the mails of their tickets, but for what only staff may read (internal).
-- shown: who wrote to whom, the text and the names of files, as JSON; it outlives the original.
ALTER TABLE inbound_mails ADD COLUMN internal BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE inbound_mails ADD COLUMN shown TEXT NOT NULL DEFAULT '';
UPDATE inbound_mails SET internal = TRUE WHERE entry_id IN (SELECT id FROM ticket_entries WHERE internal = TRUE);
UPDATE inbound_mails SET ticket_id = (SELECT e.ticket_id FROM ticket_entries e WHERE e.id = inbound_mails.entry_id),
    customer_id = (SELECT e.customer_id FROM ticket_entries e WHERE e.id = inbound_mails.entry_id)
    WHERE entry_id IN (SELECT id FROM ticket_entries);

-- SQLite reads past the whole mail to what stands behind it in the row; so a list must not touch the row.
-- on sqlite only
CREATE INDEX inbound_mails_by_customer ON inbound_mails (customer_id, received_at, id, sender, subject)
    WHERE customer_id IS NOT NULL AND entry_id IS NOT NULL AND internal = FALSE;
-- on postgres only
CREATE INDEX inbound_mails_by_customer ON inbound_mails (customer_id, received_at, id)
    WHERE customer_id IS NOT NULL AND entry_id IS NOT NULL AND internal = FALSE;
