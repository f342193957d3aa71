//! Whom a critical ticket calls, and after how many minutes the next one: the pages where that is set.

use super::desk::LIST;
use super::escalation::LONGEST;
use super::store::{self, Kind, Step, StepId};
use super::webhook::{self, Reach, Unfit};
use db::{Tx, audit};
use identity::staff::{self, StaffRow};
use kernel::{Ctx, Email, Secret, StaffId};
use serde::Serialize;
use web::form::{Fault, Field, FieldValue, OptionView, RawForm};
use web::{Bad, Cx, FormView, Page, Param, Path, Path1, Posted, Result, Staff};

pub const NEW: Path = Path::new("/desk/eskalation/schritte/neu");
pub const ONE: Path1 = Path1::new("/desk/eskalation/schritte/{id}");
pub const REMOVE: Path1 = Path1::new("/desk/eskalation/schritte/{id}/loeschen");
pub const KEY: Path1 = Path1::new("/desk/eskalation/schritte/{id}/schluessel");

web::choice!(Kind, "escalation-kind");

/// A whole number within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole<const MOST: i64>(i64);

impl<const MOST: i64> FieldValue for Whole<MOST> {
    fn parse(_: &Field, raw: &str) -> std::result::Result<Self, Fault> {
        let number = raw.trim().parse().ok();
        number
            .filter(|number| (0..=MOST).contains(number))
            .map(Whole)
            .ok_or_else(|| Fault::key("fault-step-number").arg("max", MOST))
    }
    fn raw(&self) -> String {
        self.0.to_string()
    }
}

web::form! {
    /// A step as it is entered; which of `staff` and `target` counts, the kind says.
    pub struct Entered as "escalation-step"; {
        kind: Kind = select(),
        staff: Option<String> = select(),
        target: Option<String> = line(500).autocomplete("off"),
        minutes: Whole<LONGEST> = line(4).inputmode("numeric").half(),
        position: Whole<1000> = line(4).inputmode("numeric").half(),
    }
}

/// What the kind asks for is read, the rest dropped.
fn read(
    posted: &Posted<Entered>,
    people: &[StaffRow],
    reach: Reach,
) -> std::result::Result<Step, Bad> {
    let entered = posted.parse()?;
    let bad = |field, key: &'static str| Bad::fault(posted.raw.clone(), field, Fault::key(key));
    let target = entered.target.unwrap_or_default();
    let (mut staff_id, mut aim) = (None, None);
    match entered.kind {
        Kind::Team => {}
        Kind::Staff => {
            let id: Option<StaffId> = entered.staff.and_then(|id| id.parse().ok());
            let known = id.filter(|id| people.iter().any(|one| one.id == *id && one.active));
            staff_id = Some(known.ok_or_else(|| bad("staff", "fault-step-staff"))?);
        }
        Kind::Mail => {
            let email = Email::parse(&target).map_err(|_| bad("target", "fault-email"))?;
            aim = Some(email.to_string());
        }
        Kind::Webhook => {
            let url = webhook::parse(&target, reach).map_err(|unfit| {
                bad(
                    "target",
                    match unfit {
                        Unfit::Address => "fault-step-address",
                        Unfit::Plain => "fault-step-plain",
                        Unfit::Private => "fault-step-private",
                    },
                )
            })?;
            aim = Some(url.to_string());
        }
    }
    Ok(Step {
        position: entered.position.0,
        kind: entered.kind,
        staff_id,
        target: aim,
        minutes: entered.minutes.0,
        ..Step::team()
    })
}

#[derive(Serialize)]
pub struct StepPage {
    pub is_new: bool,
    pub form: FormView,
    pub remove: Option<String>,
    /// Where a new key is asked for, of a webhook.
    pub renew: Option<String>,
    /// The key of the webhook, on this one answer.
    pub key: Option<String>,
    pub list: String,
}

