//! Memberships: who acts for which customer, with which rights. All SQL on `memberships`.

pub mod access;
pub mod desk;
pub mod edit;
pub mod form;

use crate::{customer, rights};
use db::audit::{self, Entry};
use db::{Result, Tx, params, sql};
use identity::users;
use kernel::{Ctx, CustomerId, CustomerNumber, Email, Locale, Moment, UserId};
use serde_json::json;
use web::{Acting, MemberSession, Membership, Right, Rights, Settings, Viewer};

/// What a user is to a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// Exactly one of a customer: the customer number signs this one in.
    MainOwner,
    Owner,
    With(Rights),
}

kernel::row! {
    struct Row {
        customer_id: CustomerId,
        number: i64,
        company: Option<String>,
        first_name: String,
        last_name: String,
        is_owner: bool,
        rights: String,
    }
}

impl Row {
    fn rights(&self) -> Rights {
        held(self.is_owner, &self.rights)
    }
    fn name(&self) -> String {
        customer::name(self.company.as_deref(), &self.first_name, &self.last_name)
    }
    fn number(&self, settings: &Settings) -> String {
        CustomerNumber::format(self.number, &settings.number_prefix)
    }
    fn acting(&self, settings: &Settings) -> Acting {
        Acting {
            customer: self.customer_id,
            number: self.number(settings),
            name: self.name(),
            rights: self.rights(),
        }
    }
    fn place(&self, settings: &Settings) -> Membership {
        Membership {
            customer: self.customer_id,
            number: self.number(settings),
            name: self.name(),
        }
    }
}

fn held(is_owner: bool, stored: &str) -> Rights {
    if is_owner {
        Rights::new(rights::ALL.iter().map(|right| right.0))
    } else {
        Rights::parse(stored)
    }
}

/// Owner, main owner, rights: owners hold all, so theirs are not listed.
fn stored(role: &Role) -> (bool, bool, String) {
    match role {
        Role::MainOwner => (true, true, String::new()),
        Role::Owner => (true, false, String::new()),
        Role::With(rights) => (false, false, rights.stored()),
    }
}

/// Makes a user a member of a customer, who is then found by the member's address, too.
pub async fn add(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    user: UserId,
    role: &Role,
) -> Result<()> {
    let (owner, main, stored) = stored(role);
    let stmt = sql!(
        "INSERT INTO memberships (customer_id, user_id, is_owner, is_main_owner, rights, created_at, used_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $6)"
    );
    tx.exec(stmt, params![customer, user, owner, main, &stored, ctx.now])
        .await?;
    for email in users::emails(tx, user).await? {
        customer::store::add_key(tx, customer, email.email.as_str()).await?;
    }
    let entry = Entry {
        customer: Some(customer),
        detail: json!({ "owner": owner, "main": main, "rights": stored }),
        ..Entry::about_user("member.added", user)
    };
    audit::record(tx, ctx, entry).await.map(drop)
}

/// The memberships of a user, the one used last first.
async fn of_user(tx: &mut Tx, user: UserId) -> Result<Vec<Row>> {
    let stmt = sql!(
        Row,
        "SELECT m.customer_id, c.number, c.company, c.first_name, c.last_name, m.is_owner, m.rights \
         FROM memberships m JOIN customers c ON c.id = m.customer_id WHERE m.user_id = $1 \
         ORDER BY m.used_at DESC, c.number"
    );
    tx.all(stmt, params![user]).await
}

/// Who stands behind a session token, and for whom they act: two queries.
///
/// # Errors
/// When the database is away.
pub async fn session(
    tx: &mut Tx,
    settings: &Settings,
    token: [u8; 32],
    now: Moment,
) -> Result<Option<MemberSession>> {
    let Some(found) = identity::sessions::by_token(tx, token, now).await? else {
        return Ok(None);
    };
    let mut rows = of_user(tx, found.user).await?;
    // a membership that ended takes its customer away from the session
    let acting = rows
        .iter()
        .find(|row| Some(row.customer_id) == found.acting)
        .or(rows.first());
    let acting = acting.map(|row| row.acting(settings));
    rows.sort_by_key(|row| row.number);
    let customers = rows.iter().map(|row| row.place(settings)).collect();
    Ok(Some(MemberSession {
        session: found.session,
        user: found.user,
        name: found.name,
        locale: found.language,
        seen: found.seen,
        fresh_until: found.fresh_until,
        only: found.factor_due.then_some(identity::factors::UNTIL_SET_UP),
        acting,
        viewer: None,
        customers,
    }))
}

