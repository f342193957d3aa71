//! Every route: its fixture succeeds for the entitled person, and is refused to everybody else.

use crate::whole;
use kernel::Actor;
use std::collections::BTreeMap;
use testkit::{Client, PASSWORD, TestApp};
use web::{Access, Method, RouteInfo};

/// How a route is called by somebody entitled.
pub(super) struct Fixture {
    pub(super) path: String,
    /// The page whose form posts here, and what is filled in; for a GET not used.
    page: String,
    fill: Vec<(&'static str, String)>,
}

fn at(path: impl Into<String>) -> Fixture {
    let path = path.into();
    Fixture {
        page: path.clone(),
        path,
        fill: Vec::new(),
    }
}

impl Fixture {
    fn from(mut self, page: impl Into<String>) -> Self {
        self.page = page.into();
        self
    }
    fn fill(mut self, fill: &[(&'static str, &'static str)]) -> Self {
        self.fill = fill.iter().map(|(n, v)| (*n, (*v).to_owned())).collect();
        self
    }
    fn fill_owned(mut self, name: &'static str, value: String) -> Self {
        self.fill = vec![(name, value)];
        self
    }
    fn pairs(&self) -> Vec<(&str, &str)> {
        self.fill.iter().map(|(n, v)| (*n, v.as_str())).collect()
    }
}

/// Ids of things that belong to Anna or lie on the desk.
pub(super) struct Things {
    address: String,
    spare_address: String,
    thread: String,
    ticket: String,
    ticket_file: String,
    thread_file: String,
    mail: String,
    job: String,
    spare_job: String,
    team: Team,
    passkey: String,
    session: String,
    contact: String,
    spare_contact: String,
    note: String,
    invitation: String,
    member: String,
    emails: [String; 3],
    /// Asked without an account, from Anna's address.
    earlier: String,
    shelf: Shelf,
    blocks: [String; 2],
    inbound: [String; 4],
    /// A mail of Anna's that stands in a ticket.
    came: String,
    alarm: Alarm,
}

/// Sensible data of the ticket, and emergencies.
struct Alarm {
    /// The one that staff opens.
    secret: String,
    ticket: String,
    /// A ticket that is to become critical.
    raised: String,
    escalation: String,
    steps: [String; 3],
}

async fn alarm(t: &TestApp, ticket: &str, thread: &str) -> Alarm {
    use support::critical::store::{EscalationId, Kind, Step, insert_step, list};
    let mut anna = t.anna().await;
    let keep = [("label", "Zugang"), ("text", "Seepferdchen-im-Watt-9")];
    for page in [ticket, ticket, ticket, thread] {
        let page = format!("{page}/sensible-daten");
        anna.fill(&page, &keep).await.expect(303);
    }
    let urgent = [
        ("emergency", "site"),
        ("subject", "Der Shop ist weg"),
        ("text", "Alles steht."),
    ];
    let critical = anna
        .fill("/tickets/neu/kritisch", &urgent)
        .await
        .expect(303)
        .location()
        .to_owned();
    let plain = [("subject", "Noch ein Ticket"), ("text", "Bitte ansehen")];
    let raised = anna
        .fill("/tickets/neu", &plain)
        .await
        .expect(303)
        .location()
        .to_owned();
    let mut sven = t.sven().await;
    let desk = format!("/desk{ticket}/sensible-daten");
    let links = sven.get(&desk).await.links(&format!("{desk}?zeigen="));
    let secret = links.last().and_then(|link| link.split('=').nth(1));
    let ctx = t.ctx(Actor::System);
    let mut tx = t.db().begin().await.unwrap();
    let newest = (
        kernel::Moment::from_micros(i64::MAX),
        EscalationId(kernel::Uuid::max()),
    );
    let escalation = list(&mut tx, newest, 1).await.unwrap()[0].id.to_string();
    let mut steps = Vec::new();
    for position in 1..4 {
        let id = ctx.id();
        let step = Step {
            id,
            position,
            kind: Kind::Webhook,
            target: Some("https://hooks.example.com/ruf".into()),
            minutes: 600,
            ..Step::team()
        };
        insert_step(&mut tx, &step).await.unwrap();
        steps.push(id.to_string());
    }
    tx.commit().await.unwrap();
    let last = |path: &str| path.rsplit('/').next().unwrap().to_owned();
    Alarm {
        secret: secret.unwrap().to_owned(),
        ticket: last(&critical),
        raised: last(&raised),
        escalation,
        steps: steps.try_into().expect("three steps"),
    }
}

/// What stands in the knowledge base.
struct Shelf {
    article: String,
    folder: String,
    spare_folder: String,
    manual: String,
    spare_manual: String,
    miss: String,
    file: String,
    spare_file: String,
}

async fn shelf(t: &TestApp) -> Shelf {
    use knowledge::{article, group, manual, misses};
    let ctx = t.ctx(Actor::System);
    let mut sent = Vec::new();
    for name in ["plan.txt", "alt.txt"] {
        let taken = files::take(&t.files, t.db(), &ctx, files::By::System, name, b"Plan").await;
        sent.push(taken.unwrap().id);
    }
    let mut tx = t.db().begin().await.unwrap();
    let write = article::Write {
        title: "Anleitung".into(),
        summary: None,
        body: "Schritt für Schritt".into(),
        keywords: None,
        minor: false,
    };
    let mut folders = Vec::new();
    for name in ["Kiste", "Leere Kiste"] {
        let names = group::Names {
            name_de: name.into(),
            name_en: None,
            position: group::Position(0),
        };
        let added = group::add(&mut tx, &ctx, group::Kind::Folder, &names).await;
        folders.push(added.unwrap().to_string());
    }
    let id = article::create(&mut tx, &ctx, kernel::Locale::De, "", &write)
        .await
        .unwrap();
    let other = article::Write {
        body: "Quittenmus".into(),
        ..write
    };
    article::write(&mut tx, &ctx, id, kernel::Locale::De, "", &other, 1)
        .await
        .unwrap();
    let placed = article::Placed {
        state: article::State::Published,
        audience: article::Audience::Public,
        folder: folders[0].parse().ok(),
        categories: Vec::new(),
        slug: "anleitung".into(),
        publish: None,
    };
    article::place(&mut tx, &ctx, id, &placed).await.unwrap();
    knowledge::attachment::attach(&mut tx, &ctx, id, &sent)
        .await
        .unwrap();
    let mut manuals = Vec::new();
    for title in ["Schinken", "Alter Schinken"] {
        let manual = manual::Manual {
            title_de: title.into(),
            title_en: None,
            link: manual::Target("https://nordlicht.example/handbuch.pdf".into()),
            note_de: None,
            note_en: None,
            position: group::Position(0),
        };
        manuals.push(
            manual::add(&mut tx, &ctx, &manual)
                .await
                .unwrap()
                .to_string(),
        );
    }
    misses::put(&mut tx, &ctx, "Glasfaser").await.unwrap();
    let newest = (
        kernel::Moment::from_micros(i64::MAX),
        misses::MissId(kernel::Uuid::max()),
    );
    let miss = misses::list(&mut tx, newest, 1).await.unwrap();
    tx.commit().await.unwrap();
    Shelf {
        article: id.to_string(),
        spare_folder: folders.pop().unwrap(),
        folder: folders.pop().unwrap(),
        spare_manual: manuals.pop().unwrap(),
        manual: manuals.pop().unwrap(),
        miss: miss[0].id.to_string(),
        file: sent[0].to_string(),
        spare_file: sent[1].to_string(),
    }
}

pub(super) async fn things(t: &TestApp) -> Things {
    let mut anna = t.anna().await;
    for street in ["Erste Gasse 1", "Zweite Gasse 2"] {
        let fill = [
            ("street", street),
            ("first_name", "Anna"),
            ("last_name", "Adler"),
            ("postcode", "24105"),
            ("town", "Kiel"),
            ("country", "DE"),
        ];
        anna.fill("/konto/adressen/neu", &fill).await.expect(303);
    }
    let thread = anna
        .fill("/nachrichten/neu", &[("text", "Hallo Desk")])
        .await
        .expect(303)
        .location()
        .to_owned();
    let form = anna.get("/tickets/neu").await.form_with("text");
    let text = [("subject", "Ein Ticket"), ("text", "Bitte ansehen")];
    let slip: &[(&str, &[u8])] = &[("beleg.txt", b"Hallo")];
    let ticket = anna.send_files(&form, &text, slip).await.expect(303);
    let ticket = ticket.location().to_owned();
    let person = [("emails", "dazu@post.example")];
    anna.fill(&format!("{ticket}/personen"), &person)
        .await
        .expect(303);
    let ticket_file = anna.get(&ticket).await.link("/tickets/dateien/");
    let mut sven = t.sven().await;
    let desk_thread = thread.replace("/nachrichten/", "/desk/tickets/");
    let form = sven.get(&desk_thread).await.form_with("text");
    sven.send_files(&form, &[("text", "Guten Tag")], slip)
        .await
        .expect(303);
    let thread_file = anna.get(&thread).await.link("/nachrichten/dateien/");
    t.run_jobs().await;
    let book = anna.get("/konto/adressen").await;
    let mut ids: Vec<String> = book
        .links("/konto/adressen/")
        .into_iter()
        .filter_map(|href| {
            href.strip_prefix("/konto/adressen/")
                .map(|id| id.split('/').next().unwrap_or(id).to_owned())
        })
        .filter(|id| id != "neu")
        .collect();
    ids.sort();
    ids.dedup();
    // a default address cannot be deleted
    if anna
        .get(&format!("/konto/adressen/{}/loeschen", ids[1]))
        .await
        .forms()
        .iter()
        .all(|f| !f.action.contains("loeschen"))
    {
        ids.swap(0, 1);
    }
    let mut ada = t.ada().await;
    let mails = ada.get("/desk/vorgaenge/mails").await.expect(200);
    let mail = mails
        .link("/desk/vorgaenge/mails/")
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .to_owned();
    let job = dead_job(t).await;
    let spare_job = dead_job(t).await;
    let team = team(t).await;
    let (passkey, session) = factors(t).await;
    let [contact, spare_contact] = contacts(t).await;
    let (note, invitation, member) = file(t).await;
    Things {
        address: ids[0].clone(),
        spare_address: ids[1].clone(),
        thread: thread.rsplit('/').next().unwrap().to_owned(),
        ticket: ticket.rsplit('/').next().unwrap().to_owned(),
        ticket_file: ticket_file.rsplit('/').next().unwrap().to_owned(),
        thread_file: thread_file.rsplit('/').next().unwrap().to_owned(),
        mail,
        job,
        spare_job,
        team,
        passkey,
        session,
        contact,
        spare_contact,
        note,
        invitation,
        member,
        emails: emails(t).await,
        earlier: earlier(t).await,
        shelf: shelf(t).await,
        blocks: blocks(t).await,
        alarm: alarm(t, &ticket, &thread).await,
        inbound: inbound(t, &ticket).await,
        came: came(t).await,
    }
}

/// An entry of Anna's ticket whose mail had HTML.
const MAILED: kernel::Uuid = kernel::Uuid::from_u128(7);

/// Mails that were held: one to look at, one for each thing that can be done with it.
async fn inbound(t: &TestApp, ticket: &str) -> [String; 4] {
    use intake::store::{self, State, Verdict};
    let receiver = intake::Receiver::new(
        t.db().clone(),
        t.world.clone(),
        support::inbound::queue,
        || (),
    );
    let mut ids = Vec::new();
    for at in 0..4 {
        let raw = format!(
            "From: no-reply@dienst.example\r\nSubject: Code {at}\r\n\r\nconfirm your address: https://dienst.example/{at}\r\n"
        );
        let arrived = intake::Arrived {
            mailbox: "lmtp",
            uid: None,
            from: None,
            to: &[],
            department: None,
            raw: raw.as_bytes(),
            size: raw.len(),
        };
        ids.push(receiver.take(&arrived).await.unwrap().unwrap());
    }
    let ctx = t.ctx(Actor::System);
    let ticket: support::ticket::TicketId = ticket.rsplit('/').next().unwrap().parse().unwrap();
    let mut tx = t.db().begin().await.unwrap();
    for id in &ids {
        let held = Verdict {
            reason: "verification",
            sender: "no-reply@dienst.example",
            ..Verdict::default()
        };
        store::settle(&mut tx, &ctx, *id, State::New, State::Quarantine, &held)
            .await
            .unwrap();
    }
    store::pause(
        &mut tx,
        &ctx,
        "bot@dienst.example",
        std::time::Duration::from_secs(3600),
        "machines",
    )
    .await
    .unwrap();
    store::keep_html(
        &mut tx,
        Some(t.cast.annas),
        ticket.0,
        MAILED,
        "<p>Guten Tag</p>",
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    t.run_jobs().await;
    ids.into_iter()
        .map(|id| id.to_string())
        .collect::<Vec<_>>()
        .try_into()
        .unwrap()
}

async fn came(t: &TestApp) -> String {
    use intake::store::{self, Shown, State, Verdict};
    let ctx = t.ctx(Actor::System);
    let (raw, queue) = (
        "Subject: Die Kasse\r\n\r\nGuten Tag",
        support::inbound::queue,
    );
    let arrived = intake::Arrived {
        mailbox: "lmtp",
        uid: None,
        from: None,
        to: &[],
        department: None,
        raw: raw.as_bytes(),
        size: raw.len(),
    };
    let receiver = intake::Receiver::new(t.db().clone(), t.world.clone(), queue, || ());
    let id = receiver.take(&arrived).await.unwrap().unwrap();
    let settled = Verdict {
        subject: "Die Kasse",
        customer: Some(t.cast.annas),
        entry: Some(ctx.id()),
        shown: Some(Shown::default()),
        ..Verdict::default()
    };
    let mut tx = t.db().begin().await.unwrap();
    store::settle(&mut tx, &ctx, id, State::New, State::Done, &settled)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    t.run_jobs().await;
    id.to_string()
}

/// Two text blocks of the desk.
async fn blocks(t: &TestApp) -> [String; 2] {
    use support::desk::blocks::{Block, add};
    let ctx = t.ctx(Actor::System);
    let mut tx = t.db().begin().await.unwrap();
    let mut ids = Vec::new();
    for name in ["Gruß A", "Gruß B"] {
        let block = Block {
            name: name.into(),
            body_de: "Guten Tag".into(),
            body_en: None,
        };
        ids.push(add(&mut tx, &ctx, &block).await.unwrap().to_string());
    }
    tx.commit().await.unwrap();
    ids.try_into().expect("two blocks")
}

/// Further e-mail addresses of Anna's: not proven, proven, and one that goes.
/// A ticket of Anna's from before she had an account; and her address takes no mail.
async fn earlier(t: &TestApp) -> String {
    use support::ticket::{Author, NewTicket, Priority, Written, open_ticket};
    let ctx = t.ctx(Actor::Guest);
    let email = kernel::Email::parse("anna@adler.example").unwrap();
    let new = NewTicket {
        customer: None,
        subject: "DNS",
        department: "support",
        priority: Priority::Normal,
        emergency: None,
        email: Some(&email),
        company: None,
        claimed_number: None,
        language: kernel::Locale::De,
        noted: None,
        first: Written::typed(Author::stranger("Anna Adler"), "Eine Frage"),
    };
    let mut tx = t.db().begin().await.unwrap();
    let opened = open_ticket(&mut tx, &ctx, &new).await.unwrap();
    mail::refuse(&mut tx, ctx.now, &email, "550 5.1.1 no such user")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    t.run_jobs().await;
    opened.id.to_string()
}

async fn emails(t: &TestApp) -> [String; 3] {
    let ctx = t.ctx(Actor::User(t.cast.anna));
    let mut tx = t.db().begin().await.unwrap();
    let mut ids = Vec::new();
    for (name, proven) in [("neu", false), ("zwei", true), ("drei", false)] {
        let email = TestApp::email(&format!("{name}@anna.example"));
        let proven = proven.then_some(ctx.now);
        let id = identity::emails::store::insert(&mut tx, &ctx, t.cast.anna, &email, proven).await;
        ids.push(id.unwrap().to_string());
    }
    tx.commit().await.unwrap();
    ids.try_into().expect("three addresses")
}

/// The last part of a page's links that begin so, in order.
fn ends(links: Vec<String>, start: &str) -> Vec<String> {
    let ids = links.iter().filter_map(|href| href.strip_prefix(start));
    let mut ids: Vec<String> = ids
        .filter(|id| kernel::Uuid::try_parse(id).is_ok())
        .map(str::to_owned)
        .collect();
    ids.sort();
    ids
}

/// Two contacts of Anna's.
async fn contacts(t: &TestApp) -> [String; 2] {
    let mut anna = t.anna().await;
    for email in ["kontor@adler.example", "lager@adler.example"] {
        let fill = [("name", "Kontor"), ("email", email)];
        anna.fill("/konto/kontakte/neu", &fill).await.expect(303);
    }
    let page = anna.get("/konto/kontakte").await;
    let ids = ends(page.links("/konto/kontakte/"), "/konto/kontakte/");
    ids.try_into().expect("two contacts")
}

/// On Anna's file: a note of Ada's, an open invitation, a further member; and Clara as one who will be main owner.
async fn file(t: &TestApp) -> (String, String, String) {
    let ctx = t.ctx(Actor::System);
    let mut tx = t.db().begin().await.unwrap();
    let role = customers::member::Role::With(web::Rights::new(["messages"]));
    let nina = identity::users::NewUser {
        first_name: "Nina".into(),
        last_name: "Neumann".into(),
        email: TestApp::email("nina@adler.example"),
        verified: true,
    };
    let nina = identity::users::create(&mut tx, &ctx, &nina).await.unwrap();
    let app = identity::factors::New::draw(&ctx, nina).unwrap();
    identity::factors::set_up(&mut tx, &ctx, nina, &app, 0)
        .await
        .unwrap();
    for user in [t.cast.clara, nina] {
        customers::member::add(&mut tx, &ctx, t.cast.annas, user, &role)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let mut ada = t.ada().await;
    let file = format!("/desk/kunden/{}", t.cast.annas);
    let notes = format!("{file}?reiter=desk-notes");
    ada.fill(&notes, &[("text", "Ruft lieber an")])
        .await
        .expect(303);
    let edit = format!("{file}/notiz?notiz=");
    let note = ends(ada.get(&notes).await.links(&edit), &edit).remove(0);
    let invite = format!("{file}/einladen");
    ada.fill(&invite, &[("email", "neu@adler.example")])
        .await
        .expect(303);
    let mut tx = t.db().read().await.unwrap();
    let open = customers::invitation::store::list(&mut tx, t.cast.annas)
        .await
        .unwrap();
    (note, open[0].id.to_string(), nina.to_string())
}

/// A passkey of Anna's, and a session that is not the one she uses.
async fn factors(t: &TestApp) -> (String, String) {
    let anna = t.cast.anna;
    t.anna().await;
    let ctx = t.ctx(Actor::User(anna));
    let mut tx = t.db().begin().await.unwrap();
    let passkey: kernel::Uuid = ctx.id();
    let stmt = db::sql!(
        "INSERT INTO passkeys (id, user_id, credential, name, stored, counter, created_at) \
         VALUES ($1, $2, $3, 'Telefon', '{}', 0, $4)"
    );
    tx.exec(stmt, db::params![passkey, anna, vec![1_u8], ctx.now])
        .await
        .unwrap();
    let stmt = db::sql!(
        (kernel::Uuid,),
        "SELECT id FROM sessions WHERE user_id = $1 ORDER BY id LIMIT 1"
    );
    let (session,) = tx.one(stmt, db::params![anna]).await.unwrap();
    tx.commit().await.unwrap();
    let passkey = identity::factors::passkeys::PasskeyId(passkey);
    (passkey.to_string(), session.to_string())
}

/// What the entitled person gets for what a fixture posts.
fn answer(pattern: &str) -> &'static [u16] {
    match pattern {
        // the right code and the right key are proved elsewhere
        "/profil/zwei-faktor/app" | "/profil/passkeys" => &[422],
        // another ticket's number is, too
        "/desk/tickets/{id}/zusammenfuehren" => &[422],
        // for the script
        "/desk/tickets/{id}/schreibt" => &[204],
        // no file was chosen
        "/desk/wissen/artikel/{id}/dateien" => &[422],
        // shown once, or for the script
        "/profil/passkeys/beginnen"
        | "/desk/ich/codes"
        | "/desk/eskalation/schritte/{id}/schluessel" => &[200],
        // shown, or deleted by then
        "/desk/tickets/{id}/sensible-daten/oeffnen" => &[200, 303],
        // a file
        "/desk/protokoll/export" => &[200],
        _ => &[303],
    }
}

/// Colleagues, one for each thing that can be done to one.
pub(super) struct Team {
    worker: String,
    lost: String,
    leaver: String,
    invited: String,
    locked: String,
}

async fn team(t: &TestApp) -> Team {
    let ctx = t.ctx(Actor::System);
    let mut tx = t.db().begin().await.unwrap();
    let mut ids = Vec::new();
    for name in ["worker", "lost", "leaver", "locked"] {
        let email = TestApp::email(&format!("{name}@nordlicht.example"));
        let seed = identity::staff::Seed {
            email: &email,
            name,
            role: identity::Role::Support,
            password_hash: "x",
            totp_secret: b"a-secret-of-20-bytes",
        };
        ids.push(identity::staff::seed(&mut tx, &ctx, seed).await.unwrap());
    }
    let info = web::Info::unsent("Test");
    identity::staff::open_session(&mut tx, &ctx, ids[0], &info, true)
        .await
        .unwrap();
    identity::staff::team::deactivate(&mut tx, &ctx, t.cast.ada, ids[3])
        .await
        .unwrap();
    let email = TestApp::email("invited@nordlicht.example");
    identity::staff::add(&mut tx, &ctx, &email, "invited", identity::Role::Support)
        .await
        .unwrap();
    let invited = identity::staff::by_email(&mut tx, &email)
        .await
        .unwrap()
        .unwrap();
    tx.commit().await.unwrap();
    Team {
        worker: ids[0].to_string(),
        lost: ids[1].to_string(),
        leaver: ids[2].to_string(),
        invited: invited.id.to_string(),
        locked: ids[3].to_string(),
    }
}

async fn dead_job(t: &TestApp) -> String {
    let ctx = t.ctx(Actor::System);
    let mut tx = t.db().begin().await.unwrap();
    let id = jobs::enqueue(
        &mut tx,
        &ctx,
        &mail::SendMail {
            mail: mail::MailId(kernel::Uuid::nil()),
        },
    )
    .await
    .unwrap();
    tx.exec(
        db::sql!("UPDATE jobs SET state = 'dead' WHERE id = $1"),
        db::params![id],
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    id.to_string()
}

pub(super) fn fixture(route: &RouteInfo, t: &TestApp, things: &Things) -> Option<Fixture> {
    const ADDRESS: &[(&str, &str)] = &[
        ("street", "Neue Gasse 3"),
        ("first_name", "Anna"),
        ("last_name", "Adler"),
        ("postcode", "24105"),
        ("town", "Kiel"),
        ("country", "DE"),
    ];
    let pattern = route.pattern.as_str();
    let id = match pattern {
        p if p.starts_with("/konto/adressen/{id}/") => &things.spare_address,
        p if p.starts_with("/konto/adressen") => &things.address,
        p if p.starts_with("/konto/kontakte/{id}/") => &things.spare_contact,
        p if p.starts_with("/konto/kontakte") => &things.contact,
        p if p.ends_with("/bestaetigen") => &things.emails[0],
        p if p.ends_with("/hauptadresse") => &things.emails[1],
        p if p.ends_with("/entfernen") && p.starts_with("/profil/adressen") => &things.emails[2],
        p if p.starts_with("/profil/passkeys") => &things.passkey,
        p if p.starts_with("/profil/geraete") => &things.session,
        "/wissen/ordner/{slug}" => "kiste",
        "/wissen/kategorie/{slug}" => "gibt-es-nicht",
        p if p.starts_with("/wissen/artikel") => "anleitung",
        "/wissen/dateien/{id}" | "/desk/wissen/dateien/{id}" => &things.shelf.file,
        "/desk/wissen/dateien/{id}/entfernen" => &things.shelf.spare_file,
        p if p.starts_with("/desk/wissen/artikel") => &things.shelf.article,
        "/desk/wissen/ordner/{id}/loeschen" => &things.shelf.spare_folder,
        p if p.starts_with("/desk/wissen/ordner/{id}") => &things.shelf.folder,
        "/desk/wissen/handbuecher/{id}/loeschen" => &things.shelf.spare_manual,
        p if p.starts_with("/desk/wissen/handbuecher/{id}") => &things.shelf.manual,
        p if p.starts_with("/desk/wissen/suchanfragen/{id}") => &things.shelf.miss,
        "/nachrichten/dateien/{id}" => &things.thread_file,
        p if p.contains("nachrichten") => &things.thread,
        "/desk/textbausteine/{id}" => &things.blocks[0],
        p if p.starts_with("/desk/textbausteine/{id}/") => &things.blocks[1],
        "/desk/posteingang/{id}/annehmen" => &things.inbound[1],
        "/desk/posteingang/{id}/nochmals" => &things.inbound[2],
        "/desk/posteingang/{id}/verwerfen" => &things.inbound[3],
        p if p.starts_with("/desk/posteingang/{id}") => &things.inbound[0],
        "/desk/tickets/{id}/einstufung" => &things.alarm.ticket,
        "/desk/eskalation/{id}/uebernehmen" => &things.alarm.escalation,
        "/desk/eskalation/schritte/{id}" => &things.alarm.steps[0],
        "/desk/eskalation/schritte/{id}/schluessel" => &things.alarm.steps[1],
        "/desk/eskalation/schritte/{id}/loeschen" => &things.alarm.steps[2],
        "/tickets/{id}/kritisch" => &things.alarm.raised,
        p if p.starts_with("/desk/tickets/{id}") => &things.ticket,
        "/desk/dateien/{id}" => &things.ticket_file,
        "/tickets/dateien/{id}" => &things.ticket_file,
        p if p.starts_with("/tickets/{id}") => &things.ticket,
        "/tickets/fruehere/{id}" => &things.earlier,
        "/konto/mails/eingang/{id}" | "/desk/vorgaenge/mails/eingang/{id}" => &things.came,
        p if p.starts_with("/desk/vorgaenge/mails") => &things.mail,
        p if p.starts_with("/konto/mails") => &things.mail,
        "/desk/vorgaenge/jobs/{id}/verwerfen" => &things.spare_job,
        "/desk/mitarbeiter/{id}/zugang" => &things.team.lost,
        "/desk/mitarbeiter/{id}/sperren" => &things.team.leaver,
        "/desk/mitarbeiter/{id}/einladen" => &things.team.invited,
        "/desk/mitarbeiter/{id}/freigeben" => &things.team.locked,
        p if p.starts_with("/desk/mitarbeiter") => &things.team.worker,
        p if p.starts_with("/desk/vorgaenge/jobs") => &things.job,
        _ => "",
    };
    let customer = t.cast.annas.to_string();
    let filled = match pattern.split_once('{').zip(pattern.split_once('}')) {
        Some(((before, _), (_, after))) => {
            let id = if pattern.starts_with("/desk/kunden") {
                customer.as_str()
            } else {
                id
            };
            format!("{before}{id}{after}")
        }
        None => pattern.to_owned(),
    };
    let file = format!("/desk/kunden/{customer}");
    let tab = |name: &str| format!("{file}?reiter={name}");
    let clara = format!("{file}/benutzer?benutzer={}", t.cast.clara);
    let member = format!("{file}/benutzer?benutzer={}", things.member);
    let note = format!("{file}/notiz?notiz={}", things.note);
    if route.method == Method::Get {
        return Some(match pattern {
            "/desk/kunden/{id}/benutzer" => at(member),
            "/desk/kunden/{id}/notiz" => at(note),
            "/desk/tickets/{id}/mail" | "/desk/tickets/{id}/mail/inhalt" => {
                at(format!("{filled}?eintrag={}", MAILED.simple()))
            }
            "/desk/tickets/{id}/verschieben" => at(format!("{filled}?eintrag=1")),
            "/desk/wissen/artikel/{id}/vergleich" => at(format!("{filled}?sprache=de&von=1&bis=2")),
            _ => at(filled),
        });
    }
    Some(match pattern {
        "/konto/bearbeiten"
        | "/konto/daten"
        | "/konto/kontakte/{id}"
        | "/konto/kontakte/{id}/loeschen"
        | "/desk/kunden/{id}/daten" => at(filled),
        "/desk/wissen/neu" => at(filled).fill(&[("title", "Neu"), ("body", "Text")]),
        "/desk/wissen/artikel/{id}" => at(filled).fill(&[("state", "draft")]),
        "/desk/wissen/artikel/{id}/text" => at(filled).fill(&[("body", "Noch anders")]),
        "/desk/wissen/artikel/{id}/zurueck" => at(filled)
            .from(format!(
                "/desk/wissen/artikel/{}/vergleich?sprache=de&von=1&bis=2",
                things.shelf.article
            ))
            .fill(&[("version", "1")]),
        "/desk/wissen/artikel/{id}/dateien" => at(filled),
        "/desk/wissen/dateien/{id}/entfernen" => at(filled).from(format!(
            "/desk/wissen/artikel/{}/dateien",
            things.shelf.article
        )),
        "/desk/wissen/ordner/neu" => at(filled).fill(&[("name_de", "Noch einer")]),
        "/desk/wissen/ordner/{id}" => at(filled).fill(&[("name_de", "Umbenannt")]),
        "/desk/wissen/ordner/{id}/loeschen" => {
            at(filled).from(format!("/desk/wissen/ordner/{}", things.shelf.spare_folder))
        }
        "/desk/wissen/handbuecher/neu" => at(filled).fill(&[
            ("title_de", "Neu"),
            ("link", "https://nordlicht.example/neu.pdf"),
        ]),
        "/desk/wissen/handbuecher/{id}" => at(filled).fill(&[("title_de", "Umbenannt")]),
        "/desk/wissen/handbuecher/{id}/loeschen" => at(filled).from(format!(
            "/desk/wissen/handbuecher/{}",
            things.shelf.spare_manual
        )),
        "/desk/posteingang/freigeben" => at(filled).from("/desk/posteingang"),
        p if p.starts_with("/desk/posteingang/{id}/") => {
            at(filled).from(format!("/desk/posteingang/{id}"))
        }
        "/desk/wissen/suchanfragen/{id}/erledigt" => at(filled).from("/desk/wissen/suchanfragen"),
        "/konto/kontakte/neu" => at(filled).fill(&[
            ("name", "Werkstatt"),
            ("email", "werkstatt@adler.example"),
            ("general", "on"),
        ]),
        "/desk/kunden/neu" => at(filled).fill(&[
            ("kind", "private"),
            ("first_name", "Nora"),
            ("last_name", "Neu"),
            ("email", "nora@neu.example"),
        ]),
        "/desk/kunden/{id}/notizen" => at(filled)
            .from(tab("desk-notes"))
            .fill(&[("text", "Bitte duzen")]),
        "/desk/kunden/{id}/warnhinweis" => at(filled)
            .from(tab("desk-notes"))
            .fill(&[("warning", "Vorsicht")]),
        "/desk/kunden/{id}/notiz" => at(filled).from(note),
        "/desk/kunden/{id}/notiz/anheften" => at(filled).from(tab("desk-notes")),
        "/desk/kunden/{id}/benutzer" => at(filled).from(member),
        "/desk/kunden/{id}/benutzer/hauptinhaber" => at(filled).from(clara),
        "/desk/kunden/{id}/benutzer/zwei-faktor/verloren" => at(filled)
            .from(member)
            .fill_owned("schritt", "anfragen".into()),
        p if p.starts_with("/desk/kunden/{id}/benutzer/") => at(filled).from(member),
        "/desk/kunden/{id}/ansicht" => at(filled).fill(&[("reason", "Frage zur Adresse")]),
        "/konto/ansicht/beenden" => at(filled).from("/konto"),
        "/desk/kunden/{id}/einladen" => {
            at(filled).fill(&[("email", "noch-wer@adler.example"), ("holds", "owner")])
        }
        p if p.starts_with("/desk/kunden/{id}/einladung/") => at(filled)
            .from(tab("desk-members"))
            .fill_owned("einladung", things.invitation.clone()),
        "/profil/zwei-faktor/app" => at(filled).fill(&[("code", "000000")]),
        "/profil/passkeys" | "/profil/passkeys/{id}" => at(filled).fill(&[("name", "Schlüssel")]),
        "/profil/passkeys/{id}/loeschen" => {
            at(filled).from(format!("/profil/passkeys/{}", things.passkey))
        }
        "/profil/passkeys/beginnen" => at(filled).from("/profil/passkeys"),
        "/profil/zwei-faktor/app/aus" => at(filled),
        "/profil/zwei-faktor/codes" | "/profil/zwei-faktor/codes/datei" => {
            at(filled).from("/profil/zwei-faktor")
        }
        "/profil/geraete/beenden" => at(filled).from("/profil/geraete"),
        // there are many by now: the page that begins with this one
        "/profil/geraete/{id}/beenden" => {
            let id: kernel::Uuid = things.session.parse().unwrap();
            let next = kernel::Uuid::from_u128(id.as_u128() + 1);
            at(filled).from(format!("/profil/geraete?nach={next}"))
        }
        "/konto/adressen/neu" | "/konto/adressen/{id}" => at(filled).fill(ADDRESS),
        "/konto/adressen/{id}/loeschen" => at(filled),
        "/konto/wechseln" => at(filled).from("/konto").fill_owned("id", customer.clone()),
        "/abmelden" => at(filled).from("/konto"),
        "/nachrichten/neu" => at(filled).fill(&[("text", "Noch eine Frage")]),
        "/tickets/fruehere/{id}" => at(filled).from("/tickets/fruehere"),
        "/profil/nicht-erreichbar" => at(filled),
        "/nachrichten/{id}" | "/desk/tickets/{id}" => {
            at(filled).fill(&[("text", "Und noch etwas")])
        }
        "/nachrichten/{id}/schliessen" => {
            at(filled).from(format!("/nachrichten/{}", things.thread))
        }
        "/nachrichten/{id}/sensible-daten" | "/tickets/{id}/sensible-daten" => {
            at(filled).fill(&[("label", "Zugang"), ("text", "Seepferdchen-im-Watt-9")])
        }
        p if p.ends_with("/sensible-daten/loeschen") => {
            let page = filled.trim_end_matches("/loeschen").to_owned();
            at(filled).from(page)
        }
        "/desk/tickets/{id}/sensible-daten/oeffnen" => {
            let page = filled.trim_end_matches("/oeffnen").to_owned();
            let asked = format!("?zeigen={}", things.alarm.secret);
            at(format!("{filled}{asked}"))
                .from(format!("{page}{asked}"))
                .fill(&[("reason", "Dienst starten")])
        }
        "/tickets/neu/kritisch" => at(filled).fill(&[
            ("emergency", "server"),
            ("subject", "Der Server ist weg"),
            ("text", "Alles steht."),
        ]),
        "/tickets/{id}/kritisch" => at(filled).fill(&[("emergency", "site")]),
        "/desk/tickets/{id}/einstufung" => at(filled).fill(&[("reason", "Läuft wieder")]),
        "/desk/eskalation/{id}/uebernehmen" => at(filled).from("/desk/eskalation"),
        "/desk/eskalation/schritte/neu" | "/desk/eskalation/schritte/{id}" => {
            at(filled).fill(&[("kind", "team"), ("minutes", "5"), ("position", "9")])
        }
        p if p.starts_with("/desk/eskalation/schritte/{id}/") => {
            let page = filled.rsplit_once('/').map(|(page, _)| page.to_owned());
            at(filled).from(page.unwrap_or_default())
        }
        "/desk/tickets/auswahl" => at(filled).from("/desk/tickets"),
        "/desk/tickets/{id}/notiz" => at(filled)
            .from(format!("/desk/tickets/{}", things.ticket))
            .fill(&[("note", "Nur für uns")]),
        "/desk/tickets/{id}/bearbeiten" => at(filled).fill(&[("subject", "Anders")]),
        "/desk/tickets/{id}/zusammenfuehren" => at(filled).fill(&[("number", "99999")]),
        "/desk/tickets/{id}/verschieben" => {
            let page = format!("{filled}?eintrag=1");
            at(filled).from(page)
        }
        "/desk/textbausteine/neu" => at(filled).fill(&[("name", "Gruß"), ("body_de", "Guten Tag")]),
        "/desk/textbausteine/{id}" => at(filled).fill(&[("body_de", "Guten Morgen")]),
        "/desk/tickets/{id}/verknuepfung-loesen" => {
            at(filled).fill_owned("anderes", things.ticket.clone())
        }
        "/desk/textbausteine/{id}/loeschen" => {
            at(filled).from(format!("/desk/textbausteine/{}", things.blocks[1]))
        }
        "/desk/tickets/{id}/mail-annehmen" | "/desk/tickets/{id}/mail-ablehnen" => at(filled)
            .from(format!("/desk/tickets/{}", things.ticket))
            .fill_owned("eintrag", things.ticket.clone()),
        "/desk/tickets/{id}/zuruecknehmen" => {
            at(filled).fill_owned("antwort", things.ticket.clone())
        }
        p if p.starts_with("/desk/tickets/{id}/") => {
            at(filled).from(format!("/desk/tickets/{}", things.ticket))
        }
        "/tickets/neu" => at(filled).fill(&[("subject", "Noch eins"), ("text", "Eine Frage")]),
        "/tickets/{id}" => at(filled).fill(&[("text", "Und noch etwas")]),
        "/tickets/{id}/details" => at(filled).fill(&[("subject", "Anders")]),
        "/tickets/{id}/personen" => at(filled).fill(&[("emails", "auch@post.example")]),
        "/tickets/{id}/bewertung" => at(filled).fill(&[("answer", "good")]),
        "/tickets/{id}/schliessen" => at(filled).from(format!("/tickets/{}", things.ticket)),
        "/tickets/{id}/personen/entfernen" => {
            at(filled).from(format!("/tickets/{}/personen", things.ticket))
        }
        "/desk/abmelden" => at(filled).from("/desk"),
        "/anmelden/bestaetigen" => at(filled).fill(&[("password", PASSWORD)]),
        "/profil" => at(filled).fill(&[("first_name", "Anna")]),
        "/profil/passwort" => at(filled).fill(&[
            ("current_password", PASSWORD),
            ("new_password", PASSWORD),
            ("new_password_repeat", PASSWORD),
        ]),
        "/profil/adressen/neu" => at(filled).fill(&[("email", "noch@anna.example")]),
        "/profil/adressen/{id}/bestaetigen" | "/profil/adressen/{id}/hauptadresse" => {
            at(filled).from("/profil")
        }
        "/profil/adressen/{id}/entfernen" => at(filled),
        p if p.starts_with("/desk/vorgaenge/mails/{id}") => {
            at(filled).from(format!("/desk/vorgaenge/mails/{}", things.mail))
        }
        p if p.starts_with("/desk/vorgaenge/jobs/{id}") => at(filled).from("/desk/vorgaenge/jobs"),
        "/desk/protokoll/export" => at(filled)
            .from("/desk/protokoll")
            .fill(&[("format", "csv")]),
        "/desk/mitarbeiter/neu" => at(filled).fill(&[
            ("name", "Nina Neu"),
            ("email", "nina@nordlicht.example"),
            ("role", "sales"),
        ]),
        "/desk/mitarbeiter/{id}" => at(filled).fill(&[("role", "sales")]),
        p if p.starts_with("/desk/mitarbeiter/{id}/") => {
            at(filled).from(format!("/desk/mitarbeiter/{id}"))
        }
        "/desk/ich/passwort" => at(filled).from("/desk/ich").fill(&[
            ("current", PASSWORD),
            ("password", PASSWORD),
            ("password_repeat", PASSWORD),
        ]),
        "/desk/ich/codes" => at(filled).from("/desk/ich").fill(&[("confirm", PASSWORD)]),
        "/desk/ich/sprache" => at(filled).from("/desk/ich").fill(&[("language", "de")]),
        p if p.starts_with("/desk/ich/") => at(filled).from("/desk/ich"),
        _ => return None,
    })
}

/// A form token of somebody's own.
async fn token(client: &mut Client, desk: bool) -> String {
    let (page, action) = if desk {
        ("/desk", "/desk/abmelden")
    } else {
        ("/nachrichten", "/abmelden")
    };
    let answer = client.get(page).await;
    let form = answer.form_to(action);
    form.fields
        .iter()
        .find(|(n, _)| n == "csrf")
        .map(|(_, v)| v.clone())
        .unwrap()
}

async fn call(
    client: &mut Client,
    route: &RouteInfo,
    fixture: &Fixture,
    csrf: Option<&str>,
) -> u16 {
    match route.method {
        Method::Get => client
            .send("GET", &fixture.path, None)
            .await
            .status
            .as_u16(),
        Method::Post => {
            let mut fields = fixture.pairs();
            if let Some(csrf) = csrf {
                fields.push(("csrf", csrf));
            }
            client
                .post_raw(&fixture.path, &fields)
                .await
                .status
                .as_u16()
        }
    }
}

fn entitled(access: Access, person: &str) -> bool {
    let (desk, right) = match access.stale() {
        Access::Staff(right) => (true, right),
        Access::Member(right) => (false, Some(right)),
        Access::User | Access::FreshUser | Access::FreshMember(_) => (false, None),
        Access::Open | Access::DeskOpen => return true,
    };
    let rights: Vec<String> = match person {
        "anna" => customers::rights::ALL
            .iter()
            .map(|r| r.0.to_owned())
            .collect(),
        "bernd" => vec!["account.view".into(), "addresses".into()],
        role => identity::Role::parse(role)
            .unwrap()
            .held()
            .iter()
            .map(str::to_owned)
            .collect(),
    };
    let portal = matches!(person, "anna" | "bernd");
    desk != portal && right.is_none_or(|right| rights.iter().any(|r| r == right.0))
}

#[tokio::test(flavor = "multi_thread")]
async fn v8_2_1_every_route_times_every_role() {
    let t = whole().await;
    let things = things(&t).await;
    let mut problems = Vec::new();
    let mut tried = BTreeMap::new();
    // what ends or moves the fixtures' things comes last
    let mut routes: Vec<RouteInfo> = t
        .app
        .routes()
        .iter()
        .filter(|r| !matches!(r.access, Access::Open | Access::DeskOpen))
        .cloned()
        .collect();
    routes.sort_by_key(|r| {
        (
            r.method == Method::Post,
            // a new password, for one, ends all sessions
            r.pattern != "/profil/geraete/{id}/beenden",
            r.pattern.contains("loeschen"),
            r.pattern.contains("oeffnen"),
        )
    });
    for route in &routes {
        let desk = route.access.is_desk();
        let name = format!("{:?} {}", route.method, route.pattern);
        let Some(fixture) = fixture(route, &t, &things) else {
            problems.push(format!("{name}: no fixture"));
            continue;
        };
        let mut expect = |who: &str, status: u16, wanted: &[u16]| {
            if !wanted.contains(&status) {
                problems.push(format!("{name}: {who} got {status}, wanted {wanted:?}"));
            }
            *tried.entry(who.to_owned()).or_insert(0) += 1;
        };
        // nobody
        let status = call(&mut t.guest(), route, &fixture, None).await;
        expect("anonymous", status, &[303]);
        // a stranger: for a thing of Anna's the same answer as for a thing that does not exist
        if !desk {
            let mut fremd = t.fremd().await;
            let csrf = token(&mut fremd, false).await;
            let status = call(&mut fremd, route, &fixture, Some(&csrf)).await;
            let of_a_thing = route.pattern.contains('{') || route.pattern == "/konto/wechseln";
            let wanted: &[u16] = if of_a_thing { &[404] } else { &[200, 303, 422] };
            expect("stranger", status, wanted);
        }
        // signed in on the other side
        let mut other = if desk { t.anna().await } else { t.sven().await };
        expect(
            "other side",
            call(&mut other, route, &fixture, None).await,
            &[303],
        );
        // without the right
        let lacking: Vec<&str> = ["bernd", "support", "accounting", "editing"]
            .into_iter()
            .filter(|who| (*who == "bernd") != desk && !entitled(route.access, who))
            .collect();
        for who in lacking {
            let mut client = match who {
                "bernd" => t.bernd().await,
                "support" => t.sven().await,
                "accounting" => t.berta().await,
                _ => continue,
            };
            let csrf = if desk {
                token(&mut client, true).await
            } else {
                String::new()
            };
            expect(
                "without the right",
                call(&mut client, route, &fixture, Some(&csrf)).await,
                &[403],
            );
        }
        let mut owner = if desk { t.ada().await } else { t.anna().await };
        if route.method == Method::Post {
            expect(
                "without a token",
                call(&mut owner, route, &fixture, None).await,
                &[403],
            );
            expect(
                "with a wrong token",
                call(&mut owner, route, &fixture, Some("x.y")).await,
                &[403],
            );
        }
        // and the entitled person
        let status = match route.method {
            Method::Get => {
                let answer = owner.get(&fixture.path).await;
                answer.status.as_u16()
            }
            Method::Post => {
                let page = owner.get(&fixture.page).await;
                match page.forms().into_iter().find(|f| {
                    f.post && f.action.split('?').next() == fixture.path.split('?').next()
                }) {
                    Some(form) => owner
                        .send_form(&form, &fixture.pairs())
                        .await
                        .status
                        .as_u16(),
                    // the switch stands only on the pages of people with several customers, the second factor's buttons on
                    // those of people who have one, the end of a view on those of staff who look
                    None if matches!(
                        route.pattern.as_str(),
                        "/konto/ansicht/beenden"
                            | "/konto/wechseln"
                            | "/profil/passkeys/beginnen"
                            | "/profil/zwei-faktor/app/aus"
                            | "/profil/zwei-faktor/codes"
                            | "/profil/zwei-faktor/codes/datei"
                            | "/profil/nicht-erreichbar"
                            // asked where the operator wants it
                            | "/tickets/{id}/bewertung"
                    ) =>
                    {
                        let csrf = token(&mut owner, false).await;
                        call(&mut owner, route, &fixture, Some(&csrf)).await
                    }
                    // sent by the script alone, where there is a link, or after opening; some seconds long
                    None if matches!(
                        route.pattern.as_str(),
                        "/desk/tickets/{id}/schreibt"
                            | "/desk/tickets/{id}/zuruecknehmen"
                            | "/desk/tickets/{id}/mail-annehmen"
                            | "/desk/tickets/{id}/mail-ablehnen"
                            | "/desk/tickets/{id}/entwurf-verwerfen"
                            | "/desk/tickets/{id}/verknuepfung-loesen"
                            | "/desk/tickets/{id}/sensible-daten/datei"
                    ) =>
                    {
                        let csrf = token(&mut owner, true).await;
                        call(&mut owner, route, &fixture, Some(&csrf)).await
                    }
                    None => 0,
                }
            }
        };
        let wanted: &[u16] = if route.method == Method::Post {
            answer(&route.pattern)
        } else {
            &[200, 303]
        };
        expect("the entitled person", status, wanted);
    }
    t.run_jobs().await;
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(
        routes.len() >= 20 && tried["without the right"] >= 10,
        "{tried:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn v3_5_3_get_and_head_change_nothing() {
    let t = whole().await;
    let things = things(&t).await;
    let before = fingerprint(&t).await;
    let routes: Vec<RouteInfo> = t.app.routes().to_vec();
    for route in routes.iter().filter(|r| r.method == Method::Get) {
        let Some(fixture) = fixture(route, &t, &things) else {
            continue;
        };
        for mut client in [t.anna().await, t.ada().await, t.guest()] {
            for method in ["GET", "HEAD"] {
                let answer = client.send(method, &fixture.path, None).await;
                assert!(answer.status.as_u16() < 500, "{method} {}", fixture.path);
                assert!(method == "GET" || answer.html.is_empty());
            }
        }
    }
    assert_eq!(before, fingerprint(&t).await);
}

/// A body that a route could not refuse for its form: the token, a key, and what its fixture fills in.
async fn refused_while_looking(
    client: &mut Client,
    route: &RouteInfo,
    fixture: Option<&Fixture>,
    csrf: &str,
) -> (u16, String) {
    let path = fixture.map_or_else(
        || route.pattern.replace("{id}", "x").replace("{token}", "x"),
        |fixture| fixture.path.clone(),
    );
    let mut fields = vec![("csrf", csrf), ("key", "only-looking")];
    fields.extend(fixture.map(Fixture::pairs).unwrap_or_default());
    let answer = client.post_raw(&path, &fields).await;
    (answer.status.as_u16(), answer.text())
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_abuse_94_staff_impersonation_only_looks_whatever_the_route() {
    let t = whole().await;
    let things = things(&t).await;
    let mut ada = t.ada().await;
    // what staff wrote is new to Anna, and stays so
    let thread = format!("/nachrichten/{}", things.thread);
    let answer = [("text", "Noch etwas Neues")];
    ada.fill(&thread.replace("/nachrichten/", "/desk/tickets/"), &answer)
        .await
        .expect(303);
    t.run_jobs().await;
    // lines of one moment have no order
    t.wait(std::time::Duration::from_secs(1));
    let file = format!("/desk/kunden/{}/ansicht", t.cast.annas);
    let reason = [("reason", "Frage zur Adresse")];
    ada.fill(&file, &reason).await.leads_to("/konto");
    let end = ada.get("/konto").await.form_to("/konto/ansicht/beenden");
    let csrf = end.fields.iter().find(|(n, _)| n == "csrf").unwrap();
    let csrf = csrf.1.clone();
    let before = everything(&t).await;
    let mut problems = Vec::new();
    let (mut shown, mut closed, mut refused) = (0, 0, 0);
    // the demonstration's own pages are for whoever tries the product out
    let routes = t.app.routes().iter();
    let routes = routes.filter(|r| !r.access.is_desk() && r.module != "demo");
    for route in routes {
        let name = format!("{:?} {}", route.method, route.pattern);
        let fixture = fixture(route, &t, &things);
        if route.method == Method::Post {
            if route.pattern == "/konto/ansicht/beenden" {
                continue;
            }
            let (status, text) =
                refused_while_looking(&mut ada, route, fixture.as_ref(), &csrf).await;
            let told = text.contains("Beim Ansehen als Kunde ist das nicht möglich");
            if status != 403 || !told {
                problems.push(format!("{name}: {status} {text}"));
            }
            refused += 1;
            continue;
        }
        let Some(fixture) = fixture else { continue };
        for method in ["GET", "HEAD"] {
            let answer = ada.send(method, &fixture.path, None).await;
            let status = answer.status.as_u16();
            let wanted: &[u16] = match route.access {
                Access::User | Access::FreshUser | Access::FreshMember(_) => &[403],
                Access::Member(_) => &[200],
                _ => &[200, 303, 404, 410],
            };
            if !wanted.contains(&status) {
                problems.push(format!("{method} {}: {status}", fixture.path));
            }
            if wanted == [403] {
                closed += 1;
            } else {
                shown += 1;
            }
            // what is not for looking at says so in a part of a page, too, and tells nothing
            if wanted == [403] && answer.html.contains("adler.example") {
                problems.push(format!("{name} tells of Anna"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(
        shown >= 20 && closed >= 20 && refused >= 30,
        "{shown} {closed} {refused}"
    );
    t.wait(std::time::Duration::from_secs(120));
    ada.get(&thread).await.expect(200);
    assert_eq!(before, everything(&t).await);
    // mails about Anna's own sign-in are Anna's alone
    let mails = ada.get("/konto/mails").await.expect(200);
    let own = t.anna().await.get("/konto/mails").await.expect(200);
    assert!(
        !mails.says("Passwort") && !mails.says("Anmeldedaten"),
        "{}",
        mails.text()
    );
    assert!(own.links("/konto/mails/").len() >= mails.links("/konto/mails/").len());
    let unread = t.anna().await.get("/nachrichten").await.expect(200);
    assert!(
        unread.html.contains("class=\"unread\""),
        "{}",
        unread.text()
    );
    ada.send_form(&end, &[]).await.expect(303);
    let acts = t.acts(Some(t.cast.annas)).await;
    assert_eq!(acts[..2], ["customer.view_ended", "customer.viewed"]);
}

/// All that the routes write, but for the marks of use of what the test itself holds.
async fn everything(t: &TestApp) -> Vec<i64> {
    let mut all = fingerprint(t).await;
    let mut tx = t.db().read().await.unwrap();
    let stmt = db::sql!(
        (i64,),
        "SELECT COUNT(*) FROM sessions UNION ALL SELECT COUNT(*) FROM devices UNION ALL SELECT COUNT(*) FROM ticket_unread \
         UNION ALL SELECT COUNT(*) FROM ticket_entries UNION ALL SELECT COUNT(*) FROM article_votes \
         UNION ALL SELECT COUNT(*) FROM kb_misses UNION ALL SELECT COUNT(*) FROM contacts \
         UNION ALL SELECT COUNT(*) FROM user_emails UNION ALL SELECT COUNT(*) FROM throttles \
         UNION ALL SELECT COUNT(*) FROM form_keys UNION ALL SELECT CAST(SUM(seen_at) AS BIGINT) FROM sessions"
    );
    let more = tx.all(stmt, db::params![]).await.unwrap();
    all.extend(more.into_iter().map(|(n,)| n));
    all
}

/// Counts of the tables that acts write; sessions are the test's own.
async fn fingerprint(t: &TestApp) -> Vec<i64> {
    let mut tx = t.db().read().await.unwrap();
    let stmt = db::sql!(
        (i64,),
        "SELECT COUNT(*) FROM audit UNION ALL SELECT COUNT(*) FROM mails UNION ALL SELECT COUNT(*) FROM addresses \
         UNION ALL SELECT COUNT(*) FROM tickets UNION ALL SELECT COUNT(*) FROM jobs UNION ALL SELECT COUNT(*) FROM links"
    );
    tx.all(stmt, db::params![])
        .await
        .unwrap()
        .into_iter()
        .map(|(n,)| n)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_that_protect_stand_on_every_answer() {
    let t = whole().await;
    let mut guest = t.guest();
    for path in [
        "/",
        "/anmelden",
        "/gibt-es-nicht",
        "/desk/anmelden",
        "/assets/nichts.css",
    ] {
        let answer = guest.get(path).await;
        let header = |name: &str| {
            answer
                .headers
                .get(name)
                .and_then(|v| v.to_str().ok())
                .unwrap_or_default()
        };
        assert!(
            header("content-security-policy").contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
    }
    let trace = guest.send("TRACE", "/anmelden", None).await;
    assert_eq!(trace.status.as_u16(), 405, "trace is refused");
    assert_eq!(guest.send("DELETE", "/", None).await.status.as_u16(), 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_requests_get_a_clear_answer() {
    let t = whole().await;
    let mut guest = t.guest();
    // a body over the limit, by its length
    guest.get("/registrieren").await;
    let huge = vec![b'a'; (1 << 20) + 1];
    assert_eq!(
        guest
            .send("POST", "/registrieren", Some(huge))
            .await
            .status
            .as_u16(),
        413
    );
    // odd bytes, fields twice, cut cookies, a foreign origin
    let form = guest.get("/registrieren").await.form_with("email");
    let sent = guest
        .send_form(
            &form,
            &[
                ("first_name", "a\u{0}b"),
                ("last_name", "\u{202e}x"),
                ("email", "\r\nBcc: a@b.example"),
            ],
        )
        .await;
    assert_eq!(sent.status.as_u16(), 422);
    assert!(sent.html.contains("\u{202e}x"), "entries are kept");
    let csrf = form
        .fields
        .iter()
        .find(|(n, _)| n == "csrf")
        .unwrap()
        .1
        .clone();
    let twice = guest
        .post_raw(
            "/registrieren",
            &[
                ("csrf", &csrf),
                ("email", "a@b.example"),
                ("email", "c@d.example"),
            ],
        )
        .await;
    assert_eq!(twice.status.as_u16(), 400);
    guest
        .headers
        .push(("origin".into(), "https://evil.test".into()));
    assert_eq!(
        guest
            .send_form(&form, &[("email", "a@b.example")])
            .await
            .status
            .as_u16(),
        403
    );
    guest.headers.clear();
    guest
        .headers
        .push(("sec-fetch-site".into(), "cross-site".into()));
    assert_eq!(
        guest
            .send_form(&form, &[("email", "a@b.example")])
            .await
            .status
            .as_u16(),
        403
    );
    guest.headers.clear();
    guest.headers.push(("host".into(), "evil.test".into()));
    guest
        .headers
        .push(("x-forwarded-host".into(), "evil.test".into()));
    let page = guest.get("/registrieren").await.expect(200);
    assert!(!page.html.contains("evil.test"), "Host is never used");
    guest.headers.clear();
    let mut anna = t.anna().await;
    let token = anna.cookies["tresen"].clone();
    for cut in [&token[..10], "", "x; y"] {
        anna.cookies.insert("tresen".into(), cut.into());
        assert_eq!(anna.get("/konto").await.status.as_u16(), 303, "{cut:?}");
    }
    for path in [
        "/konto/adressen/%00",
        "/nachrichten/nicht-da",
        "/konto/adressen/0190-",
        "/aktivieren/%ff%fe",
    ] {
        let status = t.anna().await.get(path).await.status.as_u16();
        assert!(matches!(status, 400 | 404 | 410), "{path}: {status}");
    }
}
