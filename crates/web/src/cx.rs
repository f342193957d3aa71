//! The request context: who asks, when, in which language, and the ways to answer.

use crate::access::{Access, Right};
use crate::app::App;
use crate::assets::gzip;
use crate::cookies;
use crate::error::{Error, Result};
use crate::form::{Bad, Builder, Form, RawForm, card};
use crate::frame::Frame;
use crate::gate::{MemberSession, StaffSession, Viewer};
use crate::templates::Page;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use db::{Tx, params, sql};
use flate2::Compression;
use kernel::{Ctx, CustomerId, StaffId, UserId};
use minijinja::value::{Serde, Value};
use std::net::IpAddr;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What is known of the request itself.
#[derive(Debug, Clone)]
pub struct Info {
    /// Shown on error pages and in logs.
    pub id: String,
    pub path: String,
    pub query: RawForm,
    pub query_string: String,
    /// The route's pattern: part of the key under which a form counts as sent.
    pub route: &'static str,
    pub access: Access,
    pub ip: IpAddr,
    /// Throttled as one: IPv4 /24, IPv6 /64.
    pub network: String,
    pub user_agent: String,
    pub accept_language: String,
    pub gzip: bool,
    pub cookies: Vec<(String, String)>,
    /// A fresh token for a visitor without any; sent only when a form needs it.
    pub spare: String,
    /// The key of the posted form, and a hash of what was posted.
    pub form_key: Option<String>,
    pub body_hash: [u8; 32],
    pub is_post: bool,
    /// Somebody has the page before them: neither HEAD nor a browser that fetches ahead.
    pub is_look: bool,
}

