//! What everything is made of: ids, time, people's names for things. No I/O.

pub mod data;
mod seal;
mod world;

pub use seal::{SealError, Sealer};
pub use uuid::Uuid;
pub use world::{Actor, Ctx, CustomerId, Moment, Secret, StaffId, UserId, World};

mod locale;
pub use locale::Locale;

mod country;
mod csv;
mod email;
mod format;
mod hex;
mod money;
mod number;
mod phone;
mod postcode;
mod text;
mod vat;

pub use country::Country;
pub use csv::csv_line;
pub use email::{Email, EmailFault};
pub use format::iso;
pub use hex::hex;
pub use jiff;
pub use money::{Currency, Money, MoneyFault};
pub use number::CustomerNumber;
pub use phone::{Phone, PhoneFault, phone_key};
pub use postcode::{PostcodeFault, postcode, postcode_is_optional};
pub use text::{
    SUBJECT_GRAPHEMES, TextFault, clean_line, clean_text, count_graphemes, fold, is_blank,
    prefix_end, search_forms, stored_key, subject_of,
};
pub use vat::{VatFault, VatId};
