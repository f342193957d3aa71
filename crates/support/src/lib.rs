//! Support: messages between customers and us.
//!
//! Here: tickets (of which a message is a kind), the customers' pages, the desk's queue, the mail that says that an
//! answer waits. Not here: who the customer is (`customers`), how a mail leaves (`mail`).

pub mod critical;
pub mod desk;
pub mod elsewhere;
pub mod hours;
pub mod inbound;
pub mod message;
pub mod outbound;
pub mod request;
mod reseal;
pub mod secret;
pub mod ticket;

pub use reseal::reseal;

use customers::rights::MESSAGES;
use identity::rights::MESSAGES_ANSWER;
use message::{hooks, portal};
use rust_embed::RustEmbed;
use web::{Access, Module, Place};

#[derive(RustEmbed)]
#[folder = "templates"]
struct Templates;

pub fn module() -> Module {
    let member = Access::member(MESSAGES);
    // the desk first: it counts for the menu entries of others, too
    inbound::part(outbound::part(request::part(secret::part(critical::part(
        desk::part(Module::new("support")),
    )))))
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
    .get(portal::FILE, member, portal::file)
    .nav(Place::Main, 60, "message-nav", portal::LIST.url())
    .with_right(MESSAGES)
    .with_icon("chat")
    .with_counters(hooks::UNREAD_MESSAGES, hooks::unread)
    .overview(40, MESSAGES, hooks::overview)
    .page::<portal::ListPage>()
    .page::<portal::NewPage>()
    .page::<portal::ThreadPage>()
    .page::<elsewhere::ElsewherePage>()
    .page::<hooks::OverviewTile>()
    .mail::<message::notice::AnswerWaiting>()
}
