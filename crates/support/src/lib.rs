//! Support: messages between customers and us.
//!
//! Here: tickets (of which a message is a kind), the customers' pages, the desk's queue, the mail that says that an
//! answer waits. Not here: who the customer is (`customers`), how a mail leaves (`mail`).

pub mod message;
pub mod ticket;

use customers::rights::MESSAGES;
use identity::rights::MESSAGES_ANSWER;
use message::{desk, hooks, portal};
use rust_embed::RustEmbed;
use web::{Access, Module, Place};

#[derive(RustEmbed)]
#[folder = "templates"]
struct Templates;

pub fn module() -> Module {
    let member = Access::member(MESSAGES);
    let staff = Access::staff(MESSAGES_ANSWER);
    Module::new("support")
        .texts(
            include_str!("../texts/de.ftl"),
            include_str!("../texts/en.ftl"),
        )
        .templates::<Templates>()
        .desk_rights(&[MESSAGES_ANSWER])
        .get(portal::LIST, member, portal::list)
        .get(portal::NEW, member, portal::new)
        .post(portal::NEW, member, portal::create)
        .get(portal::ONE, member, portal::show)
        .post(portal::ONE, member, portal::answer)
        .post(portal::CLOSE, member, portal::close)
        .get(desk::QUEUE, staff, desk::queue)
        .get(desk::FRAGMENT, staff, desk::fragment)
        .get(desk::ONE, staff, desk::show)
        .post(desk::ONE, staff, desk::answer)
        .post(desk::CLOSE, staff, desk::close)
        .post(desk::REOPEN, staff, desk::reopen)
        .nav(Place::Main, 60, "message-nav", portal::LIST.url())
        .with_right(MESSAGES)
        .with_icon("chat")
        .with_counter("messages-unread", hooks::unread)
        .nav(Place::Desk, 20, "message-nav", desk::QUEUE.url())
        .with_right(MESSAGES_ANSWER)
        .with_icon("inbox")
        .with_counter("messages-new", hooks::new_ones)
        .overview(40, MESSAGES, hooks::overview)
        .file_tab(30, MESSAGES_ANSWER, "message-nav", hooks::file_tab)
        .search("message-nav", MESSAGES_ANSWER, hooks::search)
        .page::<portal::ListPage>()
        .page::<portal::NewPage>()
        .page::<portal::ThreadPage>()
        .page::<portal::ElsewherePage>()
        .page::<desk::QueuePage>()
        .page::<desk::FragmentPage>()
        .page::<desk::ThreadPage>()
        .page::<hooks::OverviewTile>()
        .page::<hooks::FileTab>()
        .mail::<message::notice::AnswerWaiting>()
}
