//! The provider's legal documents: imprint, privacy notice, terms, withdrawal, accessibility.
//!
//! What is here: reading them (the operator's folder, else the embedded samples), the public pages, the footer.
//! What is not: who agreed to what. Registration notes the version of the privacy notice itself, in `customers`.

mod document;
mod markdown;
mod portal;

pub use document::{Document, Documents, Doubt, Kind, LoadError};
pub use portal::{ACCESSIBILITY, IMPRINT, PRIVACY, TERMS, WITHDRAWAL};

use web::{Access, Module, Place};

/// Wants a [`Documents`] among the application's state.
pub fn module() -> Module {
    Module::new("legal")
        .texts(
            include_str!("../texts/de.ftl"),
            include_str!("../texts/en.ftl"),
        )
        .templates::<portal::Templates>()
        .page::<portal::DocumentPage>()
        .get(IMPRINT, Access::open(), portal::imprint)
        .nav(Place::Foot, 10, "legal-imprint", IMPRINT.url())
        .get(PRIVACY, Access::open(), portal::privacy)
        .nav(Place::Foot, 20, "legal-privacy", PRIVACY.url())
        .get(TERMS, Access::open(), portal::terms)
        .nav(Place::Foot, 30, "legal-terms", TERMS.url())
        .get(WITHDRAWAL, Access::open(), portal::withdrawal)
        .nav(Place::Foot, 40, "legal-withdrawal", WITHDRAWAL.url())
        .get(ACCESSIBILITY, Access::open(), portal::accessibility)
        .nav(Place::Foot, 50, "legal-accessibility", ACCESSIBILITY.url())
}
