//! `/desk/mitarbeiter`: who works here, what they may, where they are signed in.

use super::store::{self, Colleague};
use super::{Refused, activate, change_role, deactivate, end, invite, invite_again, new_access};
use crate::devices::device_words;
use crate::staff::Role;
use crate::staff::own::desk::OWN;
use crate::staff::rights::STAFF_MANAGE;
use kernel::{Email, Moment, StaffId, Uuid};
use serde::Serialize;
use web::form::{Builder, FormView};
use web::{
    Access, Bad, Cx, Error, Fault, Link, Module, PAGE, Page, Pager, Param, Path, Path1, Place,
    Posted, RawForm, Result, Staff,
};

pub const LIST: Path = Path::new("/desk/mitarbeiter");
pub const NEW: Path = Path::new("/desk/mitarbeiter/neu");
pub const ONE: Path1 = Path1::new("/desk/mitarbeiter/{id}");
pub const AGAIN: Path1 = Path1::new("/desk/mitarbeiter/{id}/einladen");
pub const ACCESS: Path1 = Path1::new("/desk/mitarbeiter/{id}/zugang");
pub const LOCK: Path1 = Path1::new("/desk/mitarbeiter/{id}/sperren");
pub const UNLOCK: Path1 = Path1::new("/desk/mitarbeiter/{id}/freigeben");
pub const END: Path1 = Path1::new("/desk/mitarbeiter/{id}/abmelden");

pub fn add(module: Module) -> Module {
    let manage = Access::staff(STAFF_MANAGE);
    module
        .texts(
            include_str!("../../../texts/team.de.ftl"),
            include_str!("../../../texts/team.en.ftl"),
        )
        .get(LIST, manage, list)
        .get(NEW, manage, ask)
        .post(NEW, manage, create)
        .get(ONE, manage, show)
        .post(ONE, manage, save_role)
        .post(AGAIN, manage, again)
        .post(ACCESS, manage, access)
        .post(LOCK, manage, lock)
        .post(UNLOCK, manage, unlock)
        .post(END, manage, sign_out)
        .nav(Place::Desk, 95, "team", LIST.url())
        .with_right(STAFF_MANAGE)
        .with_icon("key")
        .page::<ListPage>()
        .page::<NewPage>()
        .page::<OnePage>()
        .mail::<super::Invitation>()
        .mail::<super::NewAccess>()
}

web::form! {
    pub struct NewColleague as "team"; {
        name: String = line(100).autocomplete("off"),
        email: Email = email().autocomplete("off"),
        role: Role = select(),
    }
}

web::form! {
    pub struct NewRole as "team"; {
        role: Role = select(),
    }
}

kernel::words! {
    /// How somebody stands; the word is the text `team-stand-…`.
    pub enum Stand {
        Active = "active",
        Invited = "invited",
        Locked = "locked",
    }
}

impl Colleague {
    fn stand(&self) -> Stand {
        match (self.active, self.joined) {
            (false, _) => Stand::Locked,
            (true, false) => Stand::Invited,
            (true, true) => Stand::Active,
        }
    }
}

#[derive(Debug, Clone, Serialize)]
pub struct Row {
    href: String,
    name: String,
    email: String,
    role: String,
    stand: Stand,
    second_factor: bool,
    last_seen: Option<Moment>,
}

impl Row {
    fn of(cx: &Cx, colleague: &Colleague) -> Self {
        Row {
            href: ONE.to(colleague.id),
            name: colleague.name.clone(),
            email: colleague.email.to_string(),
            role: cx.text(&colleague.role.label()),
            stand: colleague.stand(),
            second_factor: colleague.second_factor,
            last_seen: colleague.last_seen,
        }
    }

    fn sample(stand: &Stand) -> Self {
        let active = *stand == Stand::Active;
        Row {
            href: ONE.to("1"),
            name: "Ilse <Brandt>".into(),
            email: "ilse.brandt@nordlicht.example".into(),
            role: "Buchhaltung".into(),
            stand: *stand,
            second_factor: active,
            last_seen: active.then(|| Moment::from_micros(1_795_000_000_000_000)),
        }
    }
}

#[derive(Serialize)]
pub struct ListPage {
    rows: Vec<Row>,
    new: String,
    pager: Pager,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "identity/desk/team.html";
    fn samples() -> Vec<Self> {
        let pager = Pager {
            older: Some(LIST.url()),
            ..Pager::default()
        };
        vec![ListPage {
            rows: Stand::ALL.iter().map(Row::sample).collect(),
            new: NEW.url(),
            pager,
        }]
    }
}

