-- owner: support
-- The desk's queue reads far through these, so all that it is narrowed by stands in the index: a ticket itself is read
-- only where it is shown. tickets_mine: what waits for us and lies with somebody, among all that ever lay there.
DROP INDEX tickets_by_state;
DROP INDEX tickets_listed;
DROP INDEX tickets_due;
CREATE INDEX tickets_by_state ON tickets (state, last_at, id, kind, department, priority, assignee_id);
CREATE INDEX tickets_listed ON tickets (last_at, id, kind, department, priority, assignee_id);
CREATE INDEX tickets_due ON tickets (due_at, id, kind, department, priority, assignee_id) WHERE due_at IS NOT NULL;
CREATE INDEX tickets_mine ON tickets (assignee_id, due_at) WHERE due_at IS NOT NULL;

-- Asked for in transactions that write, where reading all of a table would keep everybody waiting.
CREATE INDEX ticket_participants_bounced ON ticket_participants (user_id) WHERE bounced_at IS NOT NULL;
CREATE INDEX ticket_unread_of_ticket ON ticket_unread (ticket_id);
