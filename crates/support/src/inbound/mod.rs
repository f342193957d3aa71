//! Mails that come in (SUP-9): which ticket each belongs to, and what happens with it.
//!
//! Here: the job that looks at a stored mail ([`take_in`]), the rules ([`verdict`]), the desk's list of mails that need a
//! person. Not here: how mails come to this machine and are taken apart; that is `intake`'s.

pub mod desk;
pub mod frame;
pub mod keep;
mod store;
pub mod take;
pub mod verdict;

use db::Tx;
use futures_util::future::BoxFuture;
use identity::rights::{MESSAGES_ANSWER, QUARANTINE_HANDLE};
use intake::InboundId;
use kernel::Ctx;
use web::{Access, Module, Place};

pub use keep::Keep;
pub use take::{Settings, TakeIn};

/// Mails that wait for a person; the desk counts them with its own.
pub const COUNTER: &str = "inbox-waiting";

/// The jobs and pages of this folder.
pub fn part(module: Module) -> Module {
    let handle = Access::staff(QUARANTINE_HANDLE);
    let staff = Access::staff(MESSAGES_ANSWER);
    module
        .texts(
            include_str!("../../texts/inbound.de.ftl"),
            include_str!("../../texts/inbound.en.ftl"),
        )
        .texts(
            include_str!("../../texts/originals.de.ftl"),
            include_str!("../../texts/originals.en.ftl"),
        )
        .desk_rights(&[QUARANTINE_HANDLE])
        .get(desk::LIST, handle, desk::list)
        .get(desk::ONE, handle, desk::show)
        .post(desk::RETRY, handle, desk::retry)
        .post(desk::TAKE, handle, desk::take)
        .post(desk::DROP, handle, desk::drop_mail)
        .post(desk::RESUME, handle, desk::resume)
        .get(desk::ORIGINAL, staff, desk::original)
        .get(frame::PAGE, staff, frame::page)
        .get(frame::CONTENT, staff, frame::content)
        .nav(Place::Desk, 27, "inbox-nav", desk::LIST.url())
        .with_right(QUARANTINE_HANDLE)
        .with_icon("mail")
        .with_counters(COUNTER, crate::desk::hooks::counted)
        .page::<desk::ListPage>()
        .page::<desk::MailPage>()
        .page::<frame::FramePage>()
        .page::<frame::MailsTile>()
        .jobs(|registry| {
            registry
                .job::<TakeIn>()
                .schedule("47 2 * * *", keep::Forget)
        })
}

/// Queues the work on a mail that was stored; what `intake`'s receiver is given.
pub fn queue<'a>(tx: &'a mut Tx, ctx: &'a Ctx, mail: InboundId) -> BoxFuture<'a, db::Result<()>> {
    Box::pin(async move { jobs::enqueue(tx, ctx, &TakeIn { mail }).await.map(drop) })
}
