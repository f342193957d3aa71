//! The desk's side of tickets and messages (SUP-10): one queue for both, one page for a thread, and what staff does there.

pub mod acts;
pub mod blocks;
pub mod bulk;
pub mod details;
pub mod figures;
pub mod find;
pub mod follow;
pub mod hooks;
pub mod join;
pub mod list;
pub mod past;
pub mod presence;
pub mod store;
pub mod thread;
pub mod undo;
pub mod words;

use crate::ticket::{Author, Ticket};
use futures_util::future::BoxFuture;
use identity::rights::{MESSAGES_ANSWER, TICKETS_MANAGE};
use web::{Access, Error, Module, Path, Path1, Place, Result, Staff, Tile};

pub const QUEUE: Path = Path::new("/desk/tickets");
/// The queue alone, for the script that keeps it fresh.
pub const FRAGMENT: Path = Path::new("/desk/tickets/liste");
pub const BULK: Path = Path::new("/desk/tickets/auswahl");
pub const SEARCH: Path = Path::new("/desk/tickets/suche");
pub const FIGURES: Path = Path::new("/desk/tickets/zahlen");
pub const ONE: Path1 = Path1::new("/desk/tickets/{id}");
pub const CLOSE: Path1 = Path1::new("/desk/tickets/{id}/schliessen");
pub const REOPEN: Path1 = Path1::new("/desk/tickets/{id}/oeffnen");
pub const TAKE: Path1 = Path1::new("/desk/tickets/{id}/mir-zuweisen");
/// Deciding about a mail whose sender nothing proves.
pub const ACCEPT: Path1 = Path1::new("/desk/tickets/{id}/mail-annehmen");
pub const DECLINE: Path1 = Path1::new("/desk/tickets/{id}/mail-ablehnen");
pub const NOTE: Path1 = Path1::new("/desk/tickets/{id}/notiz");
pub const DETAILS: Path1 = Path1::new("/desk/tickets/{id}/bearbeiten");
pub const MERGE: Path1 = Path1::new("/desk/tickets/{id}/zusammenfuehren");
pub const MOVE: Path1 = Path1::new("/desk/tickets/{id}/verschieben");
pub const LINK: Path1 = Path1::new("/desk/tickets/{id}/verknuepfen");
pub const UNLINK: Path1 = Path1::new("/desk/tickets/{id}/verknuepfung-loesen");
pub const HERE: Path1 = Path1::new("/desk/tickets/{id}/schreibt");
/// A file on an entry, by its own id.
pub const FILE: Path1 = Path1::new("/desk/dateien/{id}");
pub const BLOCKS: Path = Path::new("/desk/textbausteine");
pub const BLOCK_NEW: Path = Path::new("/desk/textbausteine/neu");
pub const BLOCK: Path1 = Path1::new("/desk/textbausteine/{id}");
pub const BLOCK_REMOVE: Path1 = Path1::new("/desk/textbausteine/{id}/loeschen");

/// A part of the thread's page that another module of this crate gives: its list is [`thread::PARTS`].
pub type Part =
    for<'a> fn(&'a Staff, &'a mut db::Tx, &'a Ticket) -> BoxFuture<'a, Result<Option<Tile>>>;

/// Adds the desk to the module.
pub fn part(module: Module) -> Module {
    let staff = Access::staff(MESSAGES_ANSWER);
    let manage = Access::staff(TICKETS_MANAGE);
    undo::part(module, staff)
        .texts(
            include_str!("../../texts/desk.de.ftl"),
            include_str!("../../texts/desk.en.ftl"),
        )
        .desk_rights(&[TICKETS_MANAGE])
        .get(QUEUE, staff, list::queue)
        .get(FRAGMENT, staff, list::fragment)
        .post(BULK, staff, bulk::act)
        .get(SEARCH, staff, find::show)
        .get(FIGURES, staff, figures::show)
        .get(ONE, staff, thread::show)
        .post(ONE, staff, acts::answer)
        .upload()
        .post(CLOSE, staff, acts::close)
        .post(REOPEN, staff, acts::reopen)
        .post(TAKE, staff, acts::take)
        .post(NOTE, staff, acts::note)
        .upload()
        .post(ACCEPT, staff, acts::accept)
        .post(DECLINE, staff, acts::decline)
        .get(DETAILS, staff, details::show)
        .post(DETAILS, staff, details::change)
        .get(MERGE, manage, join::merge)
        .post(MERGE, manage, join::merged)
        .get(MOVE, manage, join::part_form)
        .post(MOVE, manage, join::parted)
        .post(LINK, staff, join::link)
        .post(UNLINK, staff, join::unlink)
        .post(HERE, staff, presence::here)
        .get(FILE, staff, thread::file)
        .get(BLOCKS, staff, blocks::list)
        .get(BLOCK_NEW, manage, blocks::new)
        .post(BLOCK_NEW, manage, blocks::create)
        .get(BLOCK, manage, blocks::show)
        .post(BLOCK, manage, blocks::change)
        .post(BLOCK_REMOVE, manage, blocks::remove)
        .get(past::LIST, staff, past::list)
        .get(past::THREAD, staff, past::show)
        .nav(Place::Desk, 20, "desk-tickets", QUEUE.url())
        .with_right(MESSAGES_ANSWER)
        .with_icon("inbox")
        .with_counters(hooks::NEW, hooks::counted)
        .file_tab(30, MESSAGES_ANSWER, "desk-tickets", hooks::file_tab)
        .search("desk-tickets", MESSAGES_ANSWER, hooks::search)
        .today(20, MESSAGES_ANSWER, figures::today)
        .page::<list::QueuePage>()
        .page::<list::FragmentPage>()
        .page::<thread::ThreadPage>()
        .page::<details::DetailsPage>()
        .page::<join::MergePage>()
        .page::<join::PartPage>()
        .page::<blocks::ListPage>()
        .page::<blocks::BlockPage>()
        .page::<find::FindPage>()
        .page::<figures::FiguresPage>()
        .page::<figures::TodayTile>()
        .page::<hooks::FileTab>()
        .page::<crate::hours::Shown>()
        .jobs(follow::registry)
}

/// Whoever is signed in, as the thread names them.
pub(crate) fn author(cx: &Staff) -> Result<Author<'_>> {
    let name = cx.session().map_or("", |session| session.name.as_str());
    Author::of(&cx.ctx, name).ok_or(Error::SignIn)
}
