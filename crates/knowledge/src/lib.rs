//! The knowledge base: articles in folders, found by words, rated by readers, written at the desk.
//!
//! Here: articles with their versions and languages, folders, categories, manuals, search, feedback, import and export.
//! Not here: how words are found (`search`), where pictures and files of articles lie (`files`).

pub mod article;
pub mod attachment;
pub mod desk;
pub mod diff;
pub mod feedback;
mod finding;
pub mod group;
pub mod manual;
pub mod markdown;
pub mod misses;
mod offer;
pub mod portal;
mod shelf;
pub mod transfer;

pub use finding::{Suggestion, suggest};
pub use group::GroupId;
pub use offer::{Offer, asked, offer};
pub use shelf::{Shelf, rebuild, warm};

use identity::rights::{ARTICLES, MESSAGES_ANSWER};
use rust_embed::RustEmbed;
use web::{Access, Module, Place};

#[derive(RustEmbed)]
#[folder = "templates"]
struct Templates;

/// Wants a [`Shelf`] among the application's state.
pub fn module() -> Module {
    let open = Access::open();
    let any = Access::any_staff();
    let edit = Access::staff(ARTICLES);
    Module::new("knowledge")
        .texts(
            include_str!("../texts/de.ftl"),
            include_str!("../texts/en.ftl"),
        )
        .templates::<Templates>()
        .desk_rights(&[ARTICLES])
        .get(portal::HOME, open, portal::home)
        .get(portal::SEARCH, open, portal::search)
        .get(portal::ALL, open, portal::all)
        .get(portal::FOLDER, open, portal::folder)
        .get(portal::CATEGORY, open, portal::category)
        .get(portal::SUGGESTIONS, open, portal::suggestions)
        .post(portal::SUGGESTIONS, open, portal::suggest)
        .get(portal::FILE, open, portal::article::file)
        .get(portal::ARTICLE, open, portal::article::show)
        .get(portal::PRINT, open, portal::article::print)
        .get(portal::FEEDBACK, open, portal::article::back)
        .post(portal::FEEDBACK, open, portal::article::rate)
        .get(desk::LIST, any, desk::list::list)
        .get(desk::NEW, edit, desk::write::new)
        .post(desk::NEW, edit, desk::write::create)
        .get(desk::ONE, any, desk::one::show)
        .post(desk::ONE, edit, desk::one::place)
        .get(desk::TEXT, edit, desk::write::edit)
        .post(desk::TEXT, edit, desk::write::save)
        .get(desk::FILES, any, desk::files::list)
        .post(desk::FILES, edit, desk::files::attach)
        .upload()
        .get(desk::FILE, any, desk::files::one)
        .post(desk::FILE_REMOVE, edit, desk::files::remove)
        .get(desk::VERSIONS, any, desk::versions::list)
        .get(desk::COMPARE, any, desk::versions::compare)
        .post(desk::RESTORE, edit, desk::versions::restore)
        .get(desk::VOTES, any, desk::votes::show)
        .get(desk::GROUPS, edit, desk::groups::list)
        .get(desk::GROUP_NEW, edit, desk::groups::new)
        .post(desk::GROUP_NEW, edit, desk::groups::create)
        .get(desk::GROUP, edit, desk::groups::show)
        .post(desk::GROUP, edit, desk::groups::change)
        .post(desk::GROUP_REMOVE, edit, desk::groups::remove)
        .get(desk::MANUALS, edit, desk::manuals::list)
        .get(desk::MANUAL_NEW, edit, desk::manuals::new)
        .post(desk::MANUAL_NEW, edit, desk::manuals::create)
        .get(desk::MANUAL, edit, desk::manuals::show)
        .post(desk::MANUAL, edit, desk::manuals::change)
        .post(desk::MANUAL_REMOVE, edit, desk::manuals::remove)
        .get(desk::MISSES, edit, desk::misses::list)
        .post(desk::MISS_SETTLE, edit, desk::misses::settle)
        .finder(portal::SEARCH, "kb-finder")
        .nav(Place::Guests, 20, "kb-nav", portal::HOME.url())
        .nav(Place::Main, 70, "kb-nav", portal::HOME.url())
        .with_icon("book")
        .nav(Place::Desk, 60, "kb-nav", desk::LIST.url())
        .with_icon("book")
        .search("kb-articles", MESSAGES_ANSWER, desk::list::search)
        .page::<portal::HomePage>()
        .page::<portal::FoundPage>()
        .page::<portal::ListPage>()
        .page::<portal::SuggestionsPage>()
        .page::<portal::SuggestionsPart>()
        .page::<portal::article::ArticlePage>()
        .page::<portal::article::PrintPage>()
        .page::<desk::list::ListPage>()
        .page::<desk::one::OnePage>()
        .page::<desk::write::WritePage>()
        .page::<desk::files::FilesPage>()
        .page::<desk::versions::VersionsPage>()
        .page::<desk::versions::ComparePage>()
        .page::<desk::votes::VotesPage>()
        .page::<desk::groups::GroupsPage>()
        .page::<desk::groups::GroupPage>()
        .page::<desk::manuals::ManualsPage>()
        .page::<desk::manuals::ManualPage>()
        .page::<desk::misses::MissesPage>()
        .jobs(|registry| registry.schedule("40 3 * * *", misses::Sweep {}))
}

/// The part of an address that a name becomes: "Größe ändern" is "groesse-aendern".
pub fn slug(name: &str) -> String {
    let mut written = String::with_capacity(name.len() + 8);
    for c in name.chars() {
        match c {
            'ä' | 'Ä' => written.push_str("ae"),
            'ö' | 'Ö' => written.push_str("oe"),
            'ü' | 'Ü' => written.push_str("ue"),
            other => written.push(other),
        }
    }
    let mut slug = String::with_capacity(written.len());
    for c in kernel::fold(&written).chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') && slug.len() < 80 {
            slug.push('-');
        }
    }
    slug.truncate(80);
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_becomes_an_address() {
        for (name, want) in [
            ("Größe ändern", "groesse-aendern"),
            ("Fehler 500, 502 und 503", "fehler-500-502-und-503"),
            ("  E-Mail!  ", "e-mail"),
            ("Ünïcode", "uenicode"),
            ("日本", ""),
        ] {
            assert_eq!(super::slug(name), want);
        }
        assert!(super::slug(&"a b ".repeat(100)).len() <= 80);
    }
}