impl Info {
    /// A request that nobody sent: for tests, seeds and commands that open a session.
    pub fn unsent(user_agent: &str) -> Self {
        let ip = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
        Info {
            id: String::new(),
            path: "/".into(),
            query: RawForm::default(),
            query_string: String::new(),
            route: "",
            access: Access::Open,
            ip,
            network: crate::client::network(ip),
            user_agent: user_agent.into(),
            accept_language: String::new(),
            gzip: false,
            cookies: Vec::new(),
            spare: String::new(),
            form_key: None,
            body_hash: [0; 32],
            is_post: false,
            is_look: false,
        }
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub enum Who {
    Nobody,
    Member(Box<MemberSession>),
    Staff(Box<StaffSession>),
}

/// The request context.
pub struct Cx {
    pub app: App,
    pub ctx: Ctx,
    pub info: Arc<Info>,
    pub who: Who,
    pub(crate) tx: Mutex<Option<Tx>>,
    pub(crate) db: db::Db,
    pub(crate) counts: Vec<(&'static str, i64)>,
    pub(crate) spare_used: Arc<AtomicBool>,
}

impl Cx {
    /// The page's one snapshot.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn read(&self) -> Result<Tx> {
        let kept = self
            .tx
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match kept {
            Some(tx) => Ok(tx),
            None => Ok(self.db.read().await?),
        }
    }

    /// A write transaction. The posted form's key is claimed in it: the same form sent again answers by itself
    /// with where it led the first time, other content under the same key with a conflict.
    ///
    /// # Errors
    /// See above, and when the database is away.
    pub async fn begin(&self) -> Result<Tx> {
        let mut tx = self.db.begin().await?;
        if let Some(key) = &self.info.form_key {
            let found = tx
                .opt(
                    sql!((Vec<u8>, String), "SELECT body, location FROM form_keys WHERE key = $1 AND actor = $2 AND route = $3"),
                    params![key, self.actor_key(), self.info.route],
                )
                .await?;
            if let Some((body, location)) = found {
                return Err(if body == self.info.body_hash {
                    Error::Replay(location)
                } else {
                    Error::AlreadySent
                });
            }
        }
        self.stands(&mut tx).await?;
        Ok(tx)
    }

    /// Between the look-up and the act a password may have been hashed, which takes its time: whoever was signed out
    /// meanwhile writes nothing any more.
    async fn stands(&self, tx: &mut Tx) -> Result<()> {
        let (session, desk) = match &self.who {
            Who::Member(found) => (found.session, false),
            Who::Staff(found) => (found.session, true),
            Who::Nobody => return Ok(()),
        };
        // a view writes nothing but its own end, which says itself whether it came too late
        let open =
            matches!(self.info.access, Access::Open | Access::DeskOpen) || self.viewer().is_some();
        if open || self.app.stands(tx, session, desk).await? {
            return Ok(());
        }
        Err(Error::SignIn)
    }

    /// Commits, and leads on with a notice (a text key); what was sent under the form's key is noted in the same
    /// transaction.
    ///
    /// # Errors
    /// When the database is away or wants the request run again.
    pub async fn done(&self, tx: Tx, location: impl Into<String>, notice: &str) -> Result {
        let location = location.into();
        self.commit(tx, &location).await?;
        let mut response = redirect(&location);
        if !notice.is_empty() {
            cookies::set(
                &self.app,
                &mut response,
                cookies::notice_name(&self.app),
                notice,
                Some(60),
            );
        }
        Ok(response)
    }

    /// Commits with the note that this form led to `location`.
    pub async fn commit(&self, mut tx: Tx, location: &str) -> Result<()> {
        if let Some(key) = &self.info.form_key {
            tx.exec(
                sql!("INSERT INTO form_keys (key, actor, route, body, location, at) VALUES ($1, $2, $3, $4, $5, $6)"),
                params![key, self.actor_key(), self.info.route, self.info.body_hash, location, self.ctx.now],
            )
            .await
            .map_err(|error| match error {
                // somebody sent the same form at the same time and was first: look again
                db::Error::Conflict(_) => Error::Retry,
                other => other.into(),
            })?;
        }
        tx.commit().await?;
        self.app.wake();
        Ok(())
    }

    /// Whether this person has sent this form before.
    pub(crate) async fn was_sent(&self) -> Result<bool> {
        let Some(key) = &self.info.form_key else {
            return Ok(false);
        };
        let mut tx = self.db.read().await?;
        let found = tx
            .opt(
                sql!(
                    (String,),
                    "SELECT key FROM form_keys WHERE key = $1 AND actor = $2 AND route = $3"
                ),
                params![key, self.actor_key(), self.info.route],
            )
            .await?;
        Ok(found.is_some())
    }

    pub(crate) fn actor_key(&self) -> String {
        match &self.who {
            Who::Member(session) => session.session.to_string(),
            Who::Staff(session) => session.session.to_string(),
            Who::Nobody => cookies::fingerprint(self.secret_cookie()),
        }
    }

    // the token that form tokens are bound to
    fn secret_cookie(&self) -> &str {
        let session = match self.viewer() {
            Some(_) => cookies::view_name(&self.app),
            None => cookies::session_name(&self.app, self.info.access.is_desk()),
        };
        self.info
            .cookie(session)
            .filter(|_| !matches!(self.who, Who::Nobody))
            .or_else(|| self.info.cookie(cookies::guest_name(&self.app)))
            .unwrap_or(&self.info.spare)
    }

    /// A token for a form of this visitor; every call draws another one, all are good.
    pub fn csrf(&self) -> String {
        let secret = self.secret_cookie();
        if secret == self.info.spare {
            self.spare_used.store(true, Ordering::Relaxed);
        }
        cookies::form_token(&self.ctx.world, secret, &self.acting_key())
    }

    /// A form drawn while another customer was acted for must not reach the present one: the switch may have been
    /// made in another tab.
    pub(crate) fn check_csrf(&self, token: &str) -> Result<()> {
        let secret = self.secret_cookie();
        let drawn_for = cookies::form_token_for(token, secret)
            .filter(|_| secret != self.info.spare)
            .ok_or(Error::Token)?;
        match self.info.access.stale() {
            Access::Member(_) if drawn_for != self.acting_key() => Err(Error::OtherCustomer),
            _ => Ok(()),
        }
    }

    /// Names this reader without saying who it is: a user by id, a visitor by a hash of the cookie that guards forms.
    pub fn reader_key(&self) -> String {
        match self.user() {
            Some(session) => format!("u:{}", session.user),
            None => format!("g:{}", cookies::fingerprint(self.secret_cookie())),
        }
    }

    fn acting_key(&self) -> String {
        let acting = self.user().and_then(|session| session.acting.as_ref());
        acting.map_or_else(String::new, |acting| acting.customer.0.simple().to_string())
    }

    /// A form that posts to `action`.
    pub fn form<F: Form>(&self, action: impl Into<String>) -> Builder<'_> {
        let key = base64::Engine::encode(
            &base64::engine::general_purpose::URL_SAFE_NO_PAD,
            self.ctx.world.bytes::<12>(),
        );
        Builder::new::<F>(
            self.app.texts(),
            self.ctx.locale,
            action.into(),
            key,
            self.csrf(),
        )
    }

    /// The lines of a card (see [`card`]).
    pub fn card<F: Form>(&self, form: &F) -> Vec<String> {
        card(form, self.app.texts(), self.ctx.locale)
    }

    /// The text in the page's language.
    pub fn text(&self, key: &str) -> String {
        self.app.texts().get(self.ctx.locale, key).into_owned()
    }

    /// What a menu's counter said for this page; `None` where it was not asked.
    pub fn counted(&self, name: &str) -> Option<i64> {
        let mut counts = self.counts.iter();
        counts
            .find(|(known, _)| *known == name)
            .map(|(_, count)| *count)
    }

    /// A value of the query string.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.info.query.get(name).filter(|value| !value.is_empty())
    }

