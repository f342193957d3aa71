//! Putting a mail into the outbox, as part of the change that caused it.

use crate::headers::{Headers, is_id};
use crate::letter::one_line;
use crate::send::SendMail;
use crate::{slots, store};
use db::Tx;
use kernel::{Ctx, CustomerId, Email, Locale, Moment, Secret, UserId};

kernel::typed_id!(/** One mail to one recipient. */ MailId);

/// A rendered mail. Each recipient gets one of their own, so that addresses do not leak.
pub struct Draft {
    pub to: Email,
    /// As shown before the address; may be empty.
    pub to_name: String,
    /// Whose file it is shown in.
    pub customer: Option<CustomerId>,
    pub user: Option<UserId>,
    /// What it is, as `identity.activation`.
    pub kind: &'static str,
    pub locale: Locale,
    pub subject: String,
    pub text: String,
    /// Empty: text only.
    pub html: String,
    pub slots: Vec<Slot>,
}

/// A secret of a mail (a link that lets somebody in). The bodies hold [`slot`](crate::slot)`(name)` where it goes; it is filled in when the mail
/// is sent, and wiped on delivery or expiry.
pub struct Slot {
    pub name: &'static str,
    pub value: Secret,
    pub expires: Option<Moment>,
}

/// Stores the mail and queues its sending in the caller's transaction.
pub async fn queue(tx: &mut Tx, ctx: &Ctx, draft: Draft) -> db::Result<MailId> {
    queue_with(tx, ctx, draft, &Headers::default()).await
}

/// As [`queue`], for a mail that belongs to a conversation or is answered elsewhere.
pub async fn queue_with(
    tx: &mut Tx,
    ctx: &Ctx,
    draft: Draft,
    headers: &Headers,
) -> db::Result<MailId> {
    let id: MailId = ctx.id();
    let message_id = headers.message_id.as_deref().filter(|id| is_id(id));
    let draft = Draft {
        to_name: one_line(&draft.to_name),
        subject: one_line(&draft.subject),
        ..draft
    };
    for slot in &draft.slots {
        if !slots::used(slot.name, &draft.text) && !slots::used(slot.name, &draft.html) {
            tracing::warn!(mail = %id, kind = draft.kind, slot = slot.name, "the mail says nothing where its link belongs");
        }
    }
    store::insert(tx, ctx.now, id, &draft, message_id, &headers.stored()).await?;
    for slot in &draft.slots {
        let sealed = ctx
            .world
            .seal(
                &slots::context(id, slot.name),
                slot.value.expose().as_bytes(),
            )
            .map_err(|error| db::Error::Other(error.into()))?;
        store::insert_slot(tx, id, slot.name, sealed, slot.expires).await?;
    }
    jobs::enqueue(tx, ctx, &SendMail { mail: id }).await?;
    Ok(id)
}

/// Wipes the secrets of a mail: its link was used, or another one took its place.
/// A mail that was tried already counts as arrived (who else could have used the link); one never tried is not sent any more.
pub async fn wipe(tx: &mut Tx, ctx: &Ctx, mail: MailId) -> db::Result<()> {
    store::wipe(tx, mail).await?;
    store::arrived(tx, mail, ctx.now).await
}
