//! What both sides see of a ticket's sensible data: that they are there, and who has looked.

use super::{SecretId, store};
use crate::ticket::{Side, TicketId};
use db::Tx;
use kernel::{Moment, Uuid};
use serde::Serialize;
use web::Cx;

#[derive(Debug, Clone, Serialize)]
pub struct OpeningView {
    pub name: String,
    pub reason: String,
    pub at: Moment,
}

#[derive(Debug, Clone, Serialize)]
pub struct SecretView {
    pub id: SecretId,
    pub label: String,
    pub name: String,
    pub by: Side,
    pub at: Moment,
    /// Size of the file among it.
    pub file: Option<String>,
    pub wiped_at: Option<Moment>,
    /// `closing`, `customer` or `staff`.
    pub wiped_by: Option<String>,
    pub openings: Vec<OpeningView>,
    /// Where staff opens it.
    pub open: Option<String>,
}

/// Two statements.
pub(super) async fn read(
    cx: &Cx,
    tx: &mut Tx,
    ticket: TicketId,
    open: impl Fn(SecretId) -> Option<String>,
) -> db::Result<Vec<SecretView>> {
    let kept = store::of_ticket(tx, ticket).await?;
    let openings = if kept.is_empty() {
        Vec::new()
    } else {
        store::openings(tx, ticket).await?
    };
    let view = |kept: store::Kept| SecretView {
        openings: openings
            .iter()
            .filter(|opening| opening.secret_id == kept.id)
            .map(|opening| OpeningView {
                name: opening.staff_name.clone(),
                reason: opening.reason.clone(),
                at: opening.at,
            })
            .collect(),
        open: kept.wiped_at.is_none().then(|| open(kept.id)).flatten(),
        id: kept.id,
        label: kept.label,
        name: kept.added_name,
        by: kept.added_side,
        at: kept.added_at,
        file: kept.file_size.map(|size| cx.size(size)),
        wiped_at: kept.wiped_at,
        wiped_by: kept.wiped_by,
    };
    Ok(kept.into_iter().map(view).collect())
}

impl SecretView {
    pub(super) fn samples() -> Vec<Self> {
        let at = Moment::from_micros(1_795_000_000_000_000);
        let view = |wiped: Option<&str>, opened: bool| SecretView {
            id: SecretId(Uuid::nil()),
            label: "Zugang zum <Server>".into(),
            name: "Jana Petersen".into(),
            by: if opened { Side::Customer } else { Side::Staff },
            at,
            file: (opened && wiped.is_none()).then(|| "3 kB".into()),
            wiped_at: wiped.map(|_| at),
            wiped_by: wiped.map(str::to_owned),
            openings: opened
                .then(|| OpeningView {
                    name: "Malte Brodersen".into(),
                    reason: "Dienst <neu> starten".into(),
                    at,
                })
                .into_iter()
                .collect(),
            open: wiped.is_none().then(|| "?zeigen=1".into()),
        };
        vec![
            view(None, true),
            view(None, false),
            view(Some("closing"), true),
            view(Some("customer"), false),
            view(Some("staff"), false),
        ]
    }
}
