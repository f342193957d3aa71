//! The customers' pages: overview, new message, thread.

use super::thread::{Entries, EntryView, STATES};
use super::{Answer, Write, key, read_key, shown};
use crate::desk::join;
use crate::elsewhere;
use crate::secret;
use crate::ticket::{self, Author, Kind, State, Ticket, TicketId, store};
use db::Tx;
use files::FileId;
use kernel::Moment;
use knowledge::Offer;
use serde::Serialize;
use web::form::Builder;
use web::{
    Bad, Error, FormView, Link, Member, Page, Pager, Param, Path, Path1, Posted, Reader, Result,
};

pub const LIST: Path = Path::new("/nachrichten");
pub const NEW: Path = Path::new("/nachrichten/neu");
pub const ONE: Path1 = Path1::new("/nachrichten/{id}");
pub const CLOSE: Path1 = Path1::new("/nachrichten/{id}/schliessen");
/// A file of any message of the customer.
pub const FILE: Path1 = Path1::new("/nachrichten/dateien/{id}");

/// A tab over a list.
#[derive(Debug, Clone, Serialize)]
pub struct Tab {
    pub href: String,
    pub label: String,
    pub current: bool,
    pub count: Option<i64>,
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    pub href: String,
    pub subject: String,
    pub state: State,
    pub last_at: Moment,
    pub unread: bool,
}

#[derive(Debug, Serialize)]
pub struct ListPage {
    pub rows: Vec<Row>,
    pub tabs: Vec<Tab>,
    pub pager: Pager,
    pub write: String,
    /// Whether a filter left nothing over, rather than that there is nothing.
    pub filtered: bool,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "support/portal/list.html";
    fn samples() -> Vec<Self> {
        let row = |state: &State| Row {
            href: "/nachrichten/1".into(),
            subject: "Die Kasse zeigt <502>".into(),
            state: *state,
            last_at: Moment::from_micros(1_795_000_000_000_000),
            unread: *state == State::Waiting,
        };
        let page = |rows: Vec<Row>, filtered| ListPage {
            rows,
            tabs: vec![Tab {
                href: LIST.url(),
                label: "Alle".into(),
                current: true,
                count: None,
            }],
            pager: Pager {
                older: Some("/nachrichten?nach=1".into()),
                ..Pager::default()
            },
            write: NEW.url(),
            filtered,
        };
        vec![
            page(STATES.iter().map(row).collect(), false),
            page(Vec::new(), true),
            page(Vec::new(), false),
        ]
    }
}

pub async fn list(cx: Member) -> Result {
    let closed = match cx.query("zustand") {
        Some("offen") => Some(false),
        Some("geschlossen") => Some(true),
        _ => None,
    };
    let mut tx = cx.read().await?;
    let before = read_key(cx.query("nach"));
    let limit = web::PAGE as i64 + 1;
    let mut found = store::list(&mut tx, cx.customer, cx.user, closed, before, limit).await?;
    let pager = Pager::cut(&cx, &mut found, |row| key(row.last_at, row.id.0));
    let rows = found.into_iter().map(|row| Row {
        href: ONE.to(row.id),
        subject: shown(&cx, row.subject),
        state: row.state,
        last_at: row.last_at,
        unread: row.unread,
    });
    let tab = |word: &str, label: &str, wanted: Option<bool>| Tab {
        href: if word.is_empty() {
            LIST.url()
        } else {
            format!("{}?zustand={word}", LIST.url())
        },
        label: cx.text(label),
        current: closed == wanted,
        count: None,
    };
    let tabs = vec![
        tab("", "message-all", None),
        tab("offen", "message-open", Some(false)),
        tab("geschlossen", "message-closed", Some(true)),
    ];
    let filtered = closed.is_some() || cx.query("nach").is_some();
    cx.page(ListPage {
        rows: rows.collect(),
        tabs,
        pager,
        write: NEW.url(),
        filtered,
    })
}

#[derive(Debug, Serialize)]
pub struct NewPage {
    pub form: FormView,
    pub offer: Offer,
    pub list: String,
}

