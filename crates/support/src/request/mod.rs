//! Tickets as customers and guests use them: the form without sign-in (SUP-1), a new ticket (SUP-2), the overview (SUP-6)
//! and the ticket's own page (SUP-7).

pub mod details;
pub mod form;
pub mod guest;
pub mod hooks;
pub mod list;
pub mod new;
pub mod people;
pub mod rate;
pub mod show;

use crate::message::hooks::{UNREAD_TICKETS, unread};
use crate::ticket::{Author, Department};
use customers::rights::TICKETS;
use web::form::OptionView;
use web::{Access, Cx, Error, FormView, Member, Module, Place, Result};

/// Routes, menus and samples of these pages.
pub fn part(module: Module) -> Module {
    let member = Access::member(TICKETS);
    samples(rate::part(module, member))
        .texts(
            include_str!("../../texts/ticket.de.ftl"),
            include_str!("../../texts/ticket.en.ftl"),
        )
        .get(guest::SUBMIT, Access::open(), guest::ask)
        .post(guest::SUBMIT, Access::open(), guest::create)
        .upload()
        .get(list::LIST, member, list::list)
        .get(new::NEW, member, new::ask)
        .post(new::NEW, member, new::create)
        .upload_held(crate::secret::portal::FILE_BESIDE)
        .get(show::ONE, member, show::show)
        .post(show::ONE, member, show::answer)
        .upload()
        .get(show::FILE, member, show::file)
        .get(show::THREAD, member, show::thread)
        .post(show::CLOSE, member, show::close)
        .get(details::DETAILS, member, details::ask)
        .post(details::DETAILS, member, details::save)
        .get(people::PEOPLE, member, people::ask)
        .post(people::PEOPLE, member, people::add)
        .post(people::REMOVE, member, people::remove)
        .nav(Place::Guests, 40, "ticket-nav-submit", guest::SUBMIT.url())
        .with_icon("chat")
        .nav(Place::Main, 50, "ticket-nav", list::LIST.url())
        .with_right(TICKETS)
        .with_icon("chat")
        .with_counters(UNREAD_TICKETS, unread)
        .nav(Place::Main, 55, "ticket-nav-new", new::NEW.url())
        .with_right(TICKETS)
        .with_icon("plus")
        .overview(35, TICKETS, hooks::overview)
}

fn samples(module: Module) -> Module {
    module
        .page::<guest::SubmitPage>()
        .page::<list::ListPage>()
        .page::<new::NewPage>()
        .page::<show::TicketPage>()
        .page::<show::ThreadPart>()
        .page::<details::DetailsPage>()
        .page::<people::PeoplePage>()
        .page::<hooks::OverviewTile>()
}

/// The signed-in person, as the thread names them.
fn author(cx: &Member) -> Result<Author<'_>> {
    let name = cx.session().map_or("", |session| session.name.as_str());
    Author::of(&cx.ctx, name).ok_or(Error::SignIn)
}

/// Gives a field its choices, which are known only now; what was chosen before is the field's value.
fn choose(view: &mut FormView, field: &str, options: impl IntoIterator<Item = (String, String)>) {
    let found = view.rows.iter_mut().flatten().find(|f| f.name == field);
    if let Some(found) = found {
        let options = options.into_iter().map(|(value, label)| OptionView {
            selected: value == found.value,
            value,
            label,
        });
        found.options = options.collect();
    }
}

/// The departments as choices.
fn departments(cx: &Cx, all: &[Department]) -> Vec<(String, String)> {
    let locale = cx.ctx.locale;
    all.iter()
        .map(|one| (one.id.clone(), one.name(locale).to_owned()))
        .collect()
}

/// What a department is called.
fn department_name(cx: &Cx, all: &[Department], id: &str) -> String {
    let found = all.iter().find(|one| one.id == id);
    found.map_or_else(|| id.to_owned(), |one| one.name(cx.ctx.locale).to_owned())
}