/// As [`session`], for staff who look with a user's eyes, and for one customer alone: what else the user belongs to is
/// none of the view's business. `None` when the view, or the membership, is over.
///
/// # Errors
/// When the database is away.
pub async fn viewed(
    tx: &mut Tx,
    settings: &Settings,
    token: [u8; 32],
    desk: [u8; 32],
    now: Moment,
) -> Result<Option<MemberSession>> {
    let Some(found) = identity::views::by_tokens(tx, token, desk, now).await? else {
        return Ok(None);
    };
    let rows = of_user(tx, found.user).await?;
    let row = rows.iter().find(|row| row.customer_id == found.customer);
    Ok(row.map(|row| MemberSession {
        session: found.id.0,
        user: found.user,
        name: found.name,
        locale: found.language,
        seen: now,
        // never: what asks for a fresh sign-in is closed
        fresh_until: Moment::from_micros(i64::MIN),
        only: None,
        acting: Some(row.acting(settings)),
        viewer: Some(Viewer {
            staff: found.staff,
            name: found.staff_name,
            until: found.until,
        }),
        customers: vec![row.place(settings)],
    }))
}

/// The customer in force after sign-in by address: the one used last.
pub async fn last_used(tx: &mut Tx, user: UserId) -> Result<Option<CustomerId>> {
    Ok(of_user(tx, user).await?.first().map(|row| row.customer_id))
}

/// The customers of a user by id and name, the one used last first.
pub async fn customers_of(tx: &mut Tx, user: UserId) -> Result<Vec<(CustomerId, String)>> {
    let rows = of_user(tx, user).await?;
    Ok(rows
        .iter()
        .map(|row| (row.customer_id, row.name()))
        .collect())
}

/// What the user may do for the customer; `None` for strangers.
pub async fn rights_of(tx: &mut Tx, customer: CustomerId, user: UserId) -> Result<Option<Rights>> {
    let stmt = sql!(
        (bool, String),
        "SELECT is_owner, rights FROM memberships WHERE customer_id = $1 AND user_id = $2"
    );
    let found = tx.opt(stmt, params![customer, user]).await?;
    Ok(found.map(|(is_owner, stored)| held(is_owner, &stored)))
}

/// The main owner: whom the customer number signs in.
pub async fn main_owner(tx: &mut Tx, customer: CustomerId) -> Result<Option<UserId>> {
    let stmt = sql!(
        (UserId,),
        "SELECT user_id FROM memberships WHERE customer_id = $1 AND is_main_owner = TRUE"
    );
    Ok(tx.opt(stmt, params![customer]).await?.map(|row| row.0))
}

/// Notes that the user now acts for the customer.
pub async fn used(tx: &mut Tx, customer: CustomerId, user: UserId, now: Moment) -> Result<()> {
    let stmt = sql!("UPDATE memberships SET used_at = $3 WHERE customer_id = $1 AND user_id = $2");
    tx.exec(stmt, params![customer, user, now]).await.map(drop)
}

kernel::row! {
    /// A member as the desk and the user administration see it.
    #[derive(Debug, Clone)]
    pub struct Member {
        pub user_id: UserId,
        pub is_owner: bool,
        pub is_main_owner: bool,
        pub rights: String,
        pub created_at: Moment,
    }
}

/// The members of a customer, the main owner first.
pub async fn of_customer(tx: &mut Tx, customer: CustomerId) -> Result<Vec<Member>> {
    let stmt = sql!(
        Member,
        "SELECT user_id, is_owner, is_main_owner, rights, created_at FROM memberships WHERE customer_id = $1 \
         ORDER BY is_main_owner DESC, is_owner DESC, created_at, user_id"
    );
    tx.all(stmt, params![customer]).await
}

/// The members who hold `right`.
pub async fn who_may(tx: &mut Tx, customer: CustomerId, right: Right) -> Result<Vec<UserId>> {
    let members = of_customer(tx, customer).await?.into_iter();
    Ok(members
        .filter(|member| held(member.is_owner, &member.rights).has(right))
        .map(|member| member.user_id)
        .collect())
}

/// The members who hold `right` and have a proven address.
pub async fn with_right(
    tx: &mut Tx,
    customer: CustomerId,
    right: Right,
) -> Result<Vec<(UserId, Email, String, Locale)>> {
    let ids = who_may(tx, customer, right).await?;
    let people = users::contacts(tx, &ids).await?;
    let told = |person: users::Contact| {
        let email = person
            .email
            .clone()
            .filter(|_| person.verified_at.is_some())?;
        Some((person.user, email, person.name(), person.locale))
    };
    Ok(people.into_iter().filter_map(told).collect())
}