impl Page for NewPage {
    const TEMPLATE: &'static str = "support/portal/new.html";
    fn samples() -> Vec<Self> {
        let forms = FormView::samples::<Write>();
        Offer::samples("text")
            .into_iter()
            .zip(forms.iter().cycle())
            .map(|(offer, form)| NewPage {
                form: form.clone(),
                offer,
                list: LIST.url(),
            })
            .collect()
    }
}

fn new_form(cx: &Member) -> Builder<'_> {
    cx.form::<Write>(NEW.url())
        .submit("message-send")
        .cancel(LIST.url())
}

pub async fn new(cx: Member) -> Result {
    cx.page(NewPage {
        form: new_form(&cx).empty(),
        offer: Offer::of("text"),
        list: LIST.url(),
    })
}

pub async fn create(cx: Member, form: Posted<Write>) -> Result {
    if knowledge::asked(&form.raw) {
        let mut tx = cx.read().await?;
        let offer = knowledge::offer(&cx, &mut tx, &form.raw, "text").await?;
        return cx.page(NewPage {
            form: new_form(&cx).raw(&form.raw),
            offer,
            list: LIST.url(),
        });
    }
    let read = form
        .parse()
        .and_then(|write| secret::clear(&form.raw, &write.text.0));
    let cleared = match read {
        Ok(cleared) => cleared,
        Err(bad) => {
            return cx.invalid(NewPage {
                form: new_form(&cx).bad(&bad),
                offer: Offer::of("text"),
                list: LIST.url(),
            });
        }
    };
    let moved = cleared.seal(&cx)?;
    let mut tx = cx.begin().await?;
    let author = author(&cx)?;
    let id = ticket::open(&mut tx, &cx.ctx, cx.customer, author, &cleared.text).await?;
    secret::keep_with(&mut tx, &cx.ctx, id, author, moved.as_ref()).await?;
    cx.done(tx, ONE.to(id), "notice-message-sent").await
}

fn author(cx: &Member) -> Result<Author<'_>> {
    let name = cx.session().map_or("", |session| session.name.as_str());
    Author::of(&cx.ctx, name).ok_or(Error::SignIn)
}

#[derive(Debug, Serialize)]
pub struct ThreadPage {
    pub subject: String,
    pub state: State,
    pub opened_at: Moment,
    pub opened_by: String,
    pub answered_at: Option<Moment>,
    pub entries: Entries,
    pub older: Option<Link>,
    pub form: FormView,
    pub list: String,
    /// Where closing is posted to; none when it is closed.
    pub close: Option<String>,
    /// Sensible data.
    pub secrets: String,
}

impl Page for ThreadPage {
    const TEMPLATE: &'static str = "support/portal/thread.html";
    fn samples() -> Vec<Self> {
        let page = |state: State, form: FormView| ThreadPage {
            subject: "Die Kasse zeigt <502>".into(),
            state,
            opened_at: Moment::from_micros(1_794_000_000_000_000),
            opened_by: "Jana Petersen".into(),
            answered_at: (state == State::Waiting)
                .then(|| Moment::from_micros(1_795_000_000_000_000)),
            entries: Entries {
                shown: EntryView::samples(),
                ..Entries::default()
            },
            older: (state == State::New).then(|| Link {
                href: "/nachrichten/1?vor=9".into(),
                label: "Ältere".into(),
            }),
            form,
            list: LIST.url(),
            close: (state != State::Closed).then(|| CLOSE.to("1")),
            secrets: secret::portal::OF_MESSAGE.to("1"),
        };
        let forms = FormView::samples::<Answer>();
        STATES
            .iter()
            .zip(forms.iter().cycle())
            .map(|(state, form)| page(*state, form.clone()))
            .collect()
    }
}

/// The thread with this form under it.
async fn thread(cx: &Member, tx: &mut Tx, ticket: Ticket, bad: Option<&Bad>) -> Result<ThreadPage> {
    let entries = Entries::read(cx, tx, &ticket, cx.user.0, false, cx.query("vor"))
        .await?
        .with_files(cx, tx, &ticket, false, |id| FILE.to(id))
        .await?;
    let form = cx.form::<Answer>(ONE.to(ticket.id)).submit("answer-send");
    let older = entries.older.as_ref().map(|seq| Link {
        href: format!("{}?vor={seq}", ONE.to(ticket.id)),
        label: cx.text("message-older"),
    });
    Ok(ThreadPage {
        close: (!ticket.is_closed()).then(|| CLOSE.to(ticket.id)),
        secrets: secret::portal::OF_MESSAGE.to(ticket.id),
        subject: shown(cx, ticket.subject),
        state: ticket.state,
        opened_at: ticket.opened_at,
        opened_by: ticket.requester_name,
        answered_at: ticket.answered_at,
        entries,
        older,
        form: match bad {
            Some(bad) => form.bad(bad),
            None => form.empty(),
        },
        list: LIST.url(),
    })
}

