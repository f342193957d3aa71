//! The log of acts ("Protokoll"): who did what to what, written with the act itself.

pub mod chain;

use crate::{Result, Stmt, Tx, params, sql};
use kernel::{Ctx, CustomerId, Moment, UserId, Uuid};
use std::time::Duration;

kernel::typed_id!(
    /// One line of the log; sorts by time.
    AuditId
);

/// What a verb says about itself.
#[derive(Debug)]
pub struct Entry {
    /// `noun.verb` in the past: `address.added`.
    pub act: &'static str,
    pub customer: Option<CustomerId>,
    /// The kind of thing that was acted on: `address`.
    pub subject: &'static str,
    pub subject_id: String,
    /// What a reader needs besides; no secrets.
    pub detail: serde_json::Value,
}

impl Entry {
    /// About a user; `..` over it names the customer and the detail, where there are any.
    pub fn about_user(act: &'static str, user: UserId) -> Self {
        Entry {
            act,
            customer: None,
            subject: "user",
            subject_id: user.to_string(),
            detail: serde_json::json!({}),
        }
    }
}

/// Writes an entry in the verb's own transaction. Actor and time come from `ctx`.
pub async fn record(tx: &mut Tx, ctx: &Ctx, entry: Entry) -> Result<AuditId> {
    let id: AuditId = ctx.id();
    let stmt = sql!(
        "INSERT INTO audit (id, at, actor_kind, actor_id, customer_id, act, subject, subject_id, detail) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    );
    let params = params![
        id,
        ctx.now,
        ctx.actor.kind(),
        ctx.actor.id(),
        entry.customer,
        entry.act,
        entry.subject,
        entry.subject_id,
        entry.detail.to_string()
    ];
    tx.exec(stmt, params).await?;
    Ok(id)
}

/// As [`record`], but nothing when a line of this act on this subject with this very detail stands there already: for
/// news that comes twice.
pub async fn record_once(tx: &mut Tx, ctx: &Ctx, entry: Entry) -> Result<()> {
    let stmt = sql!(
        (AuditId,),
        "SELECT id FROM audit WHERE subject = $1 AND subject_id = $2 AND act = $3 AND detail = $4 LIMIT 1"
    );
    let detail = entry.detail.to_string();
    let params = params![entry.subject, &entry.subject_id, entry.act, detail];
    if tx.opt(stmt, params).await?.is_none() {
        record(tx, ctx, entry).await?;
    }
    Ok(())
}

kernel::row! {
    /// One line of the log as it is read.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Line {
        pub id: AuditId,
        pub at: Moment,
        // `system`, `guest`, `user` or `staff`.
        pub actor_kind: String,
        pub actor_id: Option<Uuid>,
        pub customer_id: Option<CustomerId>,
        pub act: String,
        pub subject: String,
        pub subject_id: String,
        // JSON
        pub detail: String,
        // place in the chain; none until the line is sealed, a few seconds later
        pub seq: Option<i64>,
    }
}

/// Which lines to read; everything empty is everything.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub customer: Option<CustomerId>,
    /// `address.` finds all acts on addresses.
    pub act: String,
    /// The id of a user or of staff.
    pub actor: Option<Uuid>,
    /// `system`, `guest`, `user` or `staff`.
    pub actor_kind: String,
    /// The kind of thing, as `address`; and which one.
    pub subject: String,
    pub subject_id: String,
    pub from: Option<Moment>,
    /// Not included.
    pub to: Option<Moment>,
}

/// Which page of a list that runs from new to old.
#[derive(Debug, Clone, Copy, Default)]
pub enum Page {
    #[default]
    Newest,
    /// The lines right before this one in time.
    OlderThan(AuditId),
}

