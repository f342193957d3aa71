//! Departments: whom a ticket is for. All SQL on `departments`.

use db::{Tx, params, sql};
use kernel::Locale;
use serde::Serialize;

kernel::row! {
    #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
    pub struct Department {
        pub id: String,
        pub name_de: String,
        pub name_en: String,
        // the address its mails come from, where that is another one than the portal's
        pub mail_from: Option<String>,
    }
}

impl Department {
    pub fn name(&self, locale: Locale) -> &str {
        match locale {
            Locale::De => &self.name_de,
            Locale::En => &self.name_en,
        }
    }
}

/// All departments, in their order.
pub async fn all(tx: &mut Tx) -> db::Result<Vec<Department>> {
    let stmt = sql!(
        Department,
        "SELECT id, name_de, name_en, mail_from FROM departments ORDER BY sort, id"
    );
    tx.all(stmt, params![]).await
}

/// The department; `None` when there is none of this id.
pub async fn one(tx: &mut Tx, id: &str) -> db::Result<Option<Department>> {
    let stmt = sql!(
        Department,
        "SELECT id, name_de, name_en, mail_from FROM departments WHERE id = $1"
    );
    tx.opt(stmt, params![id]).await
}

/// Its names as an event line shows them.
pub(super) async fn line(tx: &mut Tx, id: &str) -> db::Result<String> {
    let found = one(tx, id).await?;
    Ok(found.map_or_else(
        || id.to_owned(),
        |department| format!("{}\n{}", department.name_de, department.name_en),
    ))
}
