//! The contacts on the customer file.

use super::{Stored, example, portal::Row, store};
use crate::contact::ContactId;
use db::Tx;
use futures_util::future::BoxFuture;
use kernel::{CustomerId, Uuid};
use serde::Serialize;
use web::{Cx, Page, Result, Tile};

#[derive(Serialize)]
pub struct ContactsTab {
    rows: Vec<Row>,
}

impl Page for ContactsTab {
    const TEMPLATE: &'static str = "customers/desk/contacts.html";
    fn samples() -> Vec<Self> {
        let stored = Stored {
            id: ContactId(Uuid::nil()),
            version: 1,
            contact: example(),
        };
        vec![
            ContactsTab {
                rows: vec![Row::of(&stored)],
            },
            ContactsTab { rows: Vec::new() },
        ]
    }
}

/// The tab of the customer file.
pub fn tab<'a>(
    _: &'a Cx,
    tx: &'a mut Tx,
    customer: CustomerId,
) -> BoxFuture<'a, Result<Option<Tile>>> {
    Box::pin(async move {
        let all = store::list(tx, customer).await?;
        Tile::of(&ContactsTab {
            rows: all.iter().map(Row::of).collect(),
        })
        .map(Some)
    })
}
