//! Managing staff (DESK-9): inviting, roles, taking and giving access, ending sessions.
//!
//! Nobody grants more than they hold, nobody changes what they hold themselves, and the last one who can manage staff stays.

pub mod desk;
mod mails;
pub(super) mod store;

pub use mails::{Invitation, NewAccess};

use super::{INVITATION, Role, by_id, line, reset};
use crate::links;
use db::{Tx, audit};
use kernel::{Ctx, Email, StaffId, Uuid};
use serde_json::json;
use store::Colleague;
use web::Cx;

/// Why something about a colleague is refused.
#[derive(Debug)]
pub enum Refused {
    /// It would be about oneself.
    Own,
    /// The role holds rights that whoever acts does not hold.
    More,
    /// Nobody would be left who can manage staff.
    Last,
    /// The address is a colleague's already.
    Taken,
    Web(web::Error),
}

impl From<db::Error> for Refused {
    fn from(error: db::Error) -> Self {
        if error.conflict_on("staff.email") {
            Refused::Taken
        } else {
            Refused::Web(error.into())
        }
    }
}

impl From<web::Error> for Refused {
    fn from(error: web::Error) -> Self {
        Refused::Web(error)
    }
}

type Result<T> = std::result::Result<T, Refused>;

/// The role as it is now: the session may know an older one.
async fn role_of(tx: &mut Tx, staff: StaffId) -> Result<Role> {
    let found = by_id(tx, staff).await?.filter(|row| row.active);
    Ok(found.ok_or(web::Error::Forbidden)?.role)
}

/// The colleague, if `by` may act on them.
async fn under(tx: &mut Tx, by: StaffId, staff: StaffId) -> Result<Colleague> {
    if by == staff {
        return Err(Refused::Own);
    }
    let colleague = store::one(tx, staff).await?;
    if role_of(tx, by).await?.covers(colleague.role) {
        Ok(colleague)
    } else {
        Err(Refused::More)
    }
}

async fn one_stays(tx: &mut Tx, colleague: &Colleague) -> Result<()> {
    let counts = colleague.role == Role::Admin && colleague.active;
    if counts && store::other_admins(tx, colleague.id).await? == 0 {
        return Err(Refused::Last);
    }
    Ok(())
}

/// A new colleague, who gets a mail with a link to set password and second factor.
pub async fn invite(
    tx: &mut Tx,
    cx: &Cx,
    by: StaffId,
    email: &Email,
    name: &str,
    role: Role,
) -> Result<StaffId> {
    if !role_of(tx, by).await?.covers(role) {
        return Err(Refused::More);
    }
    let token = super::add(tx, &cx.ctx, email, name, role).await?;
    let added = super::by_email(tx, email)
        .await?
        .ok_or(db::Error::Missing)?;
    let colleague = store::one(tx, added.id).await?;
    mails::invitation(tx, cx, &colleague, &token).await?;
    Ok(colleague.id)
}

/// Another link for somebody who has not followed the first; that one ends.
pub async fn invite_again(tx: &mut Tx, cx: &Cx, by: StaffId, staff: StaffId) -> Result<()> {
    let colleague = under(tx, by, staff).await?;
    if colleague.joined || !colleague.active {
        return Err(web::Error::NotFound.into());
    }
    let token = super::invite(tx, &cx.ctx, staff).await?;
    audit::record(tx, &cx.ctx, line("staff.invited_again", staff, json!({}))).await?;
    mails::invitation(tx, cx, &colleague, &token).await?;
    Ok(())
}

/// Takes password and second factor away, ends all sessions, and mails a link to set both anew.
pub async fn new_access(tx: &mut Tx, cx: &Cx, by: StaffId, staff: StaffId) -> Result<()> {
    let colleague = under(tx, by, staff).await?;
    if !colleague.active {
        return Err(web::Error::NotFound.into());
    }
    one_stays(tx, &colleague).await?;
    let token = reset(tx, &cx.ctx, staff).await?;
    mails::new_access(tx, cx, &colleague, &token).await?;
    Ok(())
}

/// Gives another role; the sessions go on and hold the new rights at once.
pub async fn change_role(
    tx: &mut Tx,
    ctx: &Ctx,
    by: StaffId,
    staff: StaffId,
    role: Role,
) -> Result<()> {
    let colleague = under(tx, by, staff).await?;
    if !role_of(tx, by).await?.covers(role) {
        return Err(Refused::More);
    }
    if colleague.role == role {
        return Ok(());
    }
    one_stays(tx, &colleague).await?;
    store::set_role(tx, staff, role).await?;
    let detail = json!({ "from": colleague.role, "to": role });
    audit::record(tx, ctx, line("staff.role_changed", staff, detail)).await?;
    Ok(())
}

/// Nobody who is not active signs in; sessions and open links end at once.
pub async fn deactivate(tx: &mut Tx, ctx: &Ctx, by: StaffId, staff: StaffId) -> Result<()> {
    let colleague = under(tx, by, staff).await?;
    if !colleague.active {
        return Ok(());
    }
    one_stays(tx, &colleague).await?;
    store::set_active(tx, staff, false).await?;
    super::end_all(tx, staff).await?;
    links::end_for_staff(tx, ctx, INVITATION, staff).await?;
    audit::record(tx, ctx, line("staff.deactivated", staff, json!({}))).await?;
    Ok(())
}

pub async fn activate(tx: &mut Tx, ctx: &Ctx, by: StaffId, staff: StaffId) -> Result<()> {
    let colleague = under(tx, by, staff).await?;
    if colleague.active {
        return Ok(());
    }
    store::set_active(tx, staff, true).await?;
    audit::record(tx, ctx, line("staff.activated", staff, json!({}))).await?;
    Ok(())
}

/// Ends one session of a colleague, or all of them.
pub async fn end(
    tx: &mut Tx,
    ctx: &Ctx,
    by: StaffId,
    staff: StaffId,
    session: Option<Uuid>,
) -> Result<()> {
    under(tx, by, staff).await?;
    match session {
        Some(session) if !store::end_one(tx, staff, session).await? => return Ok(()),
        Some(_) => {}
        None => super::end_all(tx, staff).await?,
    }
    let detail = json!({ "all": session.is_none() });
    audit::record(tx, ctx, line("staff.sessions_ended", staff, detail)).await?;
    Ok(())
}
