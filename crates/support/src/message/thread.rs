//! A thread as both sides see it.

use crate::ticket::store::{self, Entry};
use crate::ticket::{self, Channel, EntryId, Kind, Proof, Side, State, Ticket, What};
use db::Tx;
use kernel::{Locale, Moment, Uuid};
use serde::Serialize;
use web::{Cx, FileView, Reader};

/// Entries on a page: older ones are a link away.
const ENTRIES: i64 = 100;

/// One entry as the template draws it.
#[derive(Debug, Clone, Serialize)]
pub struct EntryView {
    pub id: String,
    pub entry: EntryId,
    pub what: What,
    /// What happened, of all that is no text.
    pub event: String,
    /// `customer`, `staff` or `internal`.
    pub side: &'static str,
    pub name: String,
    /// Whether the reader wrote it.
    pub own: bool,
    pub channel: Channel,
    pub proof: Proof,
    /// A mail that staff has not decided about; only staff sees it.
    pub held: bool,
    pub at: Moment,
    pub text: String,
    /// What a mail repeated of earlier ones.
    pub quoted: String,
    pub files: Vec<FileView>,
    #[serde(skip)]
    hung: String,
}

/// The entries that fit on a page, and from where older ones go on.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Entries {
    pub shown: Vec<EntryView>,
    pub older: Option<String>,
    /// Up to which entry the page shows the thread.
    pub last: i64,
}

impl Entries {
    /// `before` is the value of the address: from which entry on back.
    pub async fn read(
        cx: &Cx,
        tx: &mut Tx,
        ticket: &Ticket,
        reader: Uuid,
        internal: bool,
        before: Option<&str>,
    ) -> db::Result<Self> {
        let before = before.and_then(|seq| seq.parse().ok()).unwrap_or(i64::MAX);
        let mut found = store::entries(tx, ticket.id, before, internal, ENTRIES + 1).await?;
        let older = (found.len() as i64 > ENTRIES).then(|| {
            found.remove(0);
            found
                .first()
                .map(|entry| entry.seq.to_string())
                .unwrap_or_default()
        });
        let last = found.last().map_or(0, |entry| entry.seq);
        let shown = found
            .into_iter()
            .map(|entry| EntryView::of(cx, ticket.kind, entry, reader))
            .collect();
        Ok(Entries { shown, older, last })
    }

    /// Adds the files, if the thread has any; `href` leads to one. `internal` as in [`Entries::read`].
    pub async fn with_files(
        mut self,
        cx: &Cx,
        tx: &mut Tx,
        ticket: &Ticket,
        internal: bool,
        href: impl Fn(files::FileId) -> String,
    ) -> db::Result<Self> {
        if ticket.files == 0 {
            return Ok(self);
        }
        let reader = if internal {
            Reader::Staff
        } else {
            Reader::Customer
        };
        let found = files::of(tx, ticket::owner(ticket.id)).await?;
        for entry in &mut self.shown {
            let ids: Vec<&str> = entry.hung.split(' ').collect();
            let hangs = |file: &&files::File| ids.contains(&file.id.to_string().as_str());
            let files = found.iter().filter(hangs);
            entry.files = files
                .map(|file| FileView::of(cx, file, &href(file.id), reader))
                .collect();
        }
        Ok(self)
    }
}

/// The line of an entry that is no text.
fn event(cx: &Cx, kind: Kind, entry: &Entry) -> String {
    let noun = match (kind, entry.kind) {
        (_, What::Text) => return String::new(),
        (Kind::Message, What::Closed | What::Reopened) => "message",
        _ => "ticket",
    };
    // German and English where they differ
    let mut lines = entry.text.lines();
    let (german, english) = (lines.next().unwrap_or_default(), lines.next());
    let what = match cx.ctx.locale {
        Locale::De => german,
        Locale::En => english.unwrap_or(german),
    };
    let key = format!("{noun}-event-{}", entry.kind.as_str());
    let args = [
        ("name", entry.author_name.as_str().into()),
        ("what", what.into()),
    ];
    cx.app.texts().with(cx.ctx.locale, &key, &args).into_owned()
}

impl EntryView {
    fn of(cx: &Cx, kind: Kind, entry: Entry, reader: Uuid) -> Self {
        let side = match entry.author_kind {
            _ if entry.internal => "internal",
            Side::Customer => "customer",
            Side::Staff => "staff",
        };
        EntryView {
            id: format!("e{}", entry.seq),
            entry: entry.id,
            what: entry.kind,
            event: event(cx, kind, &entry),
            side,
            name: entry.author_name,
            own: entry.author_id == Some(reader),
            channel: entry.channel,
            proof: entry.proof,
            held: entry.proof == Proof::Held,
            at: entry.at,
            text: entry.text,
            quoted: entry.quoted,
            files: Vec::new(),
            hung: entry.files,
        }
    }

    /// One of each kind.
    pub(crate) fn samples() -> Vec<Self> {
        let view = |id: &str, what, side, channel, text: &str| EntryView {
            id: id.into(),
            entry: EntryId(Uuid::nil()),
            what,
            event: if what == What::Text {
                String::new()
            } else {
                "Jana Petersen hat <etwas> getan".into()
            },
            side,
            name: "Jana Petersen".into(),
            own: side == "customer",
            channel,
            proof: Proof::Proven,
            held: false,
            at: Moment::from_micros(1_795_000_000_000_000),
            text: text.into(),
            quoted: String::new(),
            files: Vec::new(),
            hung: String::new(),
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
                proof: Proof::Unproven,
                quoted: "> Wir sehen nach.".into(),
                files: FileView::samples(),
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
            EntryView {
                proof: Proof::Held,
                held: true,
                ..view(
                    "e9",
                    What::Text,
                    "internal",
                    Channel::Mail,
                    "Bitte <schnell>.",
                )
            },
            view("e5", What::Closed, "staff", Channel::Desk, ""),
            view("e6", What::Reopened, "customer", Channel::Portal, ""),
            view("e7", What::Priority, "customer", Channel::Portal, "high"),
            view("e8", What::Joined, "staff", Channel::Desk, "a@b.example"),
        ]
    }
}

/// All states, for samples.
pub(crate) const STATES: &[State] = State::ALL;
