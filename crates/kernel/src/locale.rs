//! The two languages of the portal.

crate::words! {
    /// The language of a page or a mail.
    pub enum Locale {
        De = "de",
        En = "en",
    }
}