pub async fn show(cx: Member, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.read().await?;
    let ticket = match store::one_of(&mut tx, cx.customer, Kind::Message, id).await {
        Err(db::Error::Missing) => {
            return elsewhere::show(&cx, &mut tx, Kind::Message, id, &ONE).await;
        }
        found => found?,
    };
    if let Some(into) = ticket.merged_into {
        return elsewhere::kept(&cx, &mut tx, into).await;
    }
    let unseen = store::is_unread(&mut tx, cx.customer, id, cx.user).await?;
    let page = thread(&cx, &mut tx, ticket, None).await?;
    drop(tx);
    if unseen && cx.info.is_look {
        note_seen(&cx, id).await;
    }
    cx.page(page)
}

/// The one thing a page writes down by being opened, and only when there is something new on it. Losing it does no
/// harm: the thread stays marked as unread.
pub(crate) async fn note_seen(cx: &Member, id: TicketId) {
    let done = async {
        let mut tx = cx.app.db().begin().await?;
        store::seen(&mut tx, cx.customer, id, cx.user, cx.ctx.now).await?;
        tx.commit().await
    };
    if let Err(error) = done.await {
        tracing::debug!(%error, "reading not noted");
    }
}

pub async fn answer(cx: Member, Param(id): Param<TicketId>, form: Posted<Answer>) -> Result {
    let read = form
        .parse()
        .and_then(|answer| secret::clear(&form.raw, &answer.text.0));
    let cleared = match read {
        Ok(cleared) => cleared,
        Err(bad) => {
            let mut tx = cx.read().await?;
            let ticket = store::one_of(&mut tx, cx.customer, Kind::Message, id).await?;
            return cx.invalid(thread(&cx, &mut tx, ticket, Some(&bad)).await?);
        }
    };
    let moved = cleared.seal(&cx)?;
    let mut tx = cx.begin().await?;
    let mut ticket = store::one_of(&mut tx, cx.customer, Kind::Message, id).await?;
    if ticket.merged_into.is_some() {
        // two became one while this was written: it belongs where the thread goes on
        let goes_on = join::target(&mut tx, ticket).await?.id;
        ticket = store::one(&mut tx, cx.customer, goes_on).await?;
    }
    let author = author(&cx)?;
    ticket::reply(&mut tx, &cx.ctx, &mut ticket, author, &cleared.text).await?;
    secret::keep(&mut tx, &cx.ctx, &mut ticket, author, moved.as_ref()).await?;
    store::seen(&mut tx, cx.customer, ticket.id, cx.user, cx.ctx.now).await?;
    let to = match ticket.kind {
        Kind::Message => ONE.to(ticket.id),
        Kind::Ticket => crate::request::show::ONE.to(ticket.id),
    };
    cx.done(tx, to, "notice-answer-sent").await
}

/// A file that came with an answer.
pub async fn file(cx: Member, Param(id): Param<FileId>) -> Result {
    let mut tx = cx.read().await?;
    if !store::has_file(&mut tx, cx.customer, Kind::Message, id).await? {
        return Err(Error::NotFound);
    }
    let file = files::one(&mut tx, id).await?.ok_or(Error::NotFound)?;
    drop(tx);
    cx.send_file(&file, Reader::Customer).await
}

pub async fn close(cx: Member, Param(id): Param<TicketId>) -> Result {
    let mut tx = cx.begin().await?;
    let mut ticket = store::one_of(&mut tx, cx.customer, Kind::Message, id).await?;
    ticket::close(&mut tx, &cx.ctx, &mut ticket, author(&cx)?).await?;
    cx.done(tx, ONE.to(id), "notice-message-closed").await
}