    /// This page's link with one value of the query string set, or taken away.
    pub fn link_with(&self, name: &str, value: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (n, v) in form_urlencoded::parse(self.info.query_string.as_bytes()) {
            if n != name && !v.is_empty() {
                query.append_pair(&n, &v);
            }
        }
        if let Some(value) = value {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() {
            self.info.path.clone()
        } else {
            format!("{}?{query}", self.info.path)
        }
    }

    /// The page, with 200.
    pub fn page<P: Page>(&self, page: P) -> Result {
        self.page_with(StatusCode::OK, page)
    }

    /// The page with a form that could not be taken, with 422.
    pub fn invalid<P: Page>(&self, page: P) -> Result {
        self.page_with(StatusCode::UNPROCESSABLE_ENTITY, page)
    }

    /// The page with a form that came too early, with 429 and after which time it may come again.
    pub fn too_many<P: Page>(&self, page: P, wait: Duration) -> Result {
        let mut response = self.page_with(StatusCode::TOO_MANY_REQUESTS, page)?;
        let seconds = HeaderValue::from(wait.as_secs().max(1));
        response.headers_mut().insert(header::RETRY_AFTER, seconds);
        Ok(response)
    }

    pub fn page_with<P: Page>(&self, status: StatusCode, page: P) -> Result {
        let html = self.render(P::TEMPLATE, Value::from(Serde(page)))?;
        Ok(self.html(status, html))
    }

    /// A part of a page without its frame, for scripts that refresh it.
    pub fn fragment<P: Page>(&self, page: P) -> Result {
        self.page(page)
    }

    /// A part that another context gives, drawn for the page around it (`{{ part|safe }}`).
    ///
    /// # Errors
    /// A template that uses what its context does not have.
    pub fn draw(&self, tile: &crate::module::Tile) -> Result<String> {
        self.render(tile.template, Value::from(Serde(&tile.data)))
    }

    pub(crate) fn render(&self, template: &str, page: Value) -> Result<String> {
        let frame = Value::from(Serde(Frame::of(self)));
        let context = minijinja::context! { frame, ..page };
        self.app
            .templates()
            .render(self.ctx.locale, template, context)
            .map_err(|error| Error::internal(format_args!("{template}: {error:#}")))
    }

    /// A drawn page as an answer, compressed where the browser takes that.
    pub fn html(&self, status: StatusCode, html: String) -> Response {
        let mut response = Response::new(axum::body::Body::empty());
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        let body = if self.info.gzip && html.len() > 1024 {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
            gzip(html.as_bytes(), Compression::fast())
        } else {
            html.into_bytes()
        };
        *response.body_mut() = body.into();
        response
    }

    /// Whether the signed-in person holds the right.
    pub fn may(&self, right: Right) -> bool {
        match &self.who {
            Who::Nobody => false,
            Who::Member(session) => session
                .acting
                .as_ref()
                .is_some_and(|acting| acting.rights.has(right)),
            Who::Staff(session) => session.rights.has(right),
        }
    }

    pub fn user(&self) -> Option<&MemberSession> {
        match &self.who {
            Who::Member(session) => Some(session),
            _ => None,
        }
    }

    /// The member of staff who looks with the user's eyes.
    pub fn viewer(&self) -> Option<&Viewer> {
        self.user().and_then(|session| session.viewer.as_ref())
    }

    /// Sets a cookie on the answer; `None` lasts as long as the browser is open.
    pub fn set_cookie(
        &self,
        response: &mut Response,
        name: &str,
        value: &str,
        seconds: Option<u64>,
    ) {
        cookies::set(&self.app, response, name, value, seconds);
    }

    /// Signs the browser in with this token.
    pub fn set_session(&self, response: &mut Response, token: &str, desk: bool) {
        let name = cookies::session_name(&self.app, desk);
        let seconds = if desk { 12 * 3600 } else { 14 * 86400 };
        cookies::set_session(&self.app, response, name, token, seconds);
        if !desk {
            cookies::set(
                &self.app,
                response,
                cookies::guest_name(&self.app),
                "",
                Some(0),
            );
        }
    }

    /// Shows this browser the portal with a customer's eyes from now on; `None`: no longer. Its end is kept on our side:
    /// when the time is over the browser still says that it was looking, and is told.
    pub fn set_view(&self, response: &mut Response, token: Option<&str>) {
        let name = cookies::view_name(&self.app);
        let seconds = token.is_none().then_some(0);
        cookies::set(
            &self.app,
            response,
            name,
            token.unwrap_or_default(),
            seconds,
        );
    }

    /// Signs the browser out, and asks it to forget what it has kept.
    pub fn end_session(&self, response: &mut Response, desk: bool) {
        cookies::set(
            &self.app,
            response,
            cookies::session_name(&self.app, desk),
            "",
            Some(0),
        );
        response
            .headers_mut()
            .insert("clear-site-data", HeaderValue::from_static("\"cache\""));
    }

    /// Pages follow the profile again, not what was chosen at the top of a page.
    pub fn forget_language(&self, response: &mut Response) {
        cookies::set(
            &self.app,
            response,
            cookies::language_name(&self.app),
            "",
            Some(0),
        );
    }

    /// The session cookie as it came, for signing out and for changing it at sign-in.
    pub fn session_token(&self) -> Option<&str> {
        self.info
            .cookie(cookies::session_name(&self.app, self.info.access.is_desk()))
    }

    /// The token of a browser in which somebody has signed in before.
    pub fn device_token(&self) -> Option<&str> {
        self.info
            .cookie(cookies::device_name(&self.app))
            .filter(|token| !token.is_empty())
    }

    /// Lets the browser be known again; for 400 days, which is as long as browsers keep anything.
    pub fn set_device(&self, response: &mut Response, token: &str) {
        let name = cookies::device_name(&self.app);
        cookies::set(&self.app, response, name, token, Some(400 * 86400));
    }

    /// The token of a sign-in that waits for its second factor.
    pub fn step_token(&self) -> Option<&str> {
        self.info.cookie(cookies::step_name(&self.app))
    }

    /// Waits for the second factor with this token; `None`: no longer.
    pub fn set_step(&self, response: &mut Response, token: Option<&str>) {
        let name = cookies::step_name(&self.app);
        let seconds = if token.is_some() { 600 } else { 0 };
        let token = token.unwrap_or_default();
        cookies::set(&self.app, response, name, token, Some(seconds));
    }

    /// An absolute link for a mail.
    pub fn absolute(&self, path: &str) -> String {
        self.app.absolute(path)
    }
}

/// 303 to a place of our own.
pub fn redirect(location: &str) -> Response {
    let mut response = Response::new(axum::body::Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let value = HeaderValue::from_str(location).unwrap_or(HeaderValue::from_static("/"));
    response.headers_mut().insert(header::LOCATION, value);
    response
}

/// Where somebody was headed before signing in: a path of our own, or nothing.
pub fn safe_next(next: &str) -> Option<&str> {
    let fits = next.starts_with('/')
        && !next.starts_with("//")
        && next.len() <= 512
        && next
            .bytes()
            .all(|b| b.is_ascii_graphic() && b != b'\\' && b != b'"' && b != b'<' && b != b'>');
    fits.then_some(next)
}

/// Anybody.
pub struct Guest(pub(crate) Cx);

/// A signed-in user acting for a customer.
pub struct Member {
    cx: Cx,
    pub user: UserId,
    pub customer: CustomerId,
}

/// A signed-in member of staff.
pub struct Staff {
    cx: Cx,
    pub staff: StaffId,
}

impl Member {
    pub(crate) fn of(cx: Cx) -> Result<Self> {
        match &cx.who {
            Who::Member(session) => {
                let user = session.user;
                let customer = session.acting.as_ref().ok_or(Error::Forbidden)?.customer;
                Ok(Member { cx, user, customer })
            }
            _ => Err(Error::SignIn),
        }
    }

    /// The signed-in session.
    pub fn session(&self) -> Option<&MemberSession> {
        self.cx.user()
    }

    /// Whose own things may be shown; nobody's to staff who look with the user's eyes.
    pub fn own(&self) -> Option<UserId> {
        self.cx.viewer().is_none().then_some(self.user)
    }
}

impl Staff {
    pub(crate) fn of(cx: Cx) -> Result<Self> {
        match &cx.who {
            Who::Staff(session) => {
                let staff = session.staff;
                Ok(Staff { cx, staff })
            }
            _ => Err(Error::SignIn),
        }
    }

    pub fn session(&self) -> Option<&StaffSession> {
        match &self.cx.who {
            Who::Staff(session) => Some(session),
            _ => None,
        }
    }
}

impl Deref for Guest {
    type Target = Cx;
    fn deref(&self) -> &Cx {
        &self.0
    }
}
impl Deref for Member {
    type Target = Cx;
    fn deref(&self) -> &Cx {
        &self.cx
    }
}
impl Deref for Staff {
    type Target = Cx;
    fn deref(&self) -> &Cx {
        &self.cx
    }
}

/// Marks a posted form as bad at one field, found by a verb.
pub fn bad(raw: &RawForm, field: &'static str, key: &'static str) -> Bad {
    Bad::fault(raw.clone(), field, crate::form::Fault::key(key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_on_site_or_allow_list() {
        for good in ["/konto", "/konto/adressen?nach=1", "/"] {
            assert_eq!(safe_next(good), Some(good));
        }
        for evil in [
            "",
            "//evil.test",
            "/\\evil.test",
            "https://evil.test",
            "javascript:alert(1)",
            "evil.test",
            "/\u{e4}",
            "/a\r\nSet-Cookie: x",
            "/ a",
            "\\\\evil.test",
            "/\"><script>",
        ] {
            assert_eq!(safe_next(evil), None, "{evil:?}");
        }
    }
}
