//! Addresses of before: the queue of messages became the queue of everything.

use super::{ONE, QUEUE};
use crate::ticket::TicketId;
use web::{Param, Path, Path1, Result, Staff, redirect};

pub const LIST: Path = Path::new("/desk/nachrichten");
pub const THREAD: Path1 = Path1::new("/desk/nachrichten/{id}");

pub async fn list(cx: Staff) -> Result {
    let mut to = format!("{}?art=message", QUEUE.url());
    if !cx.info.query_string.is_empty() {
        to = format!("{to}&{}", cx.info.query_string);
    }
    Ok(redirect(&to))
}

pub async fn show(_: Staff, Param(id): Param<TicketId>) -> Result {
    Ok(redirect(&ONE.to(id)))
}
