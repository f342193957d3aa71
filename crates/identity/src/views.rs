//! Staff looking at the portal with a user's eyes: short, and tied to one session at the desk. It is no session of the
//! user's, so it is not among the user's devices, tells nobody of a new one, and ends none.

use crate::staff::{self, Role, rights};
use db::{Result, Tx, params, sql};
use kernel::{Ctx, CustomerId, Locale, Moment, Secret, StaffId, UserId, Uuid};
use std::time::Duration;

/// A view ends after this time, used or not.
pub const LONGEST: Duration = Duration::from_secs(30 * 60);

kernel::typed_id!(/** One look with a user's eyes. */ ViewId);

/// A view that is in force.
#[derive(Debug, Clone)]
pub struct View {
    pub id: ViewId,
    pub user: UserId,
    /// The one customer it is for, whoever else the user belongs to.
    pub customer: CustomerId,
    /// The user's name.
    pub name: String,
    /// The language of pages, if the user has chosen one.
    pub language: Option<Locale>,
    pub staff: StaffId,
    pub staff_name: String,
    pub until: Moment,
}

/// A view that has ended.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    pub user: UserId,
    pub customer: CustomerId,
    pub at: Moment,
}

impl Ended {
    fn of((user, customer, since): (UserId, CustomerId, Moment), now: Moment) -> Self {
        Ended {
            user,
            customer,
            at: now.min(since + LONGEST),
        }
    }
}

kernel::row! {
    struct Row {
        id: ViewId,
        user_id: UserId,
        customer_id: CustomerId,
        created_at: Moment,
        first_name: String,
        last_name: String,
        language: Option<Locale>,
        staff_id: StaffId,
        staff_name: String,
        role: Role,
    }
}

/// Opens a view from a session at the desk, in the place of the one it had; gives the token for the cookie. The caller
/// has checked whom it is for, and writes the log.
pub async fn open(
    tx: &mut Tx,
    ctx: &Ctx,
    session: Uuid,
    customer: CustomerId,
    user: UserId,
) -> Result<(Secret, Option<Ended>)> {
    let before = end_of(tx, session, ctx.now).await?;
    let token = ctx.world.token();
    let stmt = sql!(
        "INSERT INTO staff_views (id, token_hash, session_id, user_id, customer_id, created_at) \
         VALUES ($1, $2, $3, $4, $5, $6)"
    );
    let params = params![
        ctx.id::<ViewId>(),
        web::token_hash(&token),
        session,
        user,
        customer,
        ctx.now
    ];
    tx.exec(stmt, params).await?;
    Ok((Secret::new(token), before))
}

/// The view of a hashed token, in the browser that has the desk's session, too. Whoever is signed out there, locked, or
/// no longer has the right sees nothing from that moment on.
pub async fn by_tokens(
    tx: &mut Tx,
    token: [u8; 32],
    desk: [u8; 32],
    now: Moment,
) -> Result<Option<View>> {
    let stmt = sql!(
        Row,
        "SELECT v.id, v.user_id, v.customer_id, v.created_at, u.first_name, u.last_name, u.language, \
         t.id AS staff_id, t.name AS staff_name, t.role \
         FROM staff_views v JOIN staff_sessions s ON s.id = v.session_id JOIN staff t ON t.id = s.staff_id \
         JOIN users u ON u.id = v.user_id \
         WHERE v.token_hash = $1 AND v.created_at > $2 AND s.token_hash = $3 AND s.second_factor_done = TRUE \
         AND s.seen_at > $4 AND s.created_at > $5 AND t.active = TRUE"
    );
    let params = params![
        token,
        now - LONGEST,
        desk,
        now - staff::IDLE,
        now - staff::TOTAL
    ];
    let row = tx.opt(stmt, params).await?;
    let row = row.filter(|row| row.role.rights().contains(&rights::CUSTOMERS_VIEW_AS));
    Ok(row.map(|row| View {
        id: row.id,
        user: row.user_id,
        customer: row.customer_id,
        name: crate::users::full_name(&row.first_name, &row.last_name),
        language: row.language,
        staff: row.staff_id,
        staff_name: row.staff_name,
        until: row.created_at + LONGEST,
    }))
}

/// Ends a view; `None` when its end is in the log already.
pub async fn end(tx: &mut Tx, view: ViewId, now: Moment) -> Result<Option<Ended>> {
    let stmt = sql!(
        (UserId, CustomerId, Moment),
        "DELETE FROM staff_views WHERE id = $1 RETURNING user_id, customer_id, created_at"
    );
    let gone = tx.opt(stmt, params![view]).await?;
    Ok(gone.map(|gone| Ended::of(gone, now)))
}

/// Ends the view of a session at the desk, be its time over or not; `None` when there was none.
async fn end_of(tx: &mut Tx, session: Uuid, now: Moment) -> Result<Option<Ended>> {
    let stmt = sql!(
        (UserId, CustomerId, Moment),
        "DELETE FROM staff_views WHERE session_id = $1 RETURNING user_id, customer_id, created_at"
    );
    let gone = tx.opt(stmt, params![session]).await?;
    Ok(gone.map(|gone| Ended::of(gone, now)))
}

/// Takes away views whose time is over, or whose session at the desk has ended, at most so many; each is given to one
/// caller only, who writes the log.
pub async fn take_over(tx: &mut Tx, now: Moment, limit: i64) -> Result<Vec<Ended>> {
    let stmt = sql!(
        (UserId, CustomerId, Moment),
        "DELETE FROM staff_views WHERE id IN (
            SELECT v.id FROM staff_views v LEFT JOIN staff_sessions s ON s.id = v.session_id LEFT JOIN staff t ON t.id = s.staff_id
            WHERE v.created_at <= $1 OR s.id IS NULL OR s.seen_at <= $2 OR s.created_at <= $3 OR t.active = FALSE LIMIT $4)
         RETURNING user_id, customer_id, created_at"
    );
    let params = params![now - LONGEST, now - staff::IDLE, now - staff::TOTAL, limit];
    let gone = tx.all(stmt, params).await?;
    Ok(gone.into_iter().map(|gone| Ended::of(gone, now)).collect())
}
