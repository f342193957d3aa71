//! Rights of the desk and the roles that bundle them.

use web::{Right, Rights};

/// Fine rights; contexts name them on their routes by the same ids.
pub mod rights {
    use web::Right;

    pub const CUSTOMERS_VIEW: Right = Right("customers.view");
    pub const CUSTOMERS_EDIT: Right = Right("customers.edit");
    pub const CUSTOMERS_VIEW_AS: Right = Right("customers.view_as");
    pub const MESSAGES_ANSWER: Right = Right("messages.answer");
    pub const TICKETS_VIEW: Right = Right("tickets.view");
    pub const TICKETS_ANSWER: Right = Right("tickets.answer");
    /// Merge, split, move entries; text blocks.
    pub const TICKETS_MANAGE: Right = Right("tickets.manage");
    /// Mails that were held back: look, take in, drop.
    pub const QUARANTINE_HANDLE: Right = Right("quarantine.handle");
    pub const SECRETS_OPEN: Right = Right("secrets.open");
    pub const MAILS_VIEW: Right = Right("mails.view");
    pub const AUDIT_VIEW: Right = Right("audit.view");
    pub const JOBS_RESTART: Right = Right("jobs.restart");
    pub const STAFF_MANAGE: Right = Right("staff.manage");
    pub const SETTINGS: Right = Right("settings");
    pub const MONEY_VIEW: Right = Right("money.view");
    pub const MONEY_EDIT: Right = Right("money.edit");
    pub const ORDERS: Right = Right("orders");
    pub const CATALOG: Right = Right("catalog");
    pub const ARTICLES: Right = Right("articles");
}
use rights::{
    ARTICLES, AUDIT_VIEW, CATALOG, CUSTOMERS_EDIT, CUSTOMERS_VIEW, CUSTOMERS_VIEW_AS, JOBS_RESTART,
    MAILS_VIEW, MESSAGES_ANSWER, MONEY_EDIT, MONEY_VIEW, ORDERS, QUARANTINE_HANDLE, SECRETS_OPEN,
    SETTINGS, STAFF_MANAGE, TICKETS_ANSWER, TICKETS_MANAGE, TICKETS_VIEW,
};

kernel::words! {
    /// A named set of rights; its word on the screen is the text `role-<id>`.
    pub enum Role {
        Support = "support",
        Accounting = "accounting",
        Sales = "sales",
        Editing = "editing",
        Admin = "admin",
    }
}
web::choice!(Role, "role");

const SUPPORT: &[Right] = &[
    CUSTOMERS_VIEW,
    CUSTOMERS_EDIT,
    CUSTOMERS_VIEW_AS,
    MESSAGES_ANSWER,
    TICKETS_VIEW,
    TICKETS_ANSWER,
    TICKETS_MANAGE,
    QUARANTINE_HANDLE,
    SECRETS_OPEN,
    MAILS_VIEW,
];
const ACCOUNTING: &[Right] = &[
    CUSTOMERS_VIEW,
    CUSTOMERS_EDIT,
    MESSAGES_ANSWER,
    TICKETS_VIEW,
    SECRETS_OPEN,
    MAILS_VIEW,
    MONEY_VIEW,
    MONEY_EDIT,
    ORDERS,
];
const SALES: &[Right] = &[
    CUSTOMERS_VIEW,
    CUSTOMERS_EDIT,
    MESSAGES_ANSWER,
    TICKETS_VIEW,
    SECRETS_OPEN,
    MAILS_VIEW,
    MONEY_VIEW,
    ORDERS,
    CATALOG,
];
const EDITING: &[Right] = &[ARTICLES];
const ADMIN: &[Right] = &[
    CUSTOMERS_VIEW,
    CUSTOMERS_EDIT,
    CUSTOMERS_VIEW_AS,
    MESSAGES_ANSWER,
    TICKETS_VIEW,
    TICKETS_ANSWER,
    TICKETS_MANAGE,
    QUARANTINE_HANDLE,
    SECRETS_OPEN,
    MAILS_VIEW,
    AUDIT_VIEW,
    JOBS_RESTART,
    STAFF_MANAGE,
    SETTINGS,
    MONEY_VIEW,
    MONEY_EDIT,
    ORDERS,
    CATALOG,
    ARTICLES,
];

impl Role {
    /// The table of DESK-1.
    pub const fn rights(self) -> &'static [Right] {
        match self {
            Role::Support => SUPPORT,
            Role::Accounting => ACCOUNTING,
            Role::Sales => SALES,
            Role::Editing => EDITING,
            Role::Admin => ADMIN,
        }
    }

    /// The rights as a session holds them.
    pub fn held(self) -> Rights {
        Rights::new(self.rights().iter().map(|right| right.0))
    }

    /// The key of the role's word.
    pub fn label(self) -> String {
        format!("role-{}", self.as_str())
    }

    /// Whether somebody in this role may give the other one away: nobody grants more than they hold.
    pub fn covers(self, other: Role) -> bool {
        other
            .rights()
            .iter()
            .all(|right| self.rights().contains(right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn desk_1_nobody_grants_more_than_they_hold() {
        for role in Role::ALL {
            assert!(Role::Admin.covers(*role), "{role:?}");
            assert!(role.covers(*role));
        }
        assert!(!Role::Support.covers(Role::Admin));
        assert!(!Role::Support.covers(Role::Accounting));
        assert!(!Role::Editing.covers(Role::Support));
    }
}
