-- owner: intake
-- What waits for staff to say whose it is stands in no customer's history meanwhile.
UPDATE inbound_mails SET internal = TRUE WHERE entry_id IN (SELECT id FROM ticket_entries WHERE internal = TRUE);
