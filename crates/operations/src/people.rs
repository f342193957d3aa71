//! Names for the lines of a log: three queries for a page.

use db::Tx;
use db::audit::Line;
use kernel::{CustomerId, UserId, Uuid};
use std::collections::{BTreeMap, BTreeSet};
use web::Cx;

pub struct People {
    names: BTreeMap<Uuid, String>,
    customers: BTreeMap<CustomerId, (String, String)>,
}

impl People {
    pub async fn of(
        cx: &Cx,
        tx: &mut Tx,
        lines: &[Line],
        with_customers: bool,
    ) -> db::Result<Self> {
        let actors = |kind: &str| -> BTreeSet<Uuid> {
            lines
                .iter()
                .filter(|line| line.actor_kind == kind)
                .filter_map(|line| line.actor_id)
                .collect()
        };
        let users: Vec<UserId> = actors("user").into_iter().map(UserId).collect();
        let mut names: BTreeMap<Uuid, String> = BTreeMap::new();
        for some in users.chunks(identity::users::NAMES) {
            let found = identity::users::names(tx, some).await?;
            names.extend(found.into_iter().map(|(id, name)| (id.0, name)));
        }
        if !actors("staff").is_empty() {
            let staff = identity::staff::list(tx).await?;
            names.extend(staff.into_iter().map(|row| (row.id.0, row.name)));
        }
        let ids: BTreeSet<CustomerId> = lines.iter().filter_map(|line| line.customer_id).collect();
        let ids: Vec<CustomerId> = ids.into_iter().collect();
        let prefix = &cx.app.settings().number_prefix;
        let customers = if with_customers && !ids.is_empty() {
            customers::customer::labels(tx, &ids, prefix).await?
        } else {
            BTreeMap::new()
        };
        Ok(People { names, customers })
    }

    /// The name of whoever acted; a word for those without one.
    pub fn actor(&self, cx: &Cx, line: &Line) -> String {
        let known = line
            .actor_id
            .and_then(|id| self.names.get(&id))
            .filter(|name| !name.is_empty());
        known.cloned().unwrap_or_else(|| {
            cx.text(match line.actor_kind.as_str() {
                "guest" => "log-guest",
                "system" => "log-system",
                _ => "log-gone",
            })
        })
    }

    /// Number and name.
    pub fn customer(&self, line: &Line) -> Option<&(String, String)> {
        self.customers.get(&line.customer_id?)
    }
}
