-- owner: support
-- Answers that a member has not seen: a row each, gone when the thread is opened. The count on every page reads only
-- these few, however many threads a customer has.
CREATE TABLE ticket_unread (
    user_id UUID NOT NULL,
    customer_id UUID NOT NULL,
    ticket_id UUID NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (user_id, customer_id, ticket_id)
);
INSERT INTO ticket_unread (user_id, customer_id, ticket_id, since)
    SELECT m.user_id, t.customer_id, t.id, t.answered_at FROM tickets t
    JOIN memberships m ON m.customer_id = t.customer_id
    LEFT JOIN ticket_reads r ON r.ticket_id = t.id AND r.user_id = m.user_id
    WHERE t.answered_at > coalesce(r.at, 0);
DROP TABLE ticket_reads;
