//! Forms as they are read and shown again.

use proptest::prelude::*;
use web::form::{Agreed, Form, RawForm, Widget};
use web::{Bad, Fault};

web::form! {
    struct Probe as "probe", check = Probe::check; {
        name: String = line(20).half(),
        nick: Option<String> = line(5).half(),
        story: String = text(50),
        email: kernel::Email = email(),
        country: kernel::Country = select(),
        wanted: bool = tick(),
        consent: Agreed = tick(),
        password: kernel::Secret = password(),
    }
}

impl Probe {
    fn check(form: &mut Probe, faults: &mut web::form::Faults) {
        if form.nick.as_deref() == Some(form.name.as_str()) {
            faults.add("nick", Fault::key("probe-same"));
        }
    }
}

fn good() -> RawForm {
    RawForm::parse(b"name=Anna&nick=&story=Es+war%0D%0Aeinmal&email=A%40b.example&country=DE&consent=on&password=+geheim+")
}

#[test]
fn a_form_reads_what_was_typed() {
    let form = Probe::read(&good()).unwrap();
    assert_eq!((form.name.as_str(), form.nick), ("Anna", None));
    assert_eq!(form.story, "Es war\neinmal");
    assert_eq!(form.email.as_str(), "a@b.example");
    assert_eq!(
        form.password.expose(),
        " geheim ",
        "passwords are taken exactly"
    );
    assert!(!form.wanted);
    assert_eq!((form.country, form.consent), (kernel::Country::DE, Agreed));
}

#[test]
fn every_fault_is_shown_at_once() {
    let faults = Probe::read(&RawForm::parse(
        b"name=a%00b&nick=sechse&email=x&country=XX",
    ))
    .unwrap_err();
    for (field, key) in [
        ("name", "fault-control"),
        ("nick", "fault-too-long"),
        ("story", "fault-required"),
        ("email", "fault-email"),
        ("country", "fault-choice"),
        ("consent", "fault-agree"),
        ("password", "fault-required"),
    ] {
        assert_eq!(
            faults.of(field).map(|f| f.key.as_ref()),
            Some(key),
            "{field}"
        );
    }
    assert!(faults.of("wanted").is_none());
}

#[test]
fn rules_over_several_fields_come_after_the_fields() {
    let mut raw = good();
    raw.set("nick", "Anna");
    assert!(Probe::read(&raw).unwrap_err().of("nick").is_some());
}

#[test]
fn password_fields_are_masked() {
    assert_eq!(
        Probe::fields().last().map(|f| f.widget),
        Some(Widget::Password)
    );
    let form = Probe::read(&good()).unwrap();
    assert_eq!(
        form.raw().get("password"),
        Some(""),
        "a secret is never sent back"
    );
    assert!(!format!("{form:?}").contains("geheim"));
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused_and_never_lost(body in proptest::collection::vec(any::<u8>(), 0..400)) {
        let raw = RawForm::parse(&body);
        if let Err(faults) = Probe::read(&raw) {
            let bad = Bad { raw: raw.clone(), faults };
            for (name, _) in raw.pairs() {
                prop_assert_eq!(bad.raw.get(name), raw.get(name));
            }
        }
    }

    #[test]
    fn a_good_form_shown_again_reads_the_same(name in "[^\\p{C}\\s]{1,10}", story in "[^\\p{C}]{1,40}") {
        let mut raw = good();
        raw.set("name", name);
        raw.set("story", story);
        let Ok(form) = Probe::read(&raw) else { return Ok(()) };
        let mut again = form.raw();
        again.set("password", "x");
        let again = Probe::read(&again).unwrap();
        prop_assert_eq!((form.name, form.story, form.email), (again.name, again.story, again.email));
    }
}

web::form! {
    struct Pair as "probe", check(nick, name) = differ, check(name) = capital; {
        name: String = line(20),
        nick: Option<String> = line(5),
        email: kernel::Email = email(),
    }
}

fn differ(nick: &mut Option<String>, name: &mut String, faults: &mut web::form::Faults) {
    if nick.as_ref() == Some(name) {
        faults.add("nick", Fault::key("probe-same"));
    }
}

fn capital(name: &mut String, _: &mut web::form::Faults) {
    *name = name.to_uppercase();
}

#[test]
fn fields_are_compared_as_soon_as_both_can_be_read() {
    let read = |form: &[u8]| Pair::read(&RawForm::parse(form));
    // whatever is wrong with others
    let faults = read(b"name=Anna&nick=Anna&email=x").unwrap_err();
    assert!(faults.of("nick").is_some() && faults.of("email").is_some());
    // but not when one of the two is wrong itself
    let faults = read(b"name=a%00b&nick=Anna&email=x").unwrap_err();
    assert!(faults.of("nick").is_none() && faults.of("name").is_some());
    let form = read(b"name=Anna&nick=An&email=a@b.example").unwrap();
    assert_eq!(
        (form.name.as_str(), form.nick.as_deref()),
        ("ANNA", Some("An"))
    );
    assert_eq!(form.email.as_str(), "a@b.example");
}
