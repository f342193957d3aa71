//! Further people of a customer and the kinds of mail each gets (ACC-5). Somebody who is entered is told once, with a
//! link that takes the address out again.

pub mod desk;
pub mod mails;
pub mod portal;
pub mod stop;
pub mod store;

use db::Tx;
use db::audit::{self, Entry};
use identity::throttle;
use kernel::{Ctx, CustomerId, Phone};
use serde_json::json;
use web::Cx;
use web::form::{Faults, Form};
use web::{Fault, RawForm};

kernel::typed_id!(/** A contact of a customer. */ ContactId);

web::noun! {
    /// Somebody who gets mails without signing in; a shared mailbox, too.
    pub struct Contact as "contact", check(general, invoices, support, services, domains) = any_kind; {
        name: String = line(100).autocomplete("off"),
        email: kernel::Email = email().autocomplete("off"),
        phone: Option<Phone> = phone().autocomplete("off"),
        general: bool = tick(),
        invoices: bool = tick(),
        support: bool = tick(),
        services: bool = tick(),
        domains: bool = tick(),
    }
}

kernel::row! {
    /// A contact as it is stored. `version` counts its changes.
    #[derive(Debug, Clone)]
    pub struct Stored { pub id: ContactId, pub version: i64; pub contact: Contact }
}

/// The boxes, in their order.
pub const KINDS: [&str; 5] = ["general", "invoices", "support", "services", "domains"];

impl Contact {
    /// The kinds of mail the contact gets.
    pub fn kinds(&self) -> Vec<&'static str> {
        let ticked = [
            self.general,
            self.invoices,
            self.support,
            self.services,
            self.domains,
        ];
        let kinds = KINDS.into_iter().zip(ticked);
        kinds.filter_map(|(kind, on)| on.then_some(kind)).collect()
    }
}

fn any_kind(
    general: &mut bool,
    invoices: &mut bool,
    support: &mut bool,
    services: &mut bool,
    domains: &mut bool,
    faults: &mut Faults,
) {
    if ![general, invoices, support, services, domains]
        .iter()
        .any(|kind| **kind)
    {
        faults.add("general", Fault::key("fault-contact-kinds"));
    }
}

/// Contacts of one customer: they are one page, and each is a mail.
pub const MOST: i64 = 50;

/// Why a contact was not entered or changed.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// Somebody changed it since the form was drawn; what is stored now.
    #[error("changed meanwhile")]
    Stale(Box<Stored>),
    /// There are [`MOST`] already.
    #[error("no more contacts")]
    Full,
    /// Another contact of this customer has the address.
    #[error("address twice")]
    Twice,
    /// Whoever reads the address has asked for no mails.
    #[error("does not want mails")]
    Stopped,
    /// The address has got several mails within the hour, or too many were caused from here.
    #[error("too many mails")]
    TooMany,
    #[error(transparent)]
    Web(#[from] web::Error),
}

impl From<db::Error> for Refused {
    fn from(error: db::Error) -> Self {
        Refused::Web(error.into())
    }
}

impl Refused {
    /// The field and the text of a refusal that is shown in the form.
    pub fn fault(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Refused::Full => Some(("", "fault-contacts-full")),
            Refused::Twice => Some(("email", "fault-contact-twice")),
            Refused::Stopped => Some(("email", "fault-contact-stopped")),
            Refused::TooMany => Some(("email", "fault-contact-too-many")),
            Refused::Stale(_) | Refused::Web(_) => None,
        }
    }
}

/// Enters a contact and tells the address.
///
/// # Errors
/// [`Refused`]
pub async fn add(
    tx: &mut Tx,
    cx: &Cx,
    customer: CustomerId,
    contact: &Contact,
) -> Result<ContactId, Refused> {
    if store::count(tx, customer).await? >= MOST {
        return Err(Refused::Full);
    }
    may_be_told(tx, cx, customer, contact, None).await?;
    let id: ContactId = cx.ctx.id();
    store::insert(tx, customer, id, cx.ctx.now, contact).await?;
    mails::entered(tx, cx, customer, contact).await?;
    record(tx, &cx.ctx, customer, "contact.added", id, contact).await?;
    Ok(id)
}

/// Changes a contact that is still at `version`. A new address is told as if it were entered.
///
/// # Errors
/// [`Refused`]; a stranger's id is [`db::Error::Missing`].
pub async fn change(
    tx: &mut Tx,
    cx: &Cx,
    customer: CustomerId,
    id: ContactId,
    version: i64,
    contact: &Contact,
) -> Result<(), Refused> {
    let now = store::one(tx, customer, id).await?;
    if now.version != version {
        return Err(Refused::Stale(Box::new(now)));
    }
    let moved = now.contact.email != contact.email;
    if moved {
        may_be_told(tx, cx, customer, contact, Some(id)).await?;
    }
    store::update(tx, customer, id, contact).await?;
    if moved {
        mails::entered(tx, cx, customer, contact).await?;
    }
    record(tx, &cx.ctx, customer, "contact.changed", id, contact).await?;
    Ok(())
}

// anybody's address can be entered here, so whoever reads it must not be flooded
async fn may_be_told(
    tx: &mut Tx,
    cx: &Cx,
    customer: CustomerId,
    contact: &Contact,
    own: Option<ContactId>,
) -> Result<(), Refused> {
    if store::stopped(tx, customer, &contact.email).await? {
        return Err(Refused::Stopped);
    }
    let other = store::by_email(tx, customer, &contact.email).await?;
    if other.is_some_and(|other| Some(other) != own) {
        return Err(Refused::Twice);
    }
    if !throttle::mail(tx, cx.ctx.now, &contact.email, &cx.info.network).await? {
        return Err(Refused::TooMany);
    }
    Ok(())
}

/// Removes a contact. A stranger's id is [`db::Error::Missing`].
pub async fn remove(tx: &mut Tx, ctx: &Ctx, customer: CustomerId, id: ContactId) -> db::Result<()> {
    let Stored { contact, .. } = store::one(tx, customer, id).await?;
    store::delete(tx, customer, id).await?;
    record(tx, ctx, customer, "contact.removed", id, &contact).await
}

async fn record(
    tx: &mut Tx,
    ctx: &Ctx,
    customer: CustomerId,
    act: &'static str,
    id: ContactId,
    contact: &Contact,
) -> db::Result<()> {
    let entry = Entry {
        act,
        customer: Some(customer),
        subject: "contact",
        subject_id: id.to_string(),
        detail: json!({ "kinds": contact.kinds() }),
    };
    audit::record(tx, ctx, entry).await.map(drop)
}

/// For samples and tests.
pub fn example() -> Contact {
    let typed = b"name=Kontor+Holtenau&email=kontor%40post.example&phone=0431+55512-05&support=on&invoices=on";
    Contact::read(&RawForm::parse(typed)).expect("the example is a good contact")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acc_5_a_contact_gets_at_least_one_kind_of_mail() {
        assert_eq!(example().kinds(), ["invoices", "support"]);
        let mut raw = example().raw();
        for kind in KINDS {
            raw.set(kind, "");
        }
        let faults = Contact::read(&raw).expect_err("nothing is ticked");
        assert!(faults.of("general").is_some());
        for kind in KINDS {
            let mut raw = raw.clone();
            raw.set(kind, "on");
            assert_eq!(Contact::read(&raw).expect("one is enough").kinds(), [kind]);
        }
    }
}
