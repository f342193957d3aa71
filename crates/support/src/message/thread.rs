//! A thread as both sides see it.

use crate::ticket::store::{self, Entry};
use crate::ticket::{Channel, Side, State, TicketId, What};
use db::Tx;
use kernel::{Moment, Uuid};
use serde::Serialize;

/// Entries on a page: older ones are a link away.
const ENTRIES: i64 = 100;

/// One entry as the template draws it.
#[derive(Debug, Clone, Serialize)]
pub struct EntryView {
    pub id: String,
    pub what: What,
    /// `customer`, `staff` or `internal`.
    pub side: &'static str,
    pub name: String,
    /// Whether the reader wrote it.
    pub own: bool,
    pub channel: Channel,
    pub at: Moment,
    pub text: String,
}

/// The entries that fit on a page, and from where older ones go on.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Entries {
    pub shown: Vec<EntryView>,
    pub older: Option<String>,
}

impl Entries {
    /// `before` is the value of the address: from which entry on back.
    pub async fn read(
        tx: &mut Tx,
        ticket: TicketId,
        reader: Uuid,
        internal: bool,
        before: Option<&str>,
    ) -> db::Result<Self> {
        let before = before.and_then(|seq| seq.parse().ok()).unwrap_or(i64::MAX);
        let mut found = store::entries(tx, ticket, before, internal, ENTRIES + 1).await?;
        let older = (found.len() as i64 > ENTRIES).then(|| {
            found.remove(0);
            found
                .first()
                .map(|entry| entry.seq.to_string())
                .unwrap_or_default()
        });
        let shown = found
            .into_iter()
            .map(|entry| EntryView::of(entry, reader))
            .collect();
        Ok(Entries { shown, older })
    }
}

impl EntryView {
    fn of(entry: Entry, reader: Uuid) -> Self {
        let side = match entry.author_kind {
            _ if entry.internal => "internal",
            Side::Customer => "customer",
            Side::Staff => "staff",
        };
        EntryView {
            id: format!("e{}", entry.seq),
            what: entry.kind,
            side,
            name: entry.author_name,
            own: entry.author_id == Some(reader),
            channel: entry.channel,
            at: entry.at,
            text: entry.text,
        }
    }

    /// One of each kind.
    pub(crate) fn samples() -> Vec<Self> {
        let view = |id: &str, what, side, channel, text: &str| EntryView {
            id: id.into(),
            what,
            side,
            name: "Jana Petersen".into(),
            own: side == "customer",
            channel,
            at: Moment::from_micros(1_795_000_000_000_000),
            text: text.into(),
        };
        vec![
            view(
                "e1",
                What::Text,
                "customer",
                Channel::Portal,
                "Die Kasse zeigt\n\n<502>",
            ),
            EntryView {
                own: false,
                ..view("e2", What::Text, "customer", Channel::Mail, "Auch hier.")
            },
            view("e3", What::Text, "staff", Channel::Desk, "Wir sehen nach."),
            view(
                "e4",
                What::Text,
                "internal",
                Channel::Desk,
                "Frist erhöhen?",
            ),
            view("e5", What::Closed, "staff", Channel::Desk, ""),
            view("e6", What::Reopened, "customer", Channel::Portal, ""),
        ]
    }
}

/// All states, for samples.
pub(crate) const STATES: &[State] = State::ALL;
