//! Passkeys: made in the profile; used after the password, or in its place.
//!
//! What is asked of a passkey is kept here, is good for five minutes, and is gone with the answer, right or wrong.

pub mod portal;
mod store;

pub use store::{Row, list, one};

use super::{Required, line, settle};
use db::{Result, Tx, audit};
use kernel::{Ctx, Moment, UserId};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::time::Duration;
use web::Settings;
use webauthn_rs::prelude::{
    AuthenticationResult, CredentialID, DiscoverableAuthentication, Passkey, PasskeyAuthentication,
    PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Url, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

kernel::typed_id!(/** One passkey of a user. */ PasskeyId);

/// So long a question waits for its answer.
pub const GOOD_FOR: Duration = Duration::from_secs(300);
/// Nobody needs more.
pub const MOST: usize = 20;

const MAKE: &str = "make";
const SECOND: &str = "second";
const FIRST: &str = "first";

/// Who asks, as browsers know it: host and origin of the portal. `None` where browsers make no passkeys: on an address of
/// digits, and without https but on this very machine.
fn asker(settings: &Settings) -> Option<Webauthn> {
    let origin = Url::parse(&settings.public_url).ok()?;
    let host = origin.domain()?;
    let safe = settings.secure() || host == "localhost" || host.ends_with(".localhost");
    if !safe {
        return None;
    }
    let builder = WebauthnBuilder::new(host, &origin).ok()?;
    builder.rp_name(&settings.provider_name).build().ok()
}

/// Whether passkeys work at all at this portal's address.
pub fn usable(settings: &Settings) -> bool {
    asker(settings).is_some()
}

/// What a browser is to be asked: the script hands `options` to it, and sends the answer with `ceremony`.
#[derive(Debug, Serialize)]
pub struct Question {
    ceremony: String,
    options: Value,
}

async fn question(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: &str,
    user: Option<UserId>,
    options: Value,
    state: &impl Serialize,
) -> Result<Question> {
    let ceremony = ctx.world.token();
    let state = serde_json::to_string(state).map_err(|error| db::Error::Other(error.into()))?;
    let until = ctx.now + GOOD_FOR;
    store::ask(tx, web::token_hash(&ceremony), kind, user, &state, until).await?;
    Ok(Question { ceremony, options })
}

/// What was asked, taken away.
async fn asked<T: DeserializeOwned>(
    tx: &mut Tx,
    ctx: &Ctx,
    kind: &str,
    user: Option<UserId>,
    answer: &Answer,
) -> Result<Option<T>> {
    let hash = web::token_hash(&answer.ceremony);
    let state = store::take(tx, hash, kind, user, ctx.now).await?;
    Ok(state.and_then(|state| serde_json::from_str(&state).ok()))
}

/// What the script sends.
#[derive(Debug, Clone)]
pub struct Answer {
    ceremony: String,
    answer: String,
}

impl Answer {
    /// From the two fields of a form; `None` when the form brings none.
    pub fn of(form: &web::RawForm) -> Option<Self> {
        let field = |name| form.get(name).filter(|value| !value.is_empty());
        Some(Answer {
            ceremony: field("ceremony")?.to_owned(),
            answer: field("answer")?.to_owned(),
        })
    }

    fn read<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_str(&self.answer).ok()
    }
}

// the library is given what it asks for; what is left over in the answer's shape is ours
fn options(challenge: impl Serialize) -> Result<Value> {
    let whole = serde_json::to_value(challenge).map_err(|error| db::Error::Other(error.into()))?;
    Ok(whole.get("publicKey").cloned().unwrap_or_default())
}

fn other(error: impl std::error::Error + Send + Sync + 'static) -> db::Error {
    db::Error::Other(error.into())
}

fn keys(rows: &[Row]) -> Vec<Passkey> {
    let read = |row: &Row| serde_json::from_str(&row.stored).ok();
    rows.iter().filter_map(read).collect()
}

