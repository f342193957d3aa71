//! `/demo`: the mails caught, the people, and the staff's present codes. Only the demo has this page.

use super::{reply, samples};
use kernel::StaffId;
use mail::Catcher;
use serde::Serialize;
use web::{Access, FormView, Guest, Module, Page, Param, Path, Path1, Result};

pub const DEMO: Path = Path::new("/demo");
pub(super) const MAIL: Path1 = Path1::new("/demo/mails/{id}");

#[derive(rust_embed::RustEmbed)]
#[folder = "templates/demo"]
struct Templates;

/// Who can sign in, as `/demo` tells it.
#[derive(Debug, Clone, Serialize)]
pub struct Person {
    pub name: String,
    pub sign_in: String,
    pub password: String,
    pub about: String,
}

/// What the page needs to know beyond the database.
pub struct People {
    pub customers: Vec<Person>,
    pub staff: Vec<(Person, StaffId)>,
}

pub fn module() -> Module {
    Module::new("demo")
        .texts(
            include_str!("../../texts/demo.de.ftl"),
            include_str!("../../texts/demo.en.ftl"),
        )
        .templates::<Templates>()
        .jobs(super::seed::jobs)
        .page::<DemoPage>()
        .page::<MailPage>()
        .page::<samples::SamplesPage>()
        .get(samples::SAMPLES, Access::open(), samples::list)
        .get(samples::SAMPLE, Access::open(), samples::show)
        .get(DEMO, Access::open(), show)
        .get(MAIL, Access::open(), mail)
        .post(reply::REPLY, Access::open(), reply::reply)
}

#[derive(Debug, Serialize)]
struct DemoPage {
    customers: Vec<Person>,
    staff: Vec<StaffLine>,
    mails: Vec<MailLine>,
}

#[derive(Debug, Serialize)]
struct StaffLine {
    person: Person,
    code: Option<String>,
}

#[derive(Debug, Serialize)]
struct MailLine {
    href: String,
    to: String,
    subject: String,
    at: i64,
}

fn sample_person() -> Person {
    Person {
        name: "Jana Petersen".into(),
        sign_in: "jana@post.example".into(),
        password: "ein-langes-passwort".into(),
        about: "zwei Kundennummern".into(),
    }
}

impl Page for DemoPage {
    const TEMPLATE: &'static str = "demo/people.html";
    fn samples() -> Vec<Self> {
        let line = MailLine {
            href: "/demo/mails/1".into(),
            to: "a@b.example".into(),
            subject: "Willkommen".into(),
            at: 0,
        };
        let staff = |code: Option<&str>| StaffLine {
            person: sample_person(),
            code: code.map(Into::into),
        };
        vec![
            DemoPage {
                customers: vec![sample_person()],
                staff: vec![staff(Some("123456")), staff(None)],
                mails: vec![line],
            },
            DemoPage {
                customers: Vec::new(),
                staff: Vec::new(),
                mails: Vec::new(),
            },
        ]
    }
}

async fn show(cx: Guest) -> Result {
    let people = cx.app.state::<People>().ok_or(web::Error::NotFound)?;
    let mut tx = cx.read().await?;
    let mut staff = Vec::new();
    for (person, id) in &people.staff {
        let code = identity::staff::current_code(&mut tx, &cx.ctx.world, *id, cx.ctx.now).await?;
        staff.push(StaffLine {
            person: person.clone(),
            code,
        });
    }
    let letters = cx
        .app
        .state::<Catcher>()
        .map(|catcher| catcher.all())
        .unwrap_or_default();
    let mails = letters
        .iter()
        .rev()
        .take(50)
        .map(|letter| MailLine {
            href: MAIL.to(letter.id),
            to: letter.to.as_str().to_owned(),
            subject: letter.subject.clone(),
            at: letter.date.micros(),
        })
        .collect();
    cx.page(DemoPage {
        customers: people.customers.clone(),
        staff,
        mails,
    })
}

#[derive(Debug, Serialize)]
struct MailPage {
    to: String,
    subject: String,
    at: i64,
    /// Pieces of the text: words, and links to open.
    pieces: Vec<Piece>,
    /// To answer it as the one who got it, where answers by mail arrive.
    form: Option<FormView>,
}

#[derive(Debug, Serialize)]
struct Piece {
    words: String,
    href: Option<String>,
}

impl Page for MailPage {
    const TEMPLATE: &'static str = "demo/mail.html";
    fn samples() -> Vec<Self> {
        let [empty, bad] = FormView::samples::<reply::Typed>();
        [None, Some(empty), Some(bad)]
            .map(|form| MailPage {
                to: "a@b.example".into(),
                subject: "Willkommen".into(),
                at: 0,
                pieces: pieces("Bitte öffnen Sie http://localhost:8080/aktivieren/x und weiter."),
                form,
            })
            .into()
    }
}

async fn mail(cx: Guest, Param(id): Param<mail::MailId>) -> Result {
    let letter = letter(&cx, id)?;
    let form = reply::form(&cx, &letter);
    cx.page(MailPage {
        form,
        to: letter.to.as_str().to_owned(),
        subject: letter.subject,
        at: letter.date.micros(),
        pieces: pieces(&letter.text),
    })
}

pub(super) fn letter(cx: &Guest, id: mail::MailId) -> Result<mail::Letter> {
    let letters = cx.app.state::<Catcher>().ok_or(web::Error::NotFound)?.all();
    let found = letters.into_iter().find(|letter| letter.id == id);
    found.ok_or(web::Error::NotFound)
}

/// Cuts a text at its links.
fn pieces(text: &str) -> Vec<Piece> {
    text.split_inclusive(char::is_whitespace)
        .map(|word| {
            let link = word.trim();
            let href = (link.starts_with("http://") || link.starts_with("https://"))
                .then(|| link.to_owned());
            Piece {
                words: word.to_owned(),
                href,
            }
        })
        .collect()
}