/// At most `limit` lines, newest first.
pub async fn list(tx: &mut Tx, filter: &Filter, page: Page, limit: i64) -> Result<Vec<Line>> {
    let end = filter.to.map_or(Uuid::max(), start_of);
    let before = match page {
        Page::Newest => end,
        Page::OlderThan(id) => end.min(id.0),
    };
    let params = params![
        before,
        filter.from.map_or(Uuid::nil(), start_of),
        filter.act.as_str(),
        format!("{}\u{10FFFF}", filter.act),
        filter.from.map_or(i64::MIN, Moment::micros),
        filter.to.map_or(i64::MAX, Moment::micros),
        filter.actor_kind.as_str(),
        filter.subject.as_str(),
        filter.subject_id.as_str(),
        filter.actor,
        filter.customer,
        limit
    ];
    tx.all(by(filter), params).await
}

/// The statement that begins with the index of what is asked for most narrowly.
fn by(filter: &Filter) -> &'static Stmt<Line> {
    let thing = !filter.subject.is_empty() && !filter.subject_id.is_empty();
    match (thing, filter.customer, filter.actor) {
        (true, ..) => of_thing(),
        (_, Some(_), _) => of_customer(),
        (_, _, Some(_)) => of_actor(),
        _ => of_all(),
    }
}

fn of_all() -> &'static Stmt<Line> {
    sql!(
        Line,
        "SELECT id, at, actor_kind, actor_id, customer_id, act, subject, subject_id, detail, seq FROM audit \
         WHERE id < $1 AND id >= $2 AND act >= $3 AND act < $4 AND at >= $5 AND at < $6 \
         AND ($7 = '' OR actor_kind = $7) AND ($8 = '' OR subject = $8) AND ($9 = '' OR subject_id = $9) \
         AND (actor_id = $10 OR $10 IS NULL) AND (customer_id = $11 OR $11 IS NULL) ORDER BY id DESC LIMIT $12"
    )
}

fn of_customer() -> &'static Stmt<Line> {
    sql!(
        Line,
        "SELECT id, at, actor_kind, actor_id, customer_id, act, subject, subject_id, detail, seq FROM audit \
         WHERE customer_id = $11 AND id < $1 AND id >= $2 AND act >= $3 AND act < $4 AND at >= $5 AND at < $6 \
         AND ($7 = '' OR actor_kind = $7) AND ($8 = '' OR subject = $8) AND ($9 = '' OR subject_id = $9) \
         AND (actor_id = $10 OR $10 IS NULL) AND (customer_id = $11 OR $11 IS NULL) ORDER BY id DESC LIMIT $12"
    )
}

fn of_actor() -> &'static Stmt<Line> {
    sql!(
        Line,
        "SELECT id, at, actor_kind, actor_id, customer_id, act, subject, subject_id, detail, seq FROM audit \
         WHERE actor_id = $10 AND id < $1 AND id >= $2 AND act >= $3 AND act < $4 AND at >= $5 AND at < $6 \
         AND ($7 = '' OR actor_kind = $7) AND ($8 = '' OR subject = $8) AND ($9 = '' OR subject_id = $9) \
         AND (actor_id = $10 OR $10 IS NULL) AND (customer_id = $11 OR $11 IS NULL) ORDER BY id DESC LIMIT $12"
    )
}

fn of_thing() -> &'static Stmt<Line> {
    sql!(
        Line,
        "SELECT id, at, actor_kind, actor_id, customer_id, act, subject, subject_id, detail, seq FROM audit \
         WHERE subject = $8 AND subject_id = $9 AND id < $1 AND id >= $2 AND act >= $3 AND act < $4 AND at >= $5 AND at < $6 \
         AND ($7 = '' OR actor_kind = $7) AND ($8 = '' OR subject = $8) AND ($9 = '' OR subject_id = $9) \
         AND (actor_id = $10 OR $10 IS NULL) AND (customer_id = $11 OR $11 IS NULL) ORDER BY id DESC LIMIT $12"
    )
}

/// The lowest id that an entry of this millisecond can have, so that times are found in the index of ids.
fn start_of(at: Moment) -> Uuid {
    let micros = at.micros().clamp(0, 1 << 57);
    let millis = Duration::from_micros(u64::try_from(micros).unwrap_or(0)).as_millis();
    Uuid::from_u128(millis << 80)
}