async fn list(cx: Staff) -> Result {
    let mut tx = cx.read().await?;
    let after = match cx.query("nach").and_then(|id| id.parse().ok()) {
        Some(id) => match store::one(&mut tx, id).await {
            Ok(last) => Some((last.name, last.id)),
            Err(db::Error::Missing) => None,
            Err(error) => return Err(error.into()),
        },
        None => None,
    };
    let mut found = store::page(&mut tx, after.as_ref(), PAGE as i64 + 1).await?;
    let pager = Pager::cut(&cx, &mut found, |row| row.id.to_string());
    cx.page(ListPage {
        rows: found.iter().map(|row| Row::of(&cx, row)).collect(),
        new: NEW.url(),
        pager,
    })
}

#[derive(Serialize)]
pub struct NewPage {
    list: Link,
    form: FormView,
}

fn back(cx: &Cx) -> Link {
    Link {
        href: LIST.url(),
        label: cx.text("team"),
    }
}

impl Page for NewPage {
    const TEMPLATE: &'static str = "identity/desk/team_new.html";
    fn samples() -> Vec<Self> {
        let page = |form| NewPage {
            list: Link {
                href: LIST.url(),
                label: "Mitarbeiter".into(),
            },
            form,
        };
        FormView::samples::<NewColleague>().map(page).into()
    }
}

fn new_form(cx: &Cx) -> Builder<'_> {
    cx.form::<NewColleague>(NEW.url())
        .submit("team-invite")
        .cancel(LIST.url())
}

async fn ask(cx: Staff) -> Result {
    let form = new_form(&cx).empty();
    let list = back(&cx);
    cx.page(NewPage { list, form })
}

async fn create(cx: Staff, form: Posted<NewColleague>) -> Result {
    let bad = match form.parse() {
        Ok(new) => {
            let mut tx = cx.begin().await?;
            match invite(&mut tx, &cx, cx.staff, &new.email, &new.name, new.role).await {
                Ok(id) => return cx.done(tx, ONE.to(id), "notice-team-invited").await,
                Err(Refused::Taken) => web::bad(&form.raw, "email", "fault-team-taken"),
                Err(Refused::Web(error)) => return Err(error),
                Err(_) => web::bad(&form.raw, "role", "fault-team-more"),
            }
        }
        Err(bad) => bad,
    };
    let form = new_form(&cx).bad(&bad);
    let list = back(&cx);
    cx.invalid(NewPage { list, form })
}

/// Where somebody is signed in, as a table shows it.
#[derive(Debug, Clone, Serialize)]
pub struct PlaceView {
    /// Which one, for the button; none for the session that is being used.
    pub id: Option<String>,
    pub device: String,
    pub since: Moment,
    pub seen: Moment,
}

impl PlaceView {
    pub(in crate::staff) fn all(cx: &Staff, places: &[store::Place]) -> Vec<Self> {
        let here = cx.session().map(|session| session.session);
        let view = |place: &store::Place| PlaceView {
            id: (Some(place.id) != here).then(|| place.id.to_string()),
            device: device_words(cx, &place.user_agent),
            since: place.created_at,
            seen: place.seen_at,
        };
        places.iter().map(view).collect()
    }

    pub(in crate::staff) fn sample(own: bool) -> Self {
        PlaceView {
            id: (!own).then(|| Uuid::nil().to_string()),
            device: "Firefox unter Windows".into(),
            since: Moment::from_micros(1_795_000_000_000_000),
            seen: Moment::from_micros(1_795_000_360_000_000),
        }
    }
}

#[derive(Serialize)]
pub struct OnePage {
    list: Link,
    who: Row,
    since: Moment,
    /// Oneself: everything is changed by others.
    mine: Option<String>,
    form: Option<FormView>,
    again: Option<String>,
    access: Option<String>,
    lock: Option<String>,
    unlock: Option<String>,
    end: String,
    places: Vec<PlaceView>,
}

impl Page for OnePage {
    const TEMPLATE: &'static str = "identity/desk/team_one.html";
    fn samples() -> Vec<Self> {
        let [empty, bad] = FormView::samples::<NewRole>();
        let page = |stand: &Stand, own: bool, form| OnePage {
            list: Link {
                href: LIST.url(),
                label: "Mitarbeiter".into(),
            },
            who: Row::sample(stand),
            since: Moment::from_micros(1_795_000_000_000_000),
            mine: own.then(|| OWN.url()),
            form: (!own).then_some(form),
            again: (*stand == Stand::Invited).then(|| AGAIN.to("1")),
            access: (*stand == Stand::Active).then(|| ACCESS.to("1")),
            lock: (*stand != Stand::Locked).then(|| LOCK.to("1")),
            unlock: (*stand == Stand::Locked).then(|| UNLOCK.to("1")),
            end: END.to("1"),
            places: if *stand == Stand::Active {
                vec![PlaceView::sample(false), PlaceView::sample(own)]
            } else {
                Vec::new()
            },
        };
        vec![
            page(&Stand::Active, false, empty.clone()),
            page(&Stand::Invited, false, bad),
            page(&Stand::Locked, false, empty.clone()),
            page(&Stand::Active, true, empty),
        ]
    }
}

