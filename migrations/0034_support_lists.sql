-- owner: support
-- A customer's tickets lie scattered over the whole table; so what a list shows stands in its index (SQLite keeps few pages
-- in the cache of a connection, and to find each row reads three of them).
-- on sqlite only
DROP INDEX tickets_by_customer;
-- on sqlite only
CREATE INDEX tickets_by_customer ON tickets (customer_id, kind, last_at, id, state, number, subject, department, priority, requester_name);
