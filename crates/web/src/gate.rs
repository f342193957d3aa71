//! Who stands behind a session cookie. The trait is owned here and filled by the binary.

use crate::access::Rights;
use db::Tx;
use futures_util::future::BoxFuture;
use kernel::{Ctx, CustomerId, Locale, Moment, StaffId, UserId, Uuid};

/// A signed-in user of the portal.
#[derive(Debug, Clone)]
pub struct MemberSession {
    pub session: Uuid,
    pub user: UserId,
    pub name: String,
    /// The language the user has chosen; `None` follows cookie and browser.
    pub locale: Option<Locale>,
    /// When the session was last written down as used.
    pub seen: Moment,
    /// Until when a sensitive act needs no further sign-in.
    pub fresh_until: Moment,
    /// Beginnings of the paths that are open until something is done there; the first is where the session is led.
    /// `None`: all are.
    pub only: Option<&'static [&'static str]>,
    pub acting: Option<Acting>,
    /// Who looks, when it is not the user: staff with the user's eyes. Then nothing can be changed, and what is the
    /// user's own stays closed.
    pub viewer: Option<Viewer>,
    /// All customers the user may switch between.
    pub customers: Vec<Membership>,
}

impl MemberSession {
    /// Whether a sensitive act needs no further sign-in now.
    pub fn is_fresh(&self, now: Moment) -> bool {
        now <= self.fresh_until
    }
}

/// A member of staff who looks at the portal with a user's eyes.
#[derive(Debug, Clone)]
pub struct Viewer {
    pub staff: StaffId,
    pub name: String,
    pub until: Moment,
}

/// The customer a user acts for.
#[derive(Debug, Clone)]
pub struct Acting {
    pub customer: CustomerId,
    /// With the operator's prefix.
    pub number: String,
    pub name: String,
    pub rights: Rights,
}

/// One line of the switch between customers.
#[derive(Debug, Clone)]
pub struct Membership {
    pub customer: CustomerId,
    pub number: String,
    pub name: String,
}

/// A signed-in member of staff.
#[derive(Debug, Clone)]
pub struct StaffSession {
    pub session: Uuid,
    pub staff: StaffId,
    pub name: String,
    /// Text key of the role.
    pub role: String,
    pub rights: Rights,
    pub locale: Option<Locale>,
    pub seen: Moment,
}

/// Leads from a session token to who it is. Tokens come hashed (SHA-256); expired sessions are nobody.
pub trait Gate: Send + Sync + 'static {
    fn member<'a>(
        &'a self,
        tx: &'a mut Tx,
        token: [u8; 32],
        now: Moment,
    ) -> BoxFuture<'a, db::Result<Option<MemberSession>>>;

    fn staff<'a>(
        &'a self,
        tx: &'a mut Tx,
        token: [u8; 32],
        now: Moment,
    ) -> BoxFuture<'a, db::Result<Option<StaffSession>>>;

    /// With a user's eyes: by the token of the view and that of the desk's session in the same browser. `None` when it is
    /// over.
    fn view<'a>(
        &'a self,
        _tx: &'a mut Tx,
        _token: [u8; 32],
        _desk: [u8; 32],
        _now: Moment,
    ) -> BoxFuture<'a, db::Result<Option<MemberSession>>> {
        Box::pin(async { Ok(None) })
    }

    /// The customers a user belongs to with their names, the one used last first: mails to the user lie in its file.
    fn customers<'a>(
        &'a self,
        _tx: &'a mut Tx,
        _user: UserId,
    ) -> BoxFuture<'a, db::Result<Vec<(CustomerId, String)>>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    /// Whether the session has not been ended since it was looked up: asked in the transaction of the act.
    fn stands<'a>(
        &'a self,
        _tx: &'a mut Tx,
        _session: Uuid,
        _desk: bool,
    ) -> BoxFuture<'a, db::Result<bool>> {
        Box::pin(async { Ok(true) })
    }

    /// Writes down that a session was used; called at most once a minute, never within a page.
    fn touch<'a>(
        &'a self,
        tx: &'a mut Tx,
        ctx: &'a Ctx,
        session: Uuid,
        desk: bool,
    ) -> BoxFuture<'a, db::Result<()>>;
}
