//! The log of acts ("Protokoll"): who did what to what, written with the act itself.

use crate::{Result, Tx, params, sql};
use kernel::data::Value;
use kernel::{Ctx, CustomerId, Moment, Uuid};
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
    /// The lines right after this one in time.
    NewerThan(AuditId),
}

/// At most `limit` lines, newest first.
pub async fn list(tx: &mut Tx, filter: &Filter, page: Page, limit: i64) -> Result<Vec<Line>> {
    let mut low = filter.from.map_or(Uuid::nil(), start_of);
    let mut high = filter.to.map_or(Uuid::max(), start_of);
    match page {
        Page::Newest => {}
        Page::OlderThan(id) => high = high.min(id.0),
        // ids are never neighbours: the next higher one excludes `id` itself
        Page::NewerThan(id) => low = low.max(Uuid::from_u128(id.0.as_u128().saturating_add(1))),
    }
    let end = format!("{}\u{10FFFF}", filter.act);
    let from = filter.from.map_or(i64::MIN, Moment::micros);
    let to = filter.to.map_or(i64::MAX, Moment::micros);
    let rest: [Value; 9] = params![
        low,
        high,
        filter.act.as_str(),
        end,
        filter.actor,
        from,
        to,
        limit,
        filter.actor_kind.as_str()
    ];
    let upwards = matches!(page, Page::NewerThan(_));
    let mut lines = match filter.customer {
        Some(customer) => {
            let [low, high, act, end, actor, from, to, limit, kind] = rest;
            let params = [
                low,
                high,
                act,
                end,
                actor,
                from,
                to,
                limit,
                kind,
                customer.into(),
            ];
            let stmt = if upwards {
                sql!(
                    Line,
                    "SELECT id, at, actor_kind, actor_id, customer_id, act, subject, subject_id, detail FROM audit \
                     WHERE customer_id = $10 AND id >= $1 AND id < $2 AND act >= $3 AND act < $4 \
                     AND (actor_id = $5 OR $5 IS NULL) AND ($9 = '' OR actor_kind = $9) AND at >= $6 AND at < $7 ORDER BY id LIMIT $8"
                )
            } else {
                sql!(
                    Line,
                    "SELECT id, at, actor_kind, actor_id, customer_id, act, subject, subject_id, detail FROM audit \
                     WHERE customer_id = $10 AND id >= $1 AND id < $2 AND act >= $3 AND act < $4 \
                     AND (actor_id = $5 OR $5 IS NULL) AND ($9 = '' OR actor_kind = $9) AND at >= $6 AND at < $7 ORDER BY id DESC LIMIT $8"
                )
            };
            tx.all(stmt, params).await?
        }
        None => {
            let stmt = if upwards {
                sql!(
                    Line,
                    "SELECT id, at, actor_kind, actor_id, customer_id, act, subject, subject_id, detail FROM audit \
                     WHERE id >= $1 AND id < $2 AND act >= $3 AND act < $4 \
                     AND (actor_id = $5 OR $5 IS NULL) AND ($9 = '' OR actor_kind = $9) AND at >= $6 AND at < $7 ORDER BY id LIMIT $8"
                )
            } else {
                sql!(
                    Line,
                    "SELECT id, at, actor_kind, actor_id, customer_id, act, subject, subject_id, detail FROM audit \
                     WHERE id >= $1 AND id < $2 AND act >= $3 AND act < $4 \
                     AND (actor_id = $5 OR $5 IS NULL) AND ($9 = '' OR actor_kind = $9) AND at >= $6 AND at < $7 ORDER BY id DESC LIMIT $8"
                )
            };
            tx.all(stmt, rest).await?
        }
    };
    if upwards {
        lines.reverse();
    }
    Ok(lines)
}

/// The lowest id that an entry of this millisecond can have, so that times are found in the index of ids.
fn start_of(at: Moment) -> Uuid {
    let micros = at.micros().clamp(0, 1 << 57);
    let millis = Duration::from_micros(u64::try_from(micros).unwrap_or(0)).as_millis();
    Uuid::from_u128(millis << 80)
}
