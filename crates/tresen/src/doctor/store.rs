//! What all tables say of each other: the one place that knows them all.

use db::{Result, Tx, params, sql};

/// Rows that have lost what they belong to, in words and by number; kinds without any are left out.
pub async fn orphans(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    let stmt = sql!(
        (String, i64),
        "SELECT 'memberships without a customer', COUNT(*) FROM memberships a WHERE a.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers b WHERE b.id = a.customer_id) \
         UNION ALL SELECT 'memberships without a user', COUNT(*) FROM memberships a WHERE a.user_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM users b WHERE b.id = a.user_id) \
         UNION ALL SELECT 'search keys without a customer', COUNT(*) FROM customer_keys a WHERE a.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers b WHERE b.id = a.customer_id) \
         UNION ALL SELECT 'addresses without a customer', COUNT(*) FROM addresses a WHERE a.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers b WHERE b.id = a.customer_id) \
         UNION ALL SELECT 'contacts without a customer', COUNT(*) FROM contacts a WHERE a.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers b WHERE b.id = a.customer_id) \
         UNION ALL SELECT 'notes without a customer', COUNT(*) FROM customer_notes a WHERE a.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers b WHERE b.id = a.customer_id) \
         UNION ALL SELECT 'former names without a customer', COUNT(*) FROM customer_names a WHERE a.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers b WHERE b.id = a.customer_id) \
         UNION ALL SELECT 'invitations without a customer', COUNT(*) FROM invitations a WHERE a.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers b WHERE b.id = a.customer_id) \
         UNION ALL SELECT 'mail addresses without a user', COUNT(*) FROM user_emails a WHERE a.user_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM users b WHERE b.id = a.user_id) \
         UNION ALL SELECT 'passwords without a user', COUNT(*) FROM passwords a WHERE a.user_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM users b WHERE b.id = a.user_id) \
         UNION ALL SELECT 'sessions without a user', COUNT(*) FROM sessions a WHERE a.user_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM users b WHERE b.id = a.user_id) \
         UNION ALL SELECT 'desk sessions without staff', COUNT(*) FROM staff_sessions a WHERE a.staff_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM staff b WHERE b.id = a.staff_id) \
         UNION ALL SELECT 'messages without a customer', COUNT(*) FROM tickets a WHERE a.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers b WHERE b.id = a.customer_id) \
         UNION ALL SELECT 'entries without a message', COUNT(*) FROM ticket_entries a WHERE a.ticket_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tickets b WHERE b.id = a.ticket_id) \
         UNION ALL SELECT 'participants without a message', COUNT(*) FROM ticket_participants a WHERE a.ticket_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tickets b WHERE b.id = a.ticket_id) \
         UNION ALL SELECT 'unread marks without a message', COUNT(*) FROM ticket_unread a WHERE a.ticket_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tickets b WHERE b.id = a.ticket_id) \
         UNION ALL SELECT 'mails to a customer who is not there', COUNT(*) FROM mails a WHERE a.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers b WHERE b.id = a.customer_id) \
         UNION ALL SELECT 'files of a customer who is not there', COUNT(*) FROM files a WHERE a.customer_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM customers b WHERE b.id = a.customer_id) \
         UNION ALL SELECT 'sealed links without a mail', COUNT(*) FROM mail_slots a WHERE a.mail_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM mails b WHERE b.id = a.mail_id)"
    );
    let mut found = tx.all(stmt, params![]).await?;
    found.retain(|(_, count)| *count > 0);
    Ok(found)
}
