//! The desk's frame: start page, search, log ("Protokoll"), outgoing mails and jobs ("Vorgänge"); the customer's mail history.
//!
//! Here: what staff sees of all contexts at once, and how the log is sealed. Not here: how a mail is sent (`mail`), how a job runs (`jobs`), what
//! is searched (each context's own hook).

pub mod came;
mod days;
mod events;
pub mod export;
pub mod history;
pub mod log;
pub mod mails;
mod people;
mod seal;
pub mod search;
pub mod start;
pub mod work;

pub use seal::SealLog;

use identity::rights::{AUDIT_VIEW, JOBS_RESTART, MAILS_VIEW};
use rust_embed::RustEmbed;
use web::{Access, DESK, DESK_SEARCH, Module, Place};

#[derive(RustEmbed)]
#[folder = "templates"]
struct Templates;

pub fn module() -> Module {
    let module = Module::new("operations")
        .texts(
            include_str!("../texts/de.ftl"),
            include_str!("../texts/en.ftl"),
        )
        .texts(
            include_str!("../texts/history.de.ftl"),
            include_str!("../texts/history.en.ftl"),
        )
        .templates::<Templates>()
        .desk_rights(&[AUDIT_VIEW, MAILS_VIEW, JOBS_RESTART])
        .jobs(|registry| {
            registry
                .on(mail::FAILED, "operations.audit", events::mail_failed)
                .schedule(SealLog::WHEN, SealLog {})
        });
    came::add(history::add(samples(menus(routes(module)))))
}

fn routes(module: Module) -> Module {
    module
        .get(DESK, Access::any_staff(), start::show)
        .get(DESK_SEARCH, Access::any_staff(), search::show)
        .get(log::LIST, Access::staff(AUDIT_VIEW), log::list)
        .post(export::EXPORT, Access::staff(AUDIT_VIEW), export::download)
        .get(work::WORK, Access::any_staff(), work::enter)
        .get(mails::LIST, Access::staff(MAILS_VIEW), mails::list)
        .get(mails::ONE, Access::staff(MAILS_VIEW), mails::show)
        .post(mails::RESEND, Access::staff(MAILS_VIEW), mails::resend)
        .get(work::JOBS, Access::staff(JOBS_RESTART), work::list)
        .post(work::RESTART, Access::staff(JOBS_RESTART), work::restart)
        .post(work::DISCARD, Access::staff(JOBS_RESTART), work::discard)
}

fn menus(module: Module) -> Module {
    module
        .nav(Place::Desk, 10, "today-nav", DESK.url())
        .with_icon("chart")
        .nav(Place::Desk, 80, "work-nav", work::WORK.url())
        .with_right(MAILS_VIEW)
        .with_icon("list")
        .nav(Place::Desk, 90, "log-nav", log::LIST.url())
        .with_right(AUDIT_VIEW)
        .with_icon("clock")
        .file_tab(80, MAILS_VIEW, "mails-tab", mails::file_tab)
        .file_tab(90, AUDIT_VIEW, "log-nav", log::file_tab)
}

fn samples(module: Module) -> Module {
    module
        .page::<start::StartPage>()
        .page::<search::SearchPage>()
        .page::<log::LogPage>()
        .page::<log::LogTab>()
        .page::<mails::ListPage>()
        .page::<mails::MailPage>()
        .page::<mails::MailsTab>()
        .page::<work::JobsPage>()
}
