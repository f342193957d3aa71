//! People who sign in, and their mail addresses.

use crate::emails;
use db::{Result, Tx, params, sql};
use kernel::{Ctx, Email, Locale, Moment, UserId, Uuid};

kernel::row! {
    /// A person who signs in.
    #[derive(Debug, Clone)]
    pub struct User {
        pub id: UserId,
        pub first_name: String,
        pub last_name: String,
        // of mails; pages follow the browser until the person has chosen one in the profile
        pub locale: Locale,
        pub created_at: Moment,
    }
}

impl User {
    /// First and last name.
    pub fn name(&self) -> String {
        full_name(&self.first_name, &self.last_name)
    }
}

pub(crate) fn full_name(first: &str, last: &str) -> String {
    format!("{first} {last}").trim().to_owned()
}

/// What a user begins with; the language is that of the context.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub first_name: String,
    pub last_name: String,
    pub email: Email,
    /// Whether a mailed link proved the address.
    pub verified: bool,
}

kernel::row! {
    /// One address of a user.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct UserEmail {
        pub email: Email,
        pub verified_at: Option<Moment>,
        pub is_primary: bool,
    }
}

/// A new user with a first address. Conflict on `user_emails.email` when somebody else has proven it.
pub async fn create(tx: &mut Tx, ctx: &Ctx, new: &NewUser) -> Result<UserId> {
    let user: UserId = ctx.id();
    let stmt = sql!(
        "INSERT INTO users (id, first_name, last_name, locale, created_at) VALUES ($1, $2, $3, $4, $5)"
    );
    let params = params![user, &new.first_name, &new.last_name, ctx.locale, ctx.now];
    tx.exec(stmt, params).await?;
    let stmt = sql!(
        "INSERT INTO user_emails (id, user_id, email, verified_at, is_primary) VALUES ($1, $2, $3, $4, $5)"
    );
    let verified = new.verified.then_some(ctx.now);
    let params = params![ctx.id::<Uuid>(), user, &new.email, verified, true];
    tx.exec(stmt, params).await?;
    if new.verified {
        emails::taken_by(tx, ctx, user, &new.email).await?;
    }
    Ok(user)
}

/// The name alone.
pub async fn rename(tx: &mut Tx, user: UserId, first_name: &str, last_name: &str) -> Result<()> {
    let stmt = sql!("UPDATE users SET first_name = $2, last_name = $3 WHERE id = $1");
    let params = params![user, first_name, last_name];
    tx.exec(stmt, params).await.map(drop)
}

/// Name, and the language of mails and pages, as the person has chosen them.
pub async fn save(
    tx: &mut Tx,
    user: UserId,
    first_name: &str,
    last_name: &str,
    language: Locale,
) -> Result<()> {
    let stmt = sql!(
        "UPDATE users SET first_name = $2, last_name = $3, locale = $4, language = $4 WHERE id = $1"
    );
    let params = params![user, first_name, last_name, language];
    tx.exec(stmt, params).await.map(drop)
}

/// Whoever has proven the address.
pub async fn by_verified_email(tx: &mut Tx, email: &Email) -> Result<Option<UserId>> {
    let stmt = sql!(
        (UserId,),
        "SELECT user_id FROM user_emails WHERE email = $1 AND verified_at IS NOT NULL"
    );
    Ok(tx.opt(stmt, params![email]).await?.map(|row| row.0))
}

pub async fn by_id(tx: &mut Tx, user: UserId) -> Result<Option<User>> {
    let stmt = sql!(
        User,
        "SELECT id, first_name, last_name, locale, created_at FROM users WHERE id = $1"
    );
    tx.opt(stmt, params![user]).await
}

/// First and last name; empty when there is no such user.
pub async fn name(tx: &mut Tx, user: UserId) -> Result<String> {
    Ok(by_id(tx, user)
        .await?
        .map(|user| user.name())
        .unwrap_or_default())
}

/// All addresses, the primary one first.
pub async fn emails(tx: &mut Tx, user: UserId) -> Result<Vec<UserEmail>> {
    let stmt = sql!(
        UserEmail,
        "SELECT email, verified_at, is_primary FROM user_emails WHERE user_id = $1 ORDER BY is_primary DESC, id"
    );
    tx.all(stmt, params![user]).await
}

/// The address mails go to.
pub async fn primary_email(tx: &mut Tx, user: UserId) -> Result<Option<Email>> {
    let stmt = sql!(
        (Email,),
        "SELECT email FROM user_emails WHERE user_id = $1 AND is_primary = TRUE"
    );
    Ok(tx.opt(stmt, params![user]).await?.map(|row| row.0))
}

/// Names of a page's worth of users in one query; more than [`NAMES`] are left out, unknown ones too.
pub async fn names(tx: &mut Tx, users: &[UserId]) -> Result<Vec<(UserId, String)>> {
    let Some(first) = users.first() else {
        return Ok(Vec::new());
    };
    let stmt = sql!(
        (UserId, String, String),
        "SELECT id, first_name, last_name FROM users WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
         $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)"
    );
    // one statement for any number: what is missing repeats the first
    let params: Vec<_> = users
        .iter()
        .chain(std::iter::repeat(first))
        .take(NAMES)
        .map(|id| (*id).into())
        .collect();
    let rows = tx.all(stmt, params).await?;
    Ok(rows
        .into_iter()
        .map(|(id, first, last)| (id, full_name(&first, &last)))
        .collect())
}

/// How many names [`names`] looks up at once.
pub const NAMES: usize = 30;

/// Whether anybody has ever registered.
pub async fn any(tx: &mut Tx) -> Result<bool> {
    let found = tx
        .opt(sql!((UserId,), "SELECT id FROM users LIMIT 1"), params![])
        .await?;
    Ok(found.is_some())
}

kernel::row! {
    /// A user with the address mails go to.
    #[derive(Debug, Clone)]
    pub struct Contact {
        pub user: UserId,
        pub first_name: String,
        pub last_name: String,
        pub locale: Locale,
        pub email: Option<Email>,
        pub verified_at: Option<Moment>,
    }
}

impl Contact {
    /// First and last name.
    pub fn name(&self) -> String {
        full_name(&self.first_name, &self.last_name)
    }
}

/// As [`names`], with the primary address and language of each.
pub async fn contacts(tx: &mut Tx, users: &[UserId]) -> Result<Vec<Contact>> {
    let Some(first) = users.first() else {
        return Ok(Vec::new());
    };
    let stmt = sql!(
        Contact,
        "SELECT u.id AS \"user\", u.first_name, u.last_name, u.locale, e.email, e.verified_at FROM users u \
         LEFT JOIN user_emails e ON e.user_id = u.id AND e.is_primary = TRUE \
         WHERE u.id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
         $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30)"
    );
    let params: Vec<_> = users
        .iter()
        .chain(std::iter::repeat(first))
        .take(NAMES)
        .map(|id| (*id).into())
        .collect();
    tx.all(stmt, params).await
}