impl Page for StepPage {
    const TEMPLATE: &'static str = "support/critical/step.html";
    fn samples() -> Vec<Self> {
        let [plain, bad] = FormView::samples::<Entered>();
        let page = |form: &FormView, is_new, key: Option<&str>| StepPage {
            is_new,
            form: form.clone(),
            remove: (!is_new).then(|| REMOVE.to("1")),
            renew: key.map(|_| KEY.to("1")),
            key: key.filter(|key| !key.is_empty()).map(str::to_owned),
            list: LIST.url(),
        };
        vec![
            page(&plain, true, None),
            page(&bad, false, None),
            page(&plain, false, Some("")),
            page(&plain, false, Some("whsec_abc")),
        ]
    }
}

/// What stands in the form of a step.
enum Drawn<'a> {
    Empty,
    Stored(&'a Step),
    Bad(&'a Bad),
}

fn page(
    cx: &Cx,
    people: &[StaffRow],
    step: Option<&Step>,
    drawn: &Drawn<'_>,
    key: Option<&Secret>,
) -> StepPage {
    let action = step.map_or_else(|| NEW.url(), |step| ONE.to(step.id));
    let form = cx.form::<Entered>(action).cancel(LIST.url());
    let mut raw = RawForm::default();
    let mut form = match drawn {
        Drawn::Empty => {
            raw.set("minutes", "0");
            raw.set("position", "10");
            form.raw(&raw)
        }
        Drawn::Stored(step) => {
            raw.set("kind", step.kind.as_str());
            let staff = step.staff_id.map(|id| id.to_string());
            raw.set("staff", staff.unwrap_or_default());
            raw.set("target", step.target.clone().unwrap_or_default());
            raw.set("minutes", step.minutes.to_string());
            raw.set("position", step.position.to_string());
            form.raw(&raw)
        }
        Drawn::Bad(bad) => form.bad(bad),
    };
    let field = form.rows.iter_mut().flatten().find(|f| f.name == "staff");
    if let Some(field) = field {
        let nobody = OptionView {
            value: String::new(),
            label: cx.text("escalation-step-nobody"),
            selected: false,
        };
        let option = |one: &StaffRow| OptionView {
            selected: one.id.to_string() == field.value,
            value: one.id.to_string(),
            label: one.name.clone(),
        };
        let people = people.iter().filter(|one| one.active).map(option);
        field.options = std::iter::once(nobody).chain(people).collect();
    }
    StepPage {
        is_new: step.is_none(),
        form,
        remove: step.map(|step| REMOVE.to(step.id)),
        renew: step
            .filter(|step| step.kind == Kind::Webhook)
            .map(|step| KEY.to(step.id)),
        key: key.map(|key| key.expose().to_owned()),
        list: LIST.url(),
    }
}

async fn people(cx: &Staff) -> Result<Vec<StaffRow>> {
    let mut tx = cx.read().await?;
    Ok(staff::list(&mut tx).await?)
}

pub async fn new(cx: Staff) -> Result {
    let people = people(&cx).await?;
    cx.page(page(&cx, &people, None, &Drawn::Empty, None))
}

pub async fn create(cx: Staff, posted: Posted<Entered>) -> Result {
    let people = people(&cx).await?;
    let mut step = match read(&posted, &people, Reach::in_force(&cx.app)) {
        Ok(step) => step,
        Err(bad) => return cx.invalid(page(&cx, &people, None, &Drawn::Bad(&bad), None)),
    };
    step.id = cx.ctx.id();
    let key = fresh_key(&cx, &mut step)?;
    let mut tx = cx.begin().await?;
    store::insert_step(&mut tx, &step).await?;
    note(&mut tx, &cx.ctx, "escalation.step_added", &step).await?;
    finish(&cx, tx, &people, &step, key).await
}

/// A webhook without a key gets one.
fn fresh_key(cx: &Staff, step: &mut Step) -> Result<Option<Secret>> {
    if step.kind != Kind::Webhook {
        step.sealed_key = None;
        return Ok(None);
    }
    if step.sealed_key.is_some() {
        return Ok(None);
    }
    let (key, sealed) = webhook::new_key(&cx.ctx.world, step.id)?;
    step.sealed_key = Some(sealed);
    Ok(Some(key))
}

/// A new key is shown on this answer and never again; otherwise on to the list.
async fn finish(
    cx: &Staff,
    tx: Tx,
    people: &[StaffRow],
    step: &Step,
    key: Option<Secret>,
) -> Result {
    if key.is_none() {
        return cx.done(tx, LIST.url(), "notice-step-saved").await;
    }
    cx.commit(tx, &ONE.to(step.id)).await?;
    let drawn = Drawn::Stored(step);
    cx.page(page(cx, people, Some(step), &drawn, key.as_ref()))
}

pub async fn show(cx: Staff, Param(id): Param<StepId>) -> Result {
    let mut tx = cx.read().await?;
    let step = store::step(&mut tx, id).await?;
    let people = staff::list(&mut tx).await?;
    cx.page(page(&cx, &people, Some(&step), &Drawn::Stored(&step), None))
}

pub async fn change(cx: Staff, Param(id): Param<StepId>, posted: Posted<Entered>) -> Result {
    let mut tx = cx.read().await?;
    let before = store::step(&mut tx, id).await?;
    let people = staff::list(&mut tx).await?;
    drop(tx);
    let read = read(&posted, &people, Reach::in_force(&cx.app));
    let step = match read {
        Ok(step) => step,
        Err(bad) => {
            return cx.invalid(page(&cx, &people, Some(&before), &Drawn::Bad(&bad), None));
        }
    };
    let mut step = Step { id, ..step };
    // another receiver gets another key
    if before.target == step.target {
        step.sealed_key = before.sealed_key;
    }
    let key = fresh_key(&cx, &mut step)?;
    let mut tx = cx.begin().await?;
    store::step(&mut tx, id).await?;
    store::update_step(&mut tx, &step).await?;
    note(&mut tx, &cx.ctx, "escalation.step_changed", &step).await?;
    finish(&cx, tx, &people, &step, key).await
}

pub async fn renew(cx: Staff, Param(id): Param<StepId>) -> Result {
    let people = people(&cx).await?;
    let mut tx = cx.begin().await?;
    let mut step = store::step(&mut tx, id).await?;
    step.sealed_key = None;
    let key = fresh_key(&cx, &mut step)?;
    store::update_step(&mut tx, &step).await?;
    note(&mut tx, &cx.ctx, "escalation.step_key", &step).await?;
    finish(&cx, tx, &people, &step, key).await
}

pub async fn remove(cx: Staff, Param(id): Param<StepId>) -> Result {
    let mut tx = cx.begin().await?;
    let step = store::step(&mut tx, id).await?;
    store::remove_step(&mut tx, id).await?;
    note(&mut tx, &cx.ctx, "escalation.step_removed", &step).await?;
    cx.done(tx, LIST.url(), "notice-step-removed").await
}

async fn note(tx: &mut Tx, ctx: &Ctx, act: &'static str, step: &Step) -> db::Result<()> {
    let entry = audit::Entry {
        act,
        customer: None,
        subject: "escalation-step",
        subject_id: step.id.to_string(),
        detail: serde_json::json!({
            "kind": step.kind.as_str(),
            "minutes": step.minutes,
            "position": step.position,
            "staff": step.staff_id.map(|id| id.to_string()),
        }),
    };
    audit::record(tx, ctx, entry).await.map(drop)
}

/// For the demo: a step as it would have been entered.
pub async fn seed(tx: &mut Tx, ctx: &Ctx, step: &Step) -> db::Result<()> {
    let step = Step {
        id: ctx.id(),
        ..step.clone()
    };
    store::insert_step(tx, &step).await?;
    note(tx, ctx, "escalation.step_added", &step).await
}
