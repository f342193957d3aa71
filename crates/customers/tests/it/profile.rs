//! AUTH-7: the profile, its addresses, and the change of the password.

use crate::app;
use db::{params, sql};
use kernel::{Actor, Email};
use std::time::Duration;
use testkit::{Answer, Client, PASSWORD, TestApp};

const ANNA: &str = "anna@adler.example";
const TWO: &str = "zwei@adler.example";
const ADD: &str = "/profil/adressen/neu";
const NEW: &str = "Kohlrabi tanzt um Mitternacht";

async fn add(client: &mut Client, email: &str) -> Answer {
    client.fill(ADD, &[("email", email)]).await
}

/// The newest mail to the address, and the first link in it.
async fn link_to(t: &TestApp, email: &str) -> String {
    TestApp::link_in(&t.mail_to(email).await)
}

async fn press(client: &mut Client, link: &str) -> Answer {
    let form = client.get(link).await.expect(200).form_to(link);
    client.send_form(&form, &[]).await
}

async fn act_on(client: &mut Client, act: &str) -> Answer {
    let page = client.get("/profil").await;
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.action.ends_with(act))
        .unwrap_or_else(|| panic!("no {act} on {}", page.text()));
    client.send_form(&form, &[]).await
}

async fn sign_in(t: &TestApp, login: &str, password: &str) -> Answer {
    t.guest()
        .fill("/anmelden", &[("login", login), ("password", password)])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_7_name_and_language_are_the_users_own() {
    let t = app().await;
    let mut anna = t.anna().await;
    let page = anna.get("/konto").await.expect(200);
    assert!(page.says("Ihr Profil"), "{}", page.text());
    let fill = [
        ("first_name", "Anneliese"),
        ("last_name", ""),
        ("language", "en"),
    ];
    let page = anna.fill("/profil", &fill).await.expect(422);
    assert!(page.html.contains("Anneliese") && page.says(ANNA));
    // what was chosen at the top of a page before gives way to the profile
    anna.get("/sprache?auf=de&zu=/profil").await.expect(303);
    let fill = [
        ("first_name", "Anneliese"),
        ("last_name", "Adler"),
        ("language", "en"),
    ];
    let answer = anna.fill("/profil", &fill).await.leads_to("/profil");
    let page = anna.follow(answer).await.expect(200);
    assert!(page.says("Your profile is saved."), "{}", page.text());
    assert!(page.says("Anneliese Adler"));
    // on another device, and by mail, too
    let page = t.anna().await.get("/konto").await;
    assert!(page.html.contains("<html lang=\"en\">"));
    // the contract partner keeps the name
    let file = t.ada().await.get("/desk/kunden").await;
    assert!(file.says("Anna Adler") && !file.says("Anneliese"));
    t.guest()
        .fill("/passwort", &[("login", ANNA)])
        .await
        .expect(303);
    let letter = t.mail_to(ANNA).await;
    assert_eq!(letter.subject, "Choose a new password");
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_7_a_new_address_counts_when_its_link_is_used() {
    let t = app().await;
    let mut anna = t.anna().await;
    add(&mut anna, TWO).await.leads_to("/profil");
    let page = anna.get("/profil").await;
    assert!(
        page.says("Noch nicht bestätigt") && page.says(TWO),
        "{}",
        page.text()
    );
    sign_in(&t, TWO, PASSWORD).await.expect(422);
    let letter = t.mail_to(TWO).await;
    assert!(!letter.text.contains("Anna"), "{}", letter.text);
    let told = t.mail_to(ANNA).await;
    assert!(told.text.contains(TWO) && told.text.contains("72 Stunden"));
    // looking changes nothing; the button does, in another browser as well
    let link = TestApp::link_in(&letter);
    let mut other = t.guest();
    for _ in 0..2 {
        other.get(&link).await.expect(200);
    }
    sign_in(&t, TWO, PASSWORD).await.expect(422);
    press(&mut other, &link).await.leads_to("/anmelden");
    sign_in(&t, TWO, PASSWORD).await.leads_to("/konto");
    other.get(&link).await.expect(410);

    act_on(&mut anna, "/hauptadresse").await.leads_to("/profil");
    let page = anna.get("/profil").await;
    let (primary, _) = page.html.split_once("Hauptadresse</span>").unwrap();
    assert!(primary.rsplit("<tr>").next().unwrap().contains(TWO));
    // mails go there from now on
    let told = t.mail_to(ANNA).await;
    assert!(told.text.contains("Hauptadresse"), "{}", told.text);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_7_the_link_is_sent_again_and_the_older_one_ends() {
    let t = app().await;
    let mut anna = t.anna().await;
    add(&mut anna, TWO).await.leads_to("/profil");
    let first = link_to(&t, TWO).await;
    act_on(&mut anna, "/bestaetigen").await.leads_to("/profil");
    let second = link_to(&t, TWO).await;
    assert_ne!(first, second);
    anna.get(&first).await.expect(410);
    t.wait(Duration::from_secs(48 * 3600));
    let mut guest = t.guest();
    guest.get(&second).await.expect(410);
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_7_what_is_wrong_is_said_at_the_field() {
    let t = app().await;
    let mut anna = t.anna().await;
    for (email, says) in [
        ("", "Bitte füllen Sie dieses Feld aus."),
        ("anna(at)adler", "vollständige E-Mail-Adresse"),
        (ANNA, "haben Sie schon eingetragen"),
    ] {
        let page = add(&mut anna, email).await.expect(422);
        assert!(page.says(says), "{says}: {}", page.text());
    }
    for n in 1..identity::emails::MOST {
        let email = format!("anna{n}@adler.example");
        add(&mut anna, &email).await.leads_to("/profil");
    }
    let page = add(&mut anna, TWO).await.expect(422);
    assert!(page.says("Mehr Adressen passen nicht."), "{}", page.text());
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_7_an_address_goes_but_not_the_one_that_is_needed() {
    let t = app().await;
    let mut anna = t.anna().await;
    add(&mut anna, TWO).await.leads_to("/profil");
    let link = link_to(&t, TWO).await;
    press(&mut anna, &link).await.leads_to("/profil");
    let page = anna.get("/profil").await;
    let remove = page.links("/profil/adressen/0");
    assert_eq!(remove.len(), 1, "the primary one has no way out");
    let ask = anna.get(&remove[0]).await.expect(200);
    assert!(ask.says(TWO), "{}", ask.text());
    // meanwhile it became the primary one, in another tab
    let form = ask.form_to(&remove[0]);
    act_on(&mut anna, "/hauptadresse").await.leads_to("/profil");
    let answer = anna.send_form(&form, &[]).await.leads_to("/profil");
    assert!(anna.follow(answer).await.says("wird noch gebraucht"));
    let page = anna.get(&remove[0]).await.expect(200);
    assert!(page.says("Diese Adresse wird gebraucht"));
    // the other one goes
    let page = anna.get("/profil").await;
    let remove = page.link("/profil/adressen/0");
    press(&mut anna, &remove).await.leads_to("/profil");
    assert!(!anna.get("/profil").await.says(ANNA));
    sign_in(&t, ANNA, PASSWORD).await.expect(422);
    sign_in(&t, TWO, PASSWORD).await.leads_to("/konto");
    // a stranger's is not there
    let form = t.anna().await.get("/profil").await.form_with("first_name");
    let mut fremd = t.fremd().await;
    let csrf = fremd.get("/profil").await.form_with("first_name").fields[0].clone();
    for act in ["hauptadresse", "entfernen", "bestaetigen"] {
        let own = remove.rsplit_once('/').unwrap().0;
        let fields = [("csrf", csrf.1.as_str())];
        let path = format!("{own}/{act}");
        fremd.post_raw(&path, &fields).await.expect(404);
    }
    drop(form);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_7_customers_are_found_by_the_addresses_of_their_members() {
    let t = app().await;
    let mut anna = t.anna().await;
    add(&mut anna, "kapitaen@holtenau.example").await;
    let link = link_to(&t, "kapitaen@holtenau.example").await;
    press(&mut anna, &link).await.leads_to("/profil");
    t.run_jobs().await;
    let mut ada = t.ada().await;
    let list = ada.get("/desk/kunden?suche=kapitaen").await.expect(200);
    assert!(list.says("K-10001"), "{}", list.text());
    let remove = anna.get("/profil").await.link("/profil/adressen/0");
    press(&mut anna, &remove).await.leads_to("/profil");
    t.run_jobs().await;
    let list = ada.get("/desk/kunden?suche=kapitaen").await.expect(200);
    assert!(!list.says("K-10001"), "{}", list.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_7_a_taken_address_gets_the_same_answer_and_another_mail() {
    let t = app().await;
    let mut anna = t.anna().await;
    let taken = add(&mut anna, "fremd@fremd.example").await;
    let taken = anna.follow(taken.leads_to("/profil")).await.text();
    let letter = t.mail_to("fremd@fremd.example").await;
    assert!(
        letter.text.contains("schon zu einem Benutzer") && !letter.text.contains("bestaetigen"),
        "{}",
        letter.text
    );
    let mut bernd = t.bernd().await;
    let free = add(&mut bernd, "frei@fremd.example").await;
    let free = bernd.follow(free.leads_to("/profil")).await.text();
    let bare = |text: String| {
        let text = text.replace("fremd@fremd.example", "…");
        let text = text.replace("frei@fremd.example", "…");
        text.replace(ANNA, "…")
            .replace("bernd@adler.example", "…")
            .replace("Anna Adler", "…")
            .replace("Bernd Busch", "…")
    };
    let said = |text: &str| text.contains("Bitte sehen Sie in das Postfach der Adresse");
    assert!(said(&taken) && said(&free));
    let state = |text: String| bare(text).matches("Noch nicht bestätigt").count();
    assert_eq!((state(taken), state(free)), (1, 1));
    // in the customer's history there is neither of the two
    let mut tx = t.db().read().await.unwrap();
    let stmt = sql!(
        (i64,),
        "SELECT CAST(count(*) AS BIGINT) FROM mails WHERE kind IN ('identity.taken', 'identity.proof') \
         AND (customer_id IS NOT NULL OR user_id IS NOT NULL)"
    );
    assert_eq!(tx.one(stmt, params![]).await.unwrap().0, 0);
    drop(tx);
    t.run_jobs().await;
    // the owner is not touched
    sign_in(&t, "fremd@fremd.example", PASSWORD)
        .await
        .leads_to("/konto");
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_change_needs_both() {
    let t = app().await;
    // a thief with session and password adds an address, makes it primary, and takes the owner's away
    let mut thief = t.anna().await;
    add(&mut thief, "dieb@evil.example").await;
    let stop = link_to(&t, ANNA).await;
    let proof = link_to(&t, "dieb@evil.example").await;
    press(&mut thief, &proof).await.leads_to("/profil");
    act_on(&mut thief, "/hauptadresse")
        .await
        .leads_to("/profil");
    let remove = thief.get("/profil").await.link("/profil/adressen/0");
    press(&mut thief, &remove).await.leads_to("/profil");
    assert!(!thief.get("/profil").await.says(ANNA));

    // for three days the owner can undo it
    t.wait(Duration::from_secs(20 * 3600));
    thief.get("/konto").await.expect(200);
    let mut owner = t.guest();
    for _ in 0..2 {
        let page = owner.get(&stop).await.expect(200);
        assert!(page.says("dieb@evil.example"), "{}", page.text());
    }
    thief.get("/konto").await.expect(200);
    let answer = press(&mut owner, &stop).await.leads_to("/adresse-gestoppt");
    let page = owner.follow(answer).await.expect(200);
    assert!(page.says("Die Änderung ist rückgängig gemacht"));
    assert_eq!(page.link("/passwort"), "/passwort");
    thief
        .get("/konto")
        .await
        .leads_to("/anmelden?weiter=%2Fkonto");
    sign_in(&t, "dieb@evil.example", PASSWORD).await.expect(422);
    sign_in(&t, ANNA, PASSWORD).await.leads_to("/konto");
    let page = t.anna().await.get("/profil").await;
    assert!(page.says(ANNA) && !page.says("dieb@evil.example"));
    owner.get(&stop).await.expect(410);
    t.run_jobs().await;
    let mails = t.mails.len();
    t.guest()
        .fill("/passwort", &[("login", "K-10001")])
        .await
        .expect(303);
    t.run_jobs().await;
    assert_eq!(t.mails.len(), mails + 1);
    assert_eq!(t.mails.all().last().unwrap().to.as_str(), ANNA);
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_7_a_change_that_waits_for_its_link_is_stopped_too_and_the_link_ends() {
    let t = app().await;
    let mut thief = t.anna().await;
    add(&mut thief, "dieb@evil.example").await;
    let stop = link_to(&t, ANNA).await;
    let proof = link_to(&t, "dieb@evil.example").await;
    press(&mut t.guest(), &stop).await.expect(303);
    thief.get(&proof).await.expect(410);
    // three days, no more
    let mut thief = t.anna().await;
    add(&mut thief, "dieb@evil.example").await;
    let stop = link_to(&t, ANNA).await;
    t.wait(Duration::from_secs(72 * 3600));
    t.guest().get(&stop).await.expect(410);
}

#[tokio::test(flavor = "multi_thread")]
async fn prehijack_pending_mail_change() {
    let t = app().await;
    let victim = "opfer@post.example";
    let mut thief = t.anna().await;
    add(&mut thief, victim).await.leads_to("/profil");
    let proof = link_to(&t, victim).await;
    let fill = [
        ("first_name", "Olga"),
        ("last_name", "Opfer"),
        ("email", victim),
        ("consent", "on"),
    ];
    t.guest().fill("/registrieren", &fill).await.expect(303);
    let link = link_to(&t, victim).await;
    let fill = [("password", NEW), ("password_repeat", NEW)];
    let mut olga = t.guest();
    olga.fill(&link, &fill).await.leads_to("/");
    // the thief's link is dead, and the claim is gone
    thief.get(&proof).await.expect(410);
    assert!(!thief.get("/profil").await.says(victim));
    sign_in(&t, victim, PASSWORD).await.expect(422);
    sign_in(&t, victim, NEW).await.leads_to("/konto");
    t.run_jobs().await;
}

/// Somebody who has entered an address in the order process, and never proved it.
async fn unproven(t: &TestApp, email: &str) -> (kernel::UserId, String) {
    let mut tx = t.db().begin().await.unwrap();
    let ctx = t.ctx(Actor::Guest);
    let new = identity::users::NewUser {
        first_name: "Udo".into(),
        last_name: "Unbewiesen".into(),
        email: Email::parse(email).unwrap(),
        verified: false,
    };
    let user = identity::users::create(&mut tx, &ctx, &new).await.unwrap();
    let hash = identity::Hasher::for_tests()
        .hash(&kernel::Secret::new(PASSWORD))
        .await
        .unwrap();
    identity::passwords::set(&mut tx, &ctx, user, &hash)
        .await
        .unwrap();
    let target = identity::Target {
        user: Some(user),
        email: Some(new.email),
        payload: serde_json::json!({ "primary": true }),
        ..identity::Target::default()
    };
    let token = identity::links::issue(
        &mut tx,
        &ctx,
        identity::emails::PROOF,
        target,
        identity::emails::PROOF_GOOD_FOR,
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    (user, identity::emails::portal::PROVE.to(token.expose()))
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_2_the_first_proof_without_session_sets_a_new_password() {
    let t = app().await;
    let (user, link) = unproven(&t, "udo@post.example").await;
    let ctx = t.ctx(Actor::User(user));
    let mut tx = t.db().begin().await.unwrap();
    let info = web::Info::unsent("Test");
    let token = identity::sessions::open(&mut tx, &ctx, user, None, &info)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut thief = t.guest();
    thief
        .cookies
        .insert("tresen".into(), token.expose().to_owned());
    thief.get("/profil").await.expect(200);

    let mut udo = t.guest();
    let page = udo.get(&link).await.expect(200);
    assert!(page.says("udo@post.example") && page.says("neues Passwort"));
    // the button alone is not enough
    let form = page.form_to(&link);
    udo.send_form(&form, &[]).await.expect(422);
    let fill = [("new_password", NEW), ("new_password_repeat", NEW)];
    udo.fill(&link, &fill).await.leads_to("/anmelden");
    thief.get("/profil").await.expect(303);
    sign_in(&t, "udo@post.example", PASSWORD).await.expect(422);
    sign_in(&t, "udo@post.example", NEW).await.leads_to("/");
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_2_the_first_proof_in_the_users_session_ends_nothing() {
    let t = app().await;
    let (user, link) = unproven(&t, "udo@post.example").await;
    // others claim the address, too
    let mut fremd = t.fremd().await;
    add(&mut fremd, "udo@post.example").await;
    let theirs = link_to(&t, "udo@post.example").await;
    let ctx = t.ctx(Actor::User(user));
    let mut tx = t.db().begin().await.unwrap();
    let info = web::Info::unsent("Test");
    let token = identity::sessions::open(&mut tx, &ctx, user, None, &info)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut udo = t.guest();
    udo.cookies
        .insert("tresen".into(), token.expose().to_owned());
    press(&mut udo, &link).await.leads_to("/profil");
    udo.get("/profil").await.expect(200);
    sign_in(&t, "udo@post.example", PASSWORD)
        .await
        .leads_to("/");
    fremd.get(&theirs).await.expect(410);
    assert!(!fremd.get("/profil").await.says("udo@post.example"));
    t.run_jobs().await;
}

async fn change(client: &mut Client, current: &str, new: &str, repeat: &str) -> Answer {
    let fill = [
        ("current_password", current),
        ("new_password", new),
        ("new_password_repeat", repeat),
    ];
    client.fill("/profil/passwort", &fill).await
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_2_2_password_can_be_changed() {
    let t = app().await;
    let (mut anna, mut other) = (t.anna().await, t.anna().await);
    let mut copy = anna.clone();
    let answer = change(&mut anna, PASSWORD, NEW, NEW)
        .await
        .leads_to("/profil");
    let page = anna.follow(answer).await.expect(200);
    assert!(page.says("Ihr Passwort ist geändert."), "{}", page.text());
    // this device goes on with a new token, all others are signed out
    for gone in [&mut other, &mut copy] {
        gone.get("/konto").await.expect(303);
    }
    sign_in(&t, ANNA, PASSWORD).await.expect(422);
    sign_in(&t, ANNA, NEW).await.leads_to("/konto");
    let letter = t.mail_to(ANNA).await;
    assert_eq!(letter.subject, "Ihre Anmeldedaten wurden geändert");
    assert!(letter.text.contains("das Passwort") && !letter.text.contains(NEW));
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_2_3_password_change_needs_the_current_one() {
    let t = app().await;
    let mut anna = t.anna().await;
    let page = change(&mut anna, "falsch", NEW, NEW).await.expect(422);
    assert!(
        page.says("Dieses Passwort stimmt nicht."),
        "{}",
        page.text()
    );
    for (new, repeat, says) in [
        ("kurz", "kurz", "mindestens 12 Zeichen"),
        (NEW, "anders", "stimmen nicht überein"),
        ("", "", "füllen Sie dieses Feld aus"),
    ] {
        let page = change(&mut anna, PASSWORD, new, repeat).await.expect(422);
        assert!(page.says(says), "{says}: {}", page.text());
    }
    for _ in 0..4 {
        change(&mut anna, "falsch", NEW, NEW).await.expect(422);
    }
    change(&mut anna, PASSWORD, NEW, NEW).await.expect(429);
    sign_in(&t, ANNA, NEW).await.expect(429);
    t.wait(Duration::from_secs(3));
    change(&mut anna, PASSWORD, NEW, NEW)
        .await
        .leads_to("/profil");
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_2_11_context_words_are_refused() {
    let t = app().await;
    let mut anna = t.anna().await;
    for weak in [
        "anna-adler-1987",
        "adler.anna@adler",
        "NordlichtHosting1",
        "passwortpasswort",
        "123456789012345",
    ] {
        let page = change(&mut anna, PASSWORD, weak, weak).await.expect(422);
        assert!(page.says("leicht zu erraten"), "{weak}: {}", page.text());
    }
    // the firm one acts for, too
    let mut clara = t.clara().await;
    let weak = "reederei-claasen1";
    let page = change(&mut clara, PASSWORD, weak, weak).await.expect(422);
    assert!(page.says("leicht zu erraten"), "{}", page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_2_8_password_is_taken_exactly() {
    let t = app().await;
    let mut anna = t.anna().await;
    let long: String = (0..128)
        .map(|n| char::from_u32(0x21 + (n * 37) % 90).unwrap_or('x'))
        .collect();
    let mut now = PASSWORD.to_owned();
    for new in [
        "  Kohlrabi tanzt um Mitternacht  ",
        "Grüße an 👩‍👩‍👧‍👦 und 日本語, leise",
        "tab\tund \"Zitat\" & <b>fett</b>",
        long.as_str(),
    ] {
        change(&mut anna, &now, new, new).await.leads_to("/profil");
        for near in [new.trim().to_owned(), new.chars().take(72).collect()] {
            if near != new {
                sign_in(&t, ANNA, &near).await.expect(422);
            }
        }
        sign_in(&t, ANNA, new).await.leads_to("/konto");
        now = new.to_owned();
    }
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_2_7_paste_and_managers_work() {
    let t = app().await;
    let page = t.anna().await.get("/profil/passwort").await.expect(200);
    for (field, token) in [
        ("current_password", "current-password"),
        ("new_password", "new-password"),
        ("new_password_repeat", "new-password"),
    ] {
        let tag = page
            .html
            .split("<input ")
            .find(|tag| tag.contains(&format!("name=\"{field}\"")))
            .expect(field);
        assert!(tag.contains(&format!("autocomplete=\"{token}\"")));
        assert!(tag.contains("type=\"password\"") && !tag.contains("onpaste"));
    }
}
