//! Sign-in (AUTH-3): by address or customer number, with one answer for every failure.

pub mod code;
pub mod confirm;
pub mod forgotten;
pub mod passkey;
pub mod portal;

use crate::{customer, member};
use axum::response::Response;
use db::Tx;
use db::audit::{self, Entry};
use identity::notices::{self, What};
use identity::{devices, passwords, sessions, throttle, users};
use kernel::{Ctx, CustomerId, CustomerNumber, Email, Secret, UserId, fold, hex};
use std::time::Duration;
use web::Guest;

/// Whom a sign-in name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meant {
    pub user: UserId,
    /// Set when a customer number was typed; by address the customer used last is in force.
    pub customer: Option<CustomerId>,
}

/// The user with this proven address, or the main owner of this customer number.
pub async fn resolve(tx: &mut Tx, prefix: &str, login: &str) -> db::Result<Option<Meant>> {
    if let Ok(email) = Email::parse(login) {
        let user = users::by_verified_email(tx, &email).await?;
        return Ok(user.map(|user| Meant {
            user,
            customer: None,
        }));
    }
    let Some(number) = CustomerNumber::parse(login, prefix) else {
        return Ok(None);
    };
    let Some(customer) = customer::store::by_number(tx, number).await? else {
        return Ok(None);
    };
    let owner = member::main_owner(tx, customer).await?;
    Ok(owner.map(|user| Meant {
        user,
        customer: Some(customer),
    }))
}

/// A try to sign in, as far as it is known before the password is checked.
pub struct Try {
    pub meant: Option<Meant>,
    /// What to verify against; nothing for nobody.
    pub hash: Option<String>,
    // the user's and the network's; in a browser that is known, its own alone
    keys: Vec<String>,
}

/// How a try ended.
pub enum Outcome {
    In(Meant),
    Wrong,
    /// Too many tries: nothing is said about the password, right or wrong.
    Wait(Duration),
}

impl Try {
    /// Looks up what the try needs; the same steps for nobody as for somebody.
    pub async fn of(tx: &mut Tx, cx: &Guest, login: &str) -> db::Result<Self> {
        let prefix = &cx.app.settings().number_prefix;
        let meant = resolve(tx, prefix, login).await?;
        let hash = match meant {
            Some(meant) => passwords::hash_of(tx, meant.user).await?,
            None => None,
        };
        // names that do not exist slow down as those that do, in whatever way they are typed
        let account = match meant {
            Some(meant) => format!("account:{}", meant.user),
            None => format!("account:{}", hex(&web::token_hash(&name(login, prefix)))),
        };
        let keys = keys(tx, cx, meant.map(|meant| meant.user), account).await?;
        Ok(Try { meant, hash, keys })
    }

    /// The try of somebody who is signed in and proves it once more: counts as one to sign in.
    pub async fn of_user(tx: &mut Tx, cx: &Guest, user: UserId) -> db::Result<Self> {
        Ok(Try {
            meant: Some(Meant {
                user,
                customer: None,
            }),
            hash: passwords::hash_of(tx, user).await?,
            keys: keys(tx, cx, Some(user), format!("account:{user}")).await?,
        })
    }

    /// How long to wait before the next try, if at all.
    pub async fn wait(&self, tx: &mut Tx, ctx: &Ctx) -> db::Result<Option<Duration>> {
        for key in &self.keys {
            if let Err(wait) = throttle::check(tx, ctx.now, key).await? {
                return Ok(Some(wait));
            }
        }
        Ok(None)
    }

    /// Whether the password is still the one that was compared: a new one may have been set meanwhile, and the session
    /// that would begin now would outlive it.
    async fn holds(&self, tx: &mut Tx) -> db::Result<bool> {
        Ok(match self.meant {
            Some(meant) => passwords::hash_of(tx, meant.user).await? == self.hash,
            None => false,
        })
    }

    /// Notes the outcome. The caller commits whatever it is.
    pub async fn settle(&self, tx: &mut Tx, ctx: &Ctx, fits: bool) -> db::Result<Outcome> {
        // of many tries at once only the free ones get an answer
        if let Some(wait) = self.wait(tx, ctx).await? {
            return Ok(Outcome::Wait(wait));
        }
        if let (Some(meant), true) = (self.meant, fits && self.holds(tx).await?) {
            // never the network's: whoever has one account there would free all tries
            if let Some(own) = self.keys.first() {
                throttle::succeed(tx, own).await?;
            }
            return Ok(Outcome::In(meant));
        }
        for key in &self.keys {
            throttle::fail(tx, ctx.now, key).await?;
        }
        if let Some(meant) = self.meant {
            note(tx, ctx, "session.refused", meant.user, meant.customer).await?;
        }
        Ok(Outcome::Wrong)
    }
}

/// What the try counts against. Who has signed in with this browser before has a count there that nobody else can use up.
async fn keys(
    tx: &mut Tx,
    cx: &Guest,
    user: Option<UserId>,
    account: String,
) -> db::Result<Vec<String>> {
    let device = devices::known(tx, user, cx.device_token(), cx.ctx.now).await?;
    Ok(match device {
        Some(device) => vec![device.key()],
        None => vec![account, format!("network:{}:sign-in", cx.info.network)],
    })
}

/// One spelling of a name that leads to nobody.
fn name(login: &str, prefix: &str) -> String {
    let email = Email::parse(login).ok().map(|email| email.to_string());
    let number = || CustomerNumber::parse(login, prefix).map(|number| number.to_string());
    email.or_else(number).unwrap_or_else(|| fold(login))
}

/// A session that was just opened.
pub struct Opened {
    session: Secret,
    device: Secret,
}

impl Opened {
    /// Gives the browser what it is to keep.
    pub fn hand_over(&self, cx: &Guest, response: &mut Response) {
        cx.set_session(response, self.session.expose(), false);
        cx.set_device(response, self.device.expose());
        if cx.step_token().is_some() {
            cx.set_step(response, None);
        }
    }
}

/// Opens a session with a token of its own, and ends the one the browser had before. Of a browser in which this user
/// was never seen a mail tells.
pub async fn open(
    tx: &mut Tx,
    ctx: &Ctx,
    cx: &Guest,
    user: UserId,
    customer: Option<CustomerId>,
) -> web::Result<Opened> {
    if let Some(token) = cx.session_token() {
        sessions::end_token(tx, token).await?;
    }
    let session = sessions::open(tx, ctx, user, customer, &cx.info).await?;
    if let Some(customer) = customer {
        member::used(tx, customer, user, ctx.now).await?;
    }
    let here = devices::welcome(tx, ctx, user, cx.device_token(), &session).await?;
    if here.is_new && !here.is_first {
        notices::changed(tx, cx, user, What::NewDevice).await?;
    }
    note(tx, ctx, "session.opened", user, customer).await?;
    Ok(Opened {
        session,
        device: here.token,
    })
}

async fn note(
    tx: &mut Tx,
    ctx: &Ctx,
    act: &'static str,
    user: UserId,
    customer: Option<CustomerId>,
) -> db::Result<()> {
    let entry = Entry {
        customer,
        ..Entry::about_user(act, user)
    };
    audit::record(tx, ctx, entry).await.map(drop)
}
