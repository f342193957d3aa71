//! What a member may do for a customer, and what staff may do with customers.

use web::Right;

pub const ACCOUNT_VIEW: Right = Right("account.view");
pub const ACCOUNT_EDIT: Right = Right("account.edit");
pub const ADDRESSES: Right = Right("addresses");
pub const USERS: Right = Right("users");
pub const CONTACTS: Right = Right("contacts");
pub const MESSAGES: Right = Right("messages");
pub const TICKETS: Right = Right("tickets");
pub const MAILS: Right = Right("mails");

/// Everything an owner holds. A right comes in here with the context that asks for it.
pub const ALL: &[Right] = &[
    ACCOUNT_VIEW,
    ACCOUNT_EDIT,
    ADDRESSES,
    USERS,
    CONTACTS,
    MESSAGES,
    TICKETS,
    MAILS,
];

/// On the desk.
pub const CUSTOMERS_VIEW: Right = Right("customers.view");
pub const CUSTOMERS_EDIT: Right = Right("customers.edit");
/// To look at the portal with a customer's eyes.
pub const CUSTOMERS_VIEW_AS: Right = Right("customers.view_as");