/// Asks for a new passkey of this user; `None` where passkeys do not work, or when there are enough.
pub async fn make(
    tx: &mut Tx,
    ctx: &Ctx,
    settings: &Settings,
    user: UserId,
    account: &str,
    name: &str,
) -> Result<Option<Question>> {
    let rows = list(tx, user).await?;
    let Some(asker) = asker(settings).filter(|_| rows.len() < MOST) else {
        return Ok(None);
    };
    let known: Vec<CredentialID> = keys(&rows)
        .iter()
        .map(|key| key.cred_id().clone())
        .collect();
    let (challenge, state) = asker
        .start_passkey_registration(user.0, account, name, Some(known))
        .map_err(other)?;
    let mut options = options(challenge)?;
    // one that knows whose it is can be used without typing a name
    let wanted = options.get_mut("authenticatorSelection");
    if let Some(wanted) = wanted.and_then(Value::as_object_mut) {
        wanted.insert("residentKey".into(), "preferred".into());
    }
    let made = question(tx, ctx, MAKE, Some(user), options, &state).await?;
    Ok(Some(made))
}

/// The new passkey; `None` when the answer is none, or to another question.
pub async fn made(
    tx: &mut Tx,
    ctx: &Ctx,
    settings: &Settings,
    user: UserId,
    name: &str,
    answer: &Answer,
) -> Result<Option<PasskeyId>> {
    let state = asked::<PasskeyRegistration>(tx, ctx, MAKE, Some(user), answer).await?;
    let told = answer.read::<RegisterPublicKeyCredential>();
    let Some(((asker, state), told)) = asker(settings).zip(state).zip(told) else {
        return Ok(None);
    };
    let Ok(passkey) = asker.finish_passkey_registration(&told, &state) else {
        return Ok(None);
    };
    let stored = serde_json::to_string(&passkey).map_err(other)?;
    let id = store::insert(tx, ctx, user, passkey.cred_id(), name, &stored).await?;
    super::store::set_on(tx, user, true).await?;
    let entry = line(
        "passkey.added",
        user,
        json!({ "passkey": id, "name": name }),
    );
    audit::record(tx, ctx, entry).await?;
    Ok(Some(id))
}

/// Asks for one of the user's passkeys, after the password; `None` without any.
pub async fn second(
    tx: &mut Tx,
    ctx: &Ctx,
    settings: &Settings,
    user: UserId,
) -> Result<Option<Question>> {
    let keys = keys(&list(tx, user).await?);
    let Some(asker) = asker(settings).filter(|_| !keys.is_empty()) else {
        return Ok(None);
    };
    let (challenge, state) = asker.start_passkey_authentication(&keys).map_err(other)?;
    let asked = question(tx, ctx, SECOND, Some(user), options(challenge)?, &state).await?;
    Ok(Some(asked))
}

/// Whether the answer is one of the user's passkeys. Commit in either case.
pub async fn is_second(
    tx: &mut Tx,
    ctx: &Ctx,
    settings: &Settings,
    user: UserId,
    answer: &Answer,
) -> Result<bool> {
    let state = asked::<PasskeyAuthentication>(tx, ctx, SECOND, Some(user), answer).await?;
    let told = answer.read::<PublicKeyCredential>();
    let Some(((asker, state), told)) = asker(settings).zip(state).zip(told) else {
        return Ok(false);
    };
    // a passkey that knows whose it is must say this user
    if told
        .get_user_unique_id()
        .is_some_and(|whose| whose != user.0.as_bytes())
    {
        return note(tx, ctx, user, "user").await;
    }
    match asker.finish_passkey_authentication(&told, &state) {
        Ok(result) => used(tx, ctx, user, &result).await,
        Err(error) => refused(tx, ctx, user, &error).await,
    }
}

/// Asks whoever is there for any passkey; `None` where passkeys do not work.
pub async fn first(tx: &mut Tx, ctx: &Ctx, settings: &Settings) -> Result<Option<Question>> {
    let Some(asker) = asker(settings) else {
        return Ok(None);
    };
    let (challenge, state) = asker.start_discoverable_authentication().map_err(other)?;
    let asked = question(tx, ctx, FIRST, None, options(challenge)?, &state).await?;
    Ok(Some(asked))
}

