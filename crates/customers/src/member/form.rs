//! The form of a membership: owner, or rights ticked one by one.

use super::{Member, Role};
use crate::rights;
use kernel::{Email, Locale};
use web::form::{Faults, Form};
use web::{Fault, RawForm, Right, Rights};

kernel::words! {
    /// What a member is to a customer, as far as it is chosen.
    pub enum Holds {
        /// Everything, also what comes later.
        Owner = "owner",
        Rights = "rights",
    }
}
web::choice!(Holds, "member-holds");

web::form! {
    /// What a member may do.
    pub struct MemberForm as "member", check = of_member; {
        holds: Holds = select(),
        account_view: bool = tick(),
        account_edit: bool = tick(),
        addresses: bool = tick(),
        users: bool = tick(),
        contacts: bool = tick(),
        messages: bool = tick(),
        tickets: bool = tick(),
        mails: bool = tick(),
    }
}

web::form! {
    /// Somebody who is asked to act for a customer.
    pub struct InviteForm as "member", check = of_invited; {
        email: Email = email().autocomplete("off"),
        first_name: Option<String> = line(60).half().autocomplete("off"),
        last_name: Option<String> = line(60).half().autocomplete("off"),
        locale: Locale = select(),
        holds: Holds = select(),
        account_view: bool = tick(),
        account_edit: bool = tick(),
        addresses: bool = tick(),
        users: bool = tick(),
        contacts: bool = tick(),
        messages: bool = tick(),
        tickets: bool = tick(),
        mails: bool = tick(),
    }
}

fn of_member(form: &mut MemberForm, faults: &mut Faults) {
    some_right(&form.role(), faults);
}

fn of_invited(form: &mut InviteForm, faults: &mut Faults) {
    some_right(&form.role(), faults);
}

fn some_right(role: &Role, faults: &mut Faults) {
    if matches!(role, Role::With(rights) if rights.iter().next().is_none()) {
        faults.add("holds", Fault::key("fault-member-rights"));
    }
}

/// The name of the box of a right.
fn field(right: Right) -> String {
    right.0.replace('.', "_")
}

fn role(holds: Holds, raw: &RawForm) -> Role {
    let ticked = |right: &&Right| {
        let value = raw.get(&field(**right)).unwrap_or_default();
        !value.is_empty()
    };
    match holds {
        Holds::Owner => Role::Owner,
        Holds::Rights => Role::With(Rights::new(
            rights::ALL.iter().filter(ticked).map(|right| right.0),
        )),
    }
}

impl MemberForm {
    pub fn role(&self) -> Role {
        role(self.holds, &self.raw())
    }

    /// What the form shows of a member.
    pub fn shown(member: &Member) -> RawForm {
        let held = Rights::parse(&member.rights);
        let holds = match member.is_owner {
            true => Holds::Owner,
            false => Holds::Rights,
        };
        let mut raw = RawForm::default();
        raw.set("holds", holds.as_str());
        for right in rights::ALL.iter().filter(|right| held.has(**right)) {
            raw.set(&field(*right), "on");
        }
        raw
    }
}

impl InviteForm {
    pub fn role(&self) -> Role {
        role(self.holds, &self.raw())
    }

    /// What the form shows at first: one who may look and write.
    pub fn first(locale: Locale) -> RawForm {
        let mut raw = RawForm::default();
        raw.set("locale", locale.as_str());
        raw.set("holds", Holds::Rights.as_str());
        for right in [rights::ACCOUNT_VIEW, rights::MESSAGES] {
            raw.set(&field(right), "on");
        }
        raw
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acc_6_every_right_has_its_box_on_both_forms() {
        for fields in [MemberForm::fields(), InviteForm::fields()] {
            for right in rights::ALL {
                let name = field(*right);
                assert!(fields.iter().any(|f| f.name == name), "{name}");
            }
        }
    }

    #[test]
    fn acc_6_what_is_ticked_is_held() {
        let raw = RawForm::parse(b"holds=rights&account_view=on&mails=on");
        let Role::With(held) = MemberForm::read(&raw).expect("good").role() else {
            panic!("no owner");
        };
        assert_eq!(held.stored(), "account.view mails");
        let raw = RawForm::parse(b"holds=owner&mails=on");
        assert_eq!(MemberForm::read(&raw).expect("good").role(), Role::Owner);
        for bad in [&b"holds=rights"[..], b"holds=main-owner", b""] {
            assert!(MemberForm::read(&RawForm::parse(bad)).is_err());
        }
    }
}