fn role_form<'a>(cx: &'a Cx, id: StaffId) -> Builder<'a> {
    cx.form::<NewRole>(ONE.to(id)).submit("team-save-role")
}

async fn one_page(cx: &Staff, id: StaffId, bad: Option<&Bad>) -> Result<OnePage> {
    let mut tx = cx.read().await?;
    let colleague = store::one(&mut tx, id).await?;
    let places = store::places(&mut tx, id, cx.ctx.now).await?;
    let own = id == cx.staff;
    let stand = colleague.stand();
    let form = match bad {
        Some(bad) => role_form(cx, id).bad(bad),
        None => role_form(cx, id).filled(&NewRole {
            role: colleague.role,
        }),
    };
    let when = |yes: bool, path: Path1| (yes && !own).then(|| path.to(id));
    Ok(OnePage {
        list: back(cx),
        who: Row::of(cx, &colleague),
        since: colleague.created_at,
        mine: own.then(|| OWN.url()),
        form: (!own || bad.is_some()).then_some(form),
        again: when(stand == Stand::Invited, AGAIN),
        access: when(stand == Stand::Active, ACCESS),
        lock: when(stand != Stand::Locked, LOCK),
        unlock: when(stand == Stand::Locked, UNLOCK),
        end: END.to(id),
        places: PlaceView::all(cx, &places),
    })
}

async fn show(cx: Staff, Param(id): Param<StaffId>) -> Result {
    let page = one_page(&cx, id, None).await?;
    cx.page(page)
}

async fn save_role(cx: Staff, Param(id): Param<StaffId>, form: Posted<NewRole>) -> Result {
    let bad = match form.parse() {
        Ok(new) => {
            let mut tx = cx.begin().await?;
            match change_role(&mut tx, &cx.ctx, cx.staff, id, new.role).await {
                Ok(()) => return cx.done(tx, ONE.to(id), "notice-team-role").await,
                Err(Refused::Web(error)) => return Err(error),
                Err(refused) => Bad::fault(form.raw.clone(), "role", Fault::key(fault(&refused))),
            }
        }
        Err(bad) => bad,
    };
    let page = one_page(&cx, id, Some(&bad)).await?;
    cx.invalid(page)
}

fn fault(refused: &Refused) -> &'static str {
    match refused {
        Refused::Own => "fault-team-own",
        Refused::Last => "fault-team-last",
        Refused::More | Refused::Taken | Refused::Web(_) => "fault-team-more",
    }
}

/// To the person's page, with what came of it.
async fn over(
    cx: Staff,
    tx: db::Tx,
    id: StaffId,
    done: super::Result<()>,
    notice: &'static str,
) -> Result {
    match done {
        Ok(()) => cx.done(tx, ONE.to(id), notice).await,
        Err(Refused::Web(error)) => Err(error),
        Err(refused) => {
            let notice = match refused {
                Refused::Own => "notice-team-own-warn",
                Refused::Last => "notice-team-last-warn",
                _ => return Err(Error::Forbidden),
            };
            cx.done(tx, ONE.to(id), notice).await
        }
    }
}

async fn again(cx: Staff, Param(id): Param<StaffId>) -> Result {
    let mut tx = cx.begin().await?;
    let done = invite_again(&mut tx, &cx, cx.staff, id).await;
    over(cx, tx, id, done, "notice-team-invited").await
}

async fn access(cx: Staff, Param(id): Param<StaffId>) -> Result {
    let mut tx = cx.begin().await?;
    let done = new_access(&mut tx, &cx, cx.staff, id).await;
    over(cx, tx, id, done, "notice-team-access").await
}

async fn lock(cx: Staff, Param(id): Param<StaffId>) -> Result {
    let mut tx = cx.begin().await?;
    let done = deactivate(&mut tx, &cx.ctx, cx.staff, id).await;
    over(cx, tx, id, done, "notice-team-locked").await
}

async fn unlock(cx: Staff, Param(id): Param<StaffId>) -> Result {
    let mut tx = cx.begin().await?;
    let done = activate(&mut tx, &cx.ctx, cx.staff, id).await;
    over(cx, tx, id, done, "notice-team-unlocked").await
}

/// Ends the session whose button was pressed, or all.
async fn sign_out(cx: Staff, Param(id): Param<StaffId>, form: RawForm) -> Result {
    let session = match form.get("sitzung") {
        Some(session) => Some(Uuid::try_parse(session).map_err(|_| Error::NotFound)?),
        None => None,
    };
    let mut tx = cx.begin().await?;
    let done = end(&mut tx, &cx.ctx, cx.staff, id, session).await;
    over(cx, tx, id, done, "notice-team-ended").await
}
