//! Addresses that a server refused for good.

use crate::MailId;
use db::{Tx, params, sql};
use kernel::{Email, Moment, UserId};
use std::time::Duration;

/// Event: the recipient's server said that there is no such address; subject and id are the mail's.
pub const REFUSED: &str = "mail.refused";

/// So long it is remembered after the last refusal.
pub(crate) const REMEMBERED: Duration = Duration::from_secs(180 * 24 * 3600);

kernel::row! {
    /// What is known of an address that takes no mail.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Refusal {
        pub first_at: Moment,
        pub last_at: Moment,
        pub times: i64,
        pub reason: String,
    }
}

/// Notes that mail to this address came back for good.
pub async fn refuse(tx: &mut Tx, now: Moment, email: &Email, reason: &str) -> db::Result<()> {
    let reason: String = reason
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(500)
        .collect();
    tx.exec(
        sql!(
            "INSERT INTO mail_refusals (email, first_at, last_at, times, reason) VALUES ($1, $2, $2, 1, $3)
             ON CONFLICT (email) DO UPDATE SET last_at = excluded.last_at, times = mail_refusals.times + 1, reason = excluded.reason"
        ),
        params![email, now, reason],
    )
    .await
    .map(drop)
}

/// The address works again: somebody wrote from it, or says so. Whether anything was noted.
pub async fn accept(tx: &mut Tx, email: &Email) -> db::Result<bool> {
    let gone = tx
        .exec(
            sql!("DELETE FROM mail_refusals WHERE email = $1"),
            params![email],
        )
        .await?;
    Ok(gone > 0)
}

/// What is noted of an address; `None`: nothing against it.
pub async fn refusal(tx: &mut Tx, email: &Email) -> db::Result<Option<Refusal>> {
    let stmt = sql!(
        Refusal,
        "SELECT first_at, last_at, times, reason FROM mail_refusals WHERE email = $1"
    );
    tx.opt(stmt, params![email]).await
}

pub(crate) async fn forget(tx: &mut Tx, before: Moment) -> db::Result<u64> {
    tx.exec(
        sql!("DELETE FROM mail_refusals WHERE last_at < $1"),
        params![before],
    )
    .await
}

kernel::row! {
    /// Whom a mail went to, and under which id.
    #[derive(Debug, Clone)]
    pub struct Addressed {
        pub to_email: Email,
        pub user_id: Option<UserId>,
        pub message_id: Option<String>,
        pub last_error: Option<String>,
    }
}

/// For handlers of [`REFUSED`] and of [`FAILED`](crate::FAILED); `None` when the mail is gone.
pub async fn addressed(tx: &mut Tx, id: MailId) -> db::Result<Option<Addressed>> {
    let stmt = sql!(
        Addressed,
        "SELECT to_email, user_id, message_id, last_error FROM mails WHERE id = $1"
    );
    tx.opt(stmt, params![id]).await
}

/// Whether a server's last word says that the address does not exist or takes nothing any more; refusals of what the
/// mail says or of who sends it are none of these.
pub(crate) fn means_the_address(code: u16, words: &str) -> bool {
    let enhanced = words
        .split(|c: char| !(c.is_ascii_digit() || c == '.'))
        .find_map(|word| {
            let mut parts = word.split('.').map(str::parse::<u16>);
            match (parts.next(), parts.next(), parts.next(), parts.next()) {
                (Some(Ok(class @ (4 | 5))), Some(Ok(subject)), Some(Ok(detail)), None) => {
                    Some((class, subject, detail))
                }
                _ => None,
            }
        });
    match enhanced {
        // of 5.1 all but what is said of the sender
        Some((5, 1, detail)) => !matches!(detail, 7..=9),
        // disabled
        Some((5, 2, 1)) => true,
        Some(_) => false,
        None => matches!(code, 550 | 551 | 553 | 556),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_said_of_the_address_counts() {
        for (code, words, expected) in [
            (550, "permanent error (550): 5.1.1 User unknown", true),
            (550, "5.1.1 <a@b.de>: Recipient address rejected", true),
            (550, "No such user here", true),
            (556, "5.1.10 domain has null MX", true),
            (550, "5.2.1 mailbox disabled", true),
            (552, "5.2.2 mailbox full", false),
            (550, "5.7.1 looks like spam, see 10.0.0.1", false),
            (550, "10.0.0.1 is blocked, 5.7.1", false),
            (553, "5.1.8 sender's domain does not exist", false),
            (554, "transaction failed", false),
            (501, "5.5.4 syntax", false),
            (530, "authentication required", false),
        ] {
            assert_eq!(means_the_address(code, words), expected, "{words}");
        }
    }
}
