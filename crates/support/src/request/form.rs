//! The forms of tickets, and the types their fields are read as.

use crate::message::{Body, LONGEST};
use crate::secret;
use crate::ticket::Priority;
use crate::ticket::store::NewFile;
use kernel::{Email, SUBJECT_GRAPHEMES};
use web::form::{Agreed, Field, FieldValue};
use web::{Fault, Files};

/// As many addresses are added at once.
const AT_ONCE: usize = 10;

web::choice!(Priority, "ticket-priority");

web::form! {
    /// A guest's ticket (SUP-1).
    pub struct Submit as "submit", check(subject) = secret::check_subject; {
        email: Email = email(),
        name: String = line(120).autocomplete("name"),
        company: Option<String> = line(120).autocomplete("organization"),
        number: Option<String> = line(40),
        subject: String = line(SUBJECT_GRAPHEMES),
        text: Body = text(LONGEST).rows(10),
        files: Files = files(),
        consent: Agreed = tick(),
    }
}

web::form! {
    /// A ticket of somebody signed in (SUP-2). Which departments there are, the handler asks.
    pub struct New as "ticket", check(subject) = secret::check_subject; {
        department: String = select().half(),
        priority: Priority = select().half(),
        subject: String = line(SUBJECT_GRAPHEMES),
        text: Body = text(LONGEST).rows(10),
        files: Files = files(),
    }
}

web::form! {
    /// What of a ticket can be changed (SUP-7).
    pub struct Change as "ticket", check(subject) = secret::check_subject; {
        subject: String = line(SUBJECT_GRAPHEMES),
        department: String = select().half(),
        priority: Priority = select().half(),
    }
}

web::form! {
    /// What is written on a ticket.
    pub struct Reply as "answer"; {
        text: Body = text(LONGEST).rows(6),
        files: Files = files(),
    }
}

web::form! {
    /// Who is to take part.
    pub struct People as "ticket-person"; {
        emails: Emails = text(2000).rows(2),
    }
}

/// One address or more, as people list them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Emails(pub Vec<Email>);

impl FieldValue for Emails {
    fn parse(_: &Field, raw: &str) -> Result<Self, Fault> {
        let parts = raw
            .split([',', ';', '\n', '\r', ' ', '\t'])
            .map(|part| part.trim_matches(['<', '>']))
            .filter(|part| !part.is_empty());
        let mut found: Vec<Email> = Vec::new();
        for part in parts {
            if found.len() == AT_ONCE {
                return Err(Fault::key("fault-emails-many"));
            }
            let email = Email::parse(part).map_err(|_| Fault::key("fault-emails-bad"))?;
            if !found.contains(&email) {
                found.push(email);
            }
        }
        if found.is_empty() {
            return Err(Fault::key("fault-emails-none"));
        }
        Ok(Emails(found))
    }
    fn raw(&self) -> String {
        let all: Vec<&str> = self.0.iter().map(Email::as_str).collect();
        all.join("\n")
    }
}

/// The files of a form, as the thread takes them.
pub fn hang(files: &Files) -> Vec<NewFile> {
    files.0.iter().map(NewFile::from).collect()
}

/// The priorities of a form: an emergency is declared elsewhere, and only stays what it is here.
pub fn priorities(critical: bool) -> impl Iterator<Item = Priority> {
    Priority::ALL
        .iter()
        .copied()
        .filter(move |one| critical || *one != Priority::Critical)
}

#[cfg(test)]
mod tests {
    use super::*;
    use web::Form;

    #[test]
    fn sup_7_addresses_are_read_as_people_list_them() {
        let read = |raw: &str| Emails::parse(&People::fields()[0], raw);
        let all = |raw| -> Vec<String> {
            let found: Emails = read(raw).unwrap();
            found.0.iter().map(ToString::to_string).collect()
        };
        assert_eq!(all("a@b.example"), ["a@b.example"]);
        assert_eq!(
            all(" A@b.example, c@d.example;\r\n<e@f.example> "),
            ["a@b.example", "c@d.example", "e@f.example"]
        );
        assert_eq!(all("a@b.example A@B.example"), ["a@b.example"]);
        for (raw, fault) in [
            ("", "fault-emails-none"),
            (" ,; \n", "fault-emails-none"),
            ("a@b.example, quatsch", "fault-emails-bad"),
            ("a@b.example\u{0}", "fault-emails-bad"),
        ] {
            assert_eq!(read(raw).unwrap_err().key, fault, "{raw:?}");
        }
        let many: Vec<String> = (0..11).map(|n| format!("p{n}@b.example")).collect();
        assert_eq!(read(&many.join(",")).unwrap_err().key, "fault-emails-many");
    }

    #[test]
    fn sup_7_critical_is_no_choice_of_a_form() {
        assert!(!priorities(false).any(|one| one == Priority::Critical));
        assert_eq!(priorities(true).count(), 4);
    }
}