/// Whose passkey answered, having made sure that its owner was there. Commit in either case.
pub async fn is_first(
    tx: &mut Tx,
    ctx: &Ctx,
    settings: &Settings,
    answer: &Answer,
) -> Result<Option<UserId>> {
    let state = asked::<DiscoverableAuthentication>(tx, ctx, FIRST, None, answer).await?;
    let told = answer.read::<PublicKeyCredential>();
    let Some(((asker, state), told)) = asker(settings).zip(state).zip(told) else {
        return Ok(None);
    };
    let Ok((user, _)) = asker.identify_discoverable_authentication(&told) else {
        return Ok(None);
    };
    let user = UserId(user);
    let credential = told.get_credential_id();
    let Some(row) = store::by_credential(tx, user, credential).await? else {
        return Ok(None);
    };
    let passkey: Passkey = serde_json::from_str(&row.stored).map_err(other)?;
    let fits = match asker.finish_discoverable_authentication_v2(&told, state, &passkey) {
        Ok(result) => result.user_verified() && used(tx, ctx, user, &result).await?,
        Err(error) => refused(tx, ctx, user, &error).await?,
    };
    Ok(fits.then_some(user))
}

/// Notes the use. A counter that did not move on belongs to a copy: it is refused and noted.
async fn used(tx: &mut Tx, ctx: &Ctx, user: UserId, result: &AuthenticationResult) -> Result<bool> {
    let Some(row) = store::by_credential(tx, user, result.cred_id()).await? else {
        return Ok(false);
    };
    let mut passkey: Passkey = serde_json::from_str(&row.stored).map_err(other)?;
    passkey.update_credential(result);
    let stored = serde_json::to_string(&passkey).map_err(other)?;
    let counter = i64::from(result.counter());
    if store::used(tx, user, row.id, &stored, counter, ctx.now).await? {
        return Ok(true);
    }
    note(tx, ctx, user, "counter").await
}

async fn refused(tx: &mut Tx, ctx: &Ctx, user: UserId, error: &WebauthnError) -> Result<bool> {
    use WebauthnError as Why;
    let why = match error {
        Why::CredentialPossibleCompromise => "counter",
        Why::InvalidRPOrigin => "origin",
        Why::InvalidRPIDHash => "site",
        Why::UserNotVerified => "unverified",
        Why::MismatchedChallenge => "challenge",
        _ => "answer",
    };
    note(tx, ctx, user, why).await
}

async fn note(tx: &mut Tx, ctx: &Ctx, user: UserId, why: &'static str) -> Result<bool> {
    let entry = line("passkey.refused", user, json!({ "why": why }));
    audit::record(tx, ctx, entry).await?;
    Ok(false)
}

/// Gives it another name.
pub async fn rename(tx: &mut Tx, ctx: &Ctx, user: UserId, id: PasskeyId, name: &str) -> Result<()> {
    store::one(tx, user, id).await?;
    store::rename(tx, user, id, name).await?;
    let entry = line("passkey.renamed", user, json!({ "passkey": id }));
    audit::record(tx, ctx, entry).await.map(drop)
}

/// Takes it away, unless it is the last factor of somebody who must have one.
pub async fn remove(
    tx: &mut Tx,
    ctx: &Ctx,
    user: UserId,
    id: PasskeyId,
) -> Result<std::result::Result<(), Required>> {
    store::one(tx, user, id).await?;
    let state = super::state(tx, user).await?;
    if state.required && state.app.is_none() && state.passkeys == 1 {
        return Ok(Err(Required));
    }
    store::delete(tx, user, id).await?;
    let entry = line("passkey.removed", user, json!({ "passkey": id }));
    audit::record(tx, ctx, entry).await?;
    settle(tx, user).await?;
    Ok(Ok(()))
}

pub(crate) async fn clear(tx: &mut Tx, user: UserId) -> Result<()> {
    store::delete_all(tx, user).await
}

pub(crate) async fn sweep(tx: &mut Tx, now: Moment) -> Result<()> {
    store::sweep(tx, now).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn auth_6_passkeys_need_a_name_and_https_or_this_machine() {
        for (url, works) in [
            ("https://portal.nordlicht.example", true),
            ("https://portal.nordlicht.example:8443", true),
            ("http://localhost:8080", true),
            ("http://portal.nordlicht.example", false),
            ("http://127.0.0.1:8080", false),
            ("https://192.0.2.7", false),
            ("https://[2001:db8::1]", false),
        ] {
            let settings = Settings {
                public_url: url.into(),
                ..Settings::example()
            };
            assert_eq!(usable(&settings), works, "{url}");
        }
    }
}
