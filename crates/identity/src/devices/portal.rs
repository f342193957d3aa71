//! `/profil/geraete`: where one is signed in, and how to end it.

use super::{Device, end, end_others, store};
use kernel::{Moment, Uuid};
use serde::Serialize;
use web::{Error, Guest, PAGE, Page, Pager, Param, Path, Path1, Result};

pub const LIST: Path = Path::new("/profil/geraete");
pub const END: Path1 = Path1::new("/profil/geraete/{id}/beenden");
pub const END_OTHERS: Path = Path::new("/profil/geraete/beenden");

#[derive(Serialize)]
struct Row {
    label: String,
    since: Moment,
    seen: Moment,
    /// Nothing for the one that is being used: there is the sign-out.
    end: Option<String>,
}

#[derive(Serialize)]
pub struct DevicesPage {
    rows: Vec<Row>,
    /// Where the button leads that ends all others, if there are any.
    end_others: Option<String>,
    pager: Pager,
}

impl Page for DevicesPage {
    const TEMPLATE: &'static str = "identity/devices.html";
    fn samples() -> Vec<Self> {
        let row = |label: &str, end: Option<&str>| Row {
            label: label.into(),
            since: Moment::from_micros(1_795_000_000_000_000),
            seen: Moment::from_micros(1_795_352_700_000_000),
            end: end.map(str::to_owned),
        };
        let here = || row("Firefox unter Windows", None);
        vec![
            DevicesPage {
                rows: vec![here()],
                end_others: None,
                pager: Pager::default(),
            },
            DevicesPage {
                rows: vec![here(), row("Safari unter iPhone", Some("/"))],
                end_others: Some(END_OTHERS.url()),
                pager: Pager {
                    newer: Some("/".into()),
                    older: Some("/".into()),
                    note: None,
                },
            },
        ]
    }
}

pub async fn list(cx: Guest) -> Result {
    let me = cx.user().ok_or(Error::SignIn)?;
    let before = cx.query("nach").and_then(|id| id.parse().ok());
    let before = before.unwrap_or(Uuid::max());
    let mut tx = cx.read().await?;
    let mut places = store::places(&mut tx, me.user, cx.ctx.now, before, PAGE + 1).await?;
    drop(tx);
    let pager = Pager::cut(&cx, &mut places, |place| place.id.to_string());
    let row = |place: &store::Place| Row {
        label: Device::of(&place.user_agent).label(cx.app.texts(), cx.ctx.locale),
        since: place.created_at,
        seen: place.seen_at,
        end: (place.id != me.session).then(|| END.to(place.id)),
    };
    let rows: Vec<Row> = places.iter().map(row).collect();
    let others = rows.iter().any(|row| row.end.is_some()) || pager.newer.is_some();
    cx.page(DevicesPage {
        end_others: others.then(|| END_OTHERS.url()),
        rows,
        pager,
    })
}

pub async fn end_one(cx: Guest, Param(session): Param<Uuid>) -> Result {
    let me = cx.user().ok_or(Error::SignIn)?;
    let mut tx = cx.begin().await?;
    if session == me.session || !end(&mut tx, &cx.ctx, me.user, session).await? {
        return Err(Error::NotFound);
    }
    cx.done(tx, LIST.url(), "notice-device-ended").await
}

pub async fn end_rest(cx: Guest) -> Result {
    let me = cx.user().ok_or(Error::SignIn)?;
    let mut tx = cx.begin().await?;
    end_others(&mut tx, &cx.ctx, me.user, me.session).await?;
    cx.done(tx, LIST.url(), "notice-devices-ended").await
}
