//! AUTH-6: the second factor of customers.

use crate::app;
use identity::factors::{self, New, lost};
use kernel::{Actor, UserId};
use std::collections::BTreeSet;
use std::time::Duration;
use testkit::{Answer, Client, PASSWORD, TestApp};

const OVERVIEW: &str = "/profil/zwei-faktor";
const APP: &str = "/profil/zwei-faktor/app";
const CODE: &str = "/anmelden/code";
const STEP: Duration = Duration::from_secs(30);

/// Sets the app up for whoever is signed in; gives the recovery codes.
pub async fn set_up(t: &TestApp, client: &mut Client, user: UserId) -> Vec<String> {
    let page = client.get(APP).await.expect(200);
    let form = page.form_with("code");
    let sealed = &form.fields.iter().find(|(n, _)| n == "new").unwrap().1;
    let ctx = t.ctx(Actor::User(user));
    let new = New::reopen(&ctx, user, sealed).expect("a drawn secret");
    let code = new.code(t.world.now());
    let page = client
        .send_form(&form, &[("code", &code)])
        .await
        .expect(200);
    codes(&page)
}

pub fn codes(page: &Answer) -> Vec<String> {
    let list = page.html.split_once("class=\"codes\"").expect("codes").1;
    let list = list.split_once("</ol>").expect("an end").0;
    let items = list.split("<li>").skip(1);
    items
        .map(|item| item.split('<').next().unwrap().to_owned())
        .collect()
}

pub async fn code(t: &TestApp, user: UserId) -> String {
    let ctx = t.ctx(Actor::User(user));
    let mut tx = t.db().read().await.unwrap();
    let code = factors::current_code(&mut tx, &ctx, user).await.unwrap();
    code.expect("an app")
}

pub async fn password(guest: &mut Client, login: &str) -> Answer {
    let fill = [("login", login), ("password", PASSWORD)];
    guest.fill("/anmelden", &fill).await
}

async fn anna_with_app(t: &TestApp) -> Vec<String> {
    let mut anna = t.anna().await;
    let codes = set_up(t, &mut anna, t.cast.anna).await;
    t.wait(STEP);
    codes
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_6_an_app_is_set_up_with_its_first_code_and_asked_from_then_on() {
    let t = app().await;
    let mut anna = t.anna().await;
    let page = anna.get(OVERVIEW).await.expect(200);
    assert!(page.says("Nicht eingeschaltet"), "{}", page.text());
    let page = anna.get(APP).await.expect(200);
    assert!(
        page.html.contains("data:image/svg+xml;base64,") && page.html.contains("class=\"code\"")
    );
    // a wrong code changes nothing, and the same secret is shown again
    let form = page.form_with("code");
    let again = anna
        .send_form(&form, &[("code", "000000")])
        .await
        .expect(422);
    let secret = |page: &Answer| {
        let after = page.html.split_once("class=\"code\">").unwrap().1;
        after.split('<').next().unwrap().to_owned()
    };
    assert_eq!(secret(&page), secret(&again));
    assert!(anna.get(OVERVIEW).await.says("Nicht eingeschaltet"));
    let codes = set_up(&t, &mut anna, t.cast.anna).await;
    assert_eq!(codes.len(), 10);
    let page = anna.get(OVERVIEW).await.expect(200);
    assert!(
        page.says("Eingeschaltet") && page.says("Noch 10 Codes übrig"),
        "{}",
        page.text()
    );
    let mail = t.mail_to("anna@adler.example").await;
    assert!(mail.subject.contains("geändert"), "{}", mail.subject);
    // the code of the set-up does not sign in: it was used
    let mut guest = t.guest();
    let answer = password(&mut guest, "K-10001").await.leads_to(CODE);
    let page = guest.follow(answer).await.expect(200);
    assert!(page.says("Authenticator-App"), "{}", page.text());
    let used = code(&t, t.cast.anna).await;
    let page = guest.fill(CODE, &[("code", &used)]).await.expect(422);
    assert!(page.says("schon verwendet"), "{}", page.text());
    t.wait(STEP);
    let new = code(&t, t.cast.anna).await;
    let spaced = format!(" {} {} ", &new[..3], &new[3..]);
    guest
        .fill(CODE, &[("code", &spaced)])
        .await
        .leads_to("/konto");
    guest.get("/konto").await.expect(200);
    assert!(!guest.cookies.contains_key("tresen-schritt"));
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_6_leads_on_to_where_the_person_was_headed() {
    let t = app().await;
    anna_with_app(&t).await;
    let mut guest = t.guest();
    let to = guest.get("/konto/adressen").await.location().to_owned();
    let fill = [("login", "K-10001"), ("password", PASSWORD)];
    let step = guest
        .fill(&to, &fill)
        .await
        .expect(303)
        .location()
        .to_owned();
    assert_eq!(step, "/anmelden/code?weiter=%2Fkonto%2Fadressen");
    // the sign-in page leads on to the step that is due, or begins anew
    guest.get(&to).await.leads_to(&step);
    let page = guest.get(&step).await.expect(200);
    let other = page.link("/anmelden?");
    assert!(guest.get(&other).await.expect(200).says("Passwort"));
    let typed = code(&t, t.cast.anna).await;
    guest
        .fill(&step, &[("code", &typed)])
        .await
        .leads_to("/konto/adressen");
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_5_1_totp_and_backup_codes_work_once() {
    let t = app().await;
    let codes = anna_with_app(&t).await;
    for typed in [code(&t, t.cast.anna).await, codes[4].to_uppercase()] {
        // two browsers that both know the password, four times each at once
        let mut halves = Vec::new();
        for _ in 0..2 {
            let mut guest = t.guest();
            password(&mut guest, "K-10001").await.leads_to(CODE);
            let form = guest.get(CODE).await.expect(200).form_with("code");
            halves.push((guest, form));
        }
        let mut hands = Vec::new();
        for (guest, form) in &halves {
            for _ in 0..4 {
                let (mut guest, form, typed) = (guest.clone(), form.clone(), typed.clone());
                hands.push(tokio::spawn(async move {
                    guest.send_form(&form, &[("code", &typed)]).await;
                    guest.cookies.get("tresen").cloned()
                }));
            }
        }
        let mut sessions = BTreeSet::new();
        for hand in hands {
            sessions.extend(hand.await.unwrap());
        }
        assert_eq!(sessions.len(), 1, "{typed}");
        t.wait(Duration::from_secs(3600));
    }
    let page = t.anna().await.get(OVERVIEW).await.expect(200);
    assert!(page.says("Noch 9 Codes übrig"), "{}", page.text());
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_5_2_backup_codes_are_stored_hashed() {
    let t = app().await;
    let codes = anna_with_app(&t).await;
    let mut tx = t.db().read().await.unwrap();
    let stmt = db::sql!((Vec<u8>, Vec<u8>), "SELECT hash, salt FROM recovery_codes");
    let rows = tx.all(stmt, db::params![]).await.unwrap();
    assert_eq!(rows.len(), 10);
    for code in &codes {
        let plain = code.replace('-', "");
        for (hash, salt) in &rows {
            assert_eq!((hash.len(), salt.len()), (32, 16));
            assert!(*hash != web::token_hash(&plain) && *hash != web::token_hash(code));
        }
    }
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_6_new_recovery_codes_take_the_place_of_the_old_ones() {
    let t = app().await;
    let old = anna_with_app(&t).await;
    let mut anna = t.anna().await;
    let page = anna
        .press(OVERVIEW, "/profil/zwei-faktor/codes")
        .await
        .expect(200);
    let new = codes(&page);
    assert_eq!(new.len(), 10);
    assert!(new.iter().all(|code| !old.contains(code)));
    // the page is shown once, and offers a file that holds the same
    let to = "/profil/zwei-faktor/codes/datei";
    let form = page.form_to(to);
    let file = anna.send_form(&form, &[]).await.expect(200);
    assert!(new.iter().all(|code| file.html.contains(code.as_str())));
    let name = &file.headers["content-disposition"];
    assert_eq!(name, "attachment; filename=\"wiederherstellungscodes.txt\"");
    // nobody else opens it, and nothing else is given back as a file
    let sealed = form.fields.iter().find(|(n, _)| n == "sealed").unwrap();
    let sealed = sealed.1.clone();
    let mut fremd = t.fremd().await;
    let page = fremd.get("/konto").await.form_to("/abmelden");
    let csrf = page.fields[0].1.clone();
    for sealed in [sealed.as_str(), "<script>"] {
        let fields = [("csrf", csrf.as_str()), ("sealed", sealed)];
        fremd.post_raw(to, &fields).await.leads_to(OVERVIEW);
    }
    let mut guest = t.guest();
    password(&mut guest, "K-10001").await.leads_to(CODE);
    guest.fill(CODE, &[("code", &old[0])]).await.expect(422);
    guest
        .fill(CODE, &[("code", &new[0])])
        .await
        .leads_to("/konto");
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_6_a_recovery_code_that_was_used_is_told_by_mail() {
    let t = app().await;
    let codes = anna_with_app(&t).await;
    t.run_jobs().await;
    let told = |t: &TestApp| {
        let mails = t.mails.all().into_iter();
        let about = "einer der Wiederherstellungscodes verwendet";
        mails.filter(|mail| mail.text.contains(about)).count()
    };
    // a code of the app is nothing to write home about, and neither is a wrong one
    let mut guest = t.guest();
    password(&mut guest, "K-10001").await.leads_to(CODE);
    guest
        .fill(CODE, &[("code", "abcd-efgh-jkmn")])
        .await
        .expect(422);
    t.wait(Duration::from_secs(3600));
    let mut guest = t.guest();
    password(&mut guest, "K-10001").await.leads_to(CODE);
    let typed = code(&t, t.cast.anna).await;
    guest.fill(CODE, &[("code", &typed)]).await.expect(303);
    t.run_jobs().await;
    assert_eq!(told(&t), 0);
    // at the sign-in, and where it is asked for once more
    let mut guest = t.guest();
    password(&mut guest, "K-10001").await.leads_to(CODE);
    guest.fill(CODE, &[("code", &codes[0])]).await.expect(303);
    t.run_jobs().await;
    assert_eq!(told(&t), 1);
    t.wait(Duration::from_secs(3600));
    let confirm = "/anmelden/bestaetigen?weiter=%2Fkonto";
    let fill = [("password", PASSWORD), ("code", codes[1].as_str())];
    guest.fill(confirm, &fill).await.leads_to("/konto");
    t.run_jobs().await;
    assert_eq!(told(&t), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_twofa_skip() {
    let t = app().await;
    anna_with_app(&t).await;
    let mut half = t.guest();
    password(&mut half, "K-10001").await.leads_to(CODE);
    assert!(!half.cookies.contains_key("tresen"));
    for route in t.app.routes() {
        if matches!(
            route.access.stale(),
            web::Access::User | web::Access::Member(_)
        ) {
            let path = route
                .pattern
                .replace("{id}", "01234567-89ab-7def-8123-456789abcdef");
            let answer = match route.method {
                web::Method::Get => half.send("GET", &path, None).await,
                web::Method::Post => half.post_raw(&path, &[("csrf", "x")]).await,
            };
            assert_eq!(answer.status.as_u16(), 303, "{path}");
            assert!(answer.location().starts_with("/anmelden"), "{path}");
        }
    }
    half.get("/anmelden").await.leads_to(CODE);
    // without the password the step is nobody's
    let mut guest = t.guest();
    guest.get(CODE).await.leads_to("/anmelden");
    guest.cookies.insert("tresen-schritt".into(), "x".into());
    guest.get(CODE).await.leads_to("/anmelden");
    // as a session the token of the step is worth nothing
    let mut posing = t.guest();
    posing
        .cookies
        .insert("tresen".into(), half.cookies["tresen-schritt"].clone());
    posing
        .get("/konto")
        .await
        .leads_to("/anmelden?weiter=%2Fkonto");
    // and the step ends by itself
    t.wait(Duration::from_secs(601));
    half.get(CODE).await.leads_to("/anmelden");
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_totp_brute() {
    let t = app().await;
    anna_with_app(&t).await;
    let right = code(&t, t.cast.anna).await;
    let mut told = 0;
    for nth in 0..20u32 {
        let mut guest = t.guest();
        password(&mut guest, "K-10001").await.leads_to(CODE);
        let typed = (right.parse::<u32>().unwrap() + 1 + nth) % 1_000_000;
        let answer = guest.fill(CODE, &[("code", &format!("{typed:06}"))]).await;
        told += u32::from(answer.status.as_u16() == 422);
    }
    assert!(told <= 5, "{told}");
    let mut guest = t.guest();
    password(&mut guest, "K-10001").await.leads_to(CODE);
    let page = guest.fill(CODE, &[("code", &right)]).await.expect(429);
    assert!(page.headers.contains_key("retry-after"), "{}", page.text());
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_6_whoever_knows_the_password_cannot_use_up_the_owners_tries() {
    let t = app().await;
    anna_with_app(&t).await;
    let mut own = t.guest();
    password(&mut own, "K-10001").await.leads_to(CODE);
    let typed = code(&t, t.cast.anna).await;
    own.fill(CODE, &[("code", &typed)]).await.leads_to("/konto");
    own.press("/konto", "/abmelden").await.leads_to("/");
    for _ in 0..8 {
        let mut thief = t.guest();
        password(&mut thief, "K-10001").await.leads_to(CODE);
        thief.fill(CODE, &[("code", "123456")]).await;
    }
    t.wait(STEP);
    password(&mut own, "K-10001").await.leads_to(CODE);
    let typed = code(&t, t.cast.anna).await;
    own.fill(CODE, &[("code", &typed)]).await.leads_to("/konto");
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_6_without_the_app_the_password_is_enough_again() {
    let t = app().await;
    let codes = anna_with_app(&t).await;
    let mut anna = t.anna().await;
    let off = "/profil/zwei-faktor/app/aus";
    assert!(anna.get(off).await.expect(200).says("genügt Ihr Passwort"));
    let answer = anna.press(off, off).await.leads_to(OVERVIEW);
    assert!(anna.follow(answer).await.says("Die App ist entfernt."));
    anna.get(off).await.leads_to(OVERVIEW);
    let mut guest = t.guest();
    password(&mut guest, "K-10001").await.leads_to("/konto");
    // the codes went with it: another app begins with new ones
    let new = set_up(&t, &mut anna, t.cast.anna).await;
    assert!(new.iter().all(|code| !codes.contains(code)));
    let acts = t.acts(None).await;
    for act in ["user.totp_on", "user.totp_off", "user.recovery_codes_made"] {
        assert!(acts.iter().any(|a| a == act), "{act}: {acts:?}");
    }
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_3_3_second_factor_can_be_required() {
    let t = app().await;
    let anna = t.cast.anna;
    let ctx = t.ctx(Actor::Staff(t.cast.sven));
    let mut tx = t.db().begin().await.unwrap();
    factors::require(&mut tx, &ctx, anna, true).await.unwrap();
    tx.commit().await.unwrap();
    let mut guest = t.guest();
    password(&mut guest, "K-10001").await.expect(303);
    for path in ["/konto", "/konto/adressen", "/profil", "/profil/geraete"] {
        guest.get(path).await.leads_to(OVERVIEW);
    }
    // what everybody sees says nothing of her
    assert!(!guest.get("/").await.expect(200).says("Anna"));
    let page = guest.get(OVERVIEW).await.expect(200);
    assert!(page.says("vorgeschrieben"), "{}", page.text());
    set_up(&t, &mut guest, anna).await;
    guest.get("/konto").await.expect(200);
    // and it stays
    let off = "/profil/zwei-faktor/app/aus";
    assert!(guest.get(off).await.expect(200).says("vorgeschrieben"));
    let csrf = guest.get("/konto").await.form_to("/abmelden").fields[0]
        .1
        .clone();
    guest.post_raw(off, &[("csrf", &csrf)]).await.expect(409);
    assert!(guest.get(OVERVIEW).await.says("Eingeschaltet"));
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_4_3_a_stolen_secret_of_the_set_up_is_nobody_elses() {
    let t = app().await;
    let mut anna = t.anna().await;
    let mut fremd = t.fremd().await;
    let hers = anna.get(APP).await.form_with("code");
    let sealed = hers
        .fields
        .iter()
        .find(|(n, _)| n == "new")
        .unwrap()
        .1
        .clone();
    let ctx = t.ctx(Actor::User(t.cast.anna));
    let new = New::reopen(&ctx, t.cast.anna, &sealed).unwrap();
    let typed = new.code(t.world.now());
    let his = fremd.get(APP).await.form_with("code");
    let fill = [("new", sealed.as_str()), ("code", &typed)];
    let page = fremd.send_form(&his, &fill).await.expect(422);
    assert!(page.says("Das hat zu lange gedauert"), "{}", page.text());
    assert!(fremd.get(OVERVIEW).await.says("Nicht eingeschaltet"));
    t.wait(Duration::from_secs(1801));
    assert!(New::reopen(&t.ctx(Actor::System), t.cast.anna, &sealed).is_none());
}

/// Somebody at the desk asks, somebody confirms.
async fn act<T, F>(t: &TestApp, staff: kernel::StaffId, act: F) -> T
where
    F: AsyncFnOnce(&mut db::Tx, kernel::Ctx) -> T,
{
    let ctx = t.ctx(Actor::Staff(staff));
    let mut tx = t.db().begin().await.unwrap();
    let done = act(&mut tx, ctx).await;
    tx.commit().await.unwrap();
    done
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_support_social_engineering() {
    let t = app().await;
    let (anna, sven, ada) = (t.cast.anna, t.cast.sven, t.cast.ada);
    anna_with_app(&t).await;
    t.run_jobs().await;
    let ask =
        async |tx: &mut db::Tx, ctx| lost::request(tx, &t.app, &ctx, anna, sven).await.unwrap();
    act(&t, sven, ask).await.unwrap();
    assert_eq!(act(&t, sven, ask).await, Err(lost::Refused::Open));
    let mail = t.mail_to("anna@adler.example").await;
    assert!(mail.text.contains("/zwei-faktor/stoppen/"), "{}", mail.text);
    // alone nobody gets it done, however long it takes
    let alone = async |tx: &mut db::Tx, ctx| lost::confirm(tx, &ctx, anna, sven).await.unwrap();
    assert_eq!(act(&t, sven, alone).await, Err(lost::Refused::SamePerson));
    let both = async |tx: &mut db::Tx, ctx| lost::confirm(tx, &ctx, anna, ada).await.unwrap();
    act(&t, ada, both).await.unwrap();
    t.wait(lost::WAIT - Duration::from_secs(60));
    t.run_jobs().await;
    password(&mut t.guest(), "K-10001").await.leads_to(CODE);
    let mut signed_in = t.anna().await;
    t.wait(Duration::from_secs(60));
    t.run_jobs().await;
    let mail = t.mail_to("anna@adler.example").await;
    assert!(
        mail.text.contains("zweite Faktor abgeschaltet"),
        "{}",
        mail.text
    );
    signed_in.get("/konto").await.expect(303);
    password(&mut t.guest(), "K-10001").await.leads_to("/konto");
    let acts = t.acts(None).await;
    for act in ["requested", "confirmed"] {
        assert!(
            acts.iter().any(|a| *a == format!("factor_reset.{act}")),
            "{acts:?}"
        );
    }
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn abuse_support_social_engineering_a_late_second_person_leaves_time_to_stop_it() {
    let t = app().await;
    let (anna, sven, ada) = (t.cast.anna, t.cast.sven, t.cast.ada);
    anna_with_app(&t).await;
    t.run_jobs().await;
    let ask =
        async |tx: &mut db::Tx, ctx| lost::request(tx, &t.app, &ctx, anna, sven).await.unwrap();
    act(&t, sven, ask).await.unwrap();
    let stop = TestApp::link_in(&t.mail_to("anna@adler.example").await);
    // the three days pass, and nobody has confirmed it yet
    t.wait(lost::WAIT + Duration::from_secs(3600));
    t.run_jobs().await;
    let both = async |tx: &mut db::Tx, ctx| lost::confirm(tx, &ctx, anna, ada).await.unwrap();
    let mut owner = t.guest();
    owner.get(&stop).await.expect(200);
    owner.press(&stop, &stop).await.expect(200);
    assert_eq!(act(&t, ada, both).await, Err(lost::Refused::Nothing));
    password(&mut t.guest(), "K-10001").await.leads_to(CODE);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn v6_4_4_lost_factor_needs_equal_proof_and_the_owner_can_stop_it() {
    let t = app().await;
    let (anna, sven, ada) = (t.cast.anna, t.cast.sven, t.cast.ada);
    anna_with_app(&t).await;
    t.run_jobs().await;
    let ask =
        async |tx: &mut db::Tx, ctx| lost::request(tx, &t.app, &ctx, anna, sven).await.unwrap();
    act(&t, sven, ask).await.unwrap();
    let both = async |tx: &mut db::Tx, ctx| lost::confirm(tx, &ctx, anna, ada).await.unwrap();
    act(&t, ada, both).await.unwrap();
    let mail = t.mail_to("anna@adler.example").await;
    let stop = TestApp::link_in(&mail);
    let mut guest = t.guest();
    for _ in 0..2 {
        assert!(guest.get(&stop).await.expect(200).says("Aufhebung stoppen"));
    }
    let page = guest.press(&stop, &stop).await.expect(200);
    assert!(page.says("Gestoppt"), "{}", page.text());
    guest.get(&stop).await.expect(410);
    guest.get("/zwei-faktor/stoppen/x").await.expect(410);
    t.wait(lost::WAIT);
    t.run_jobs().await;
    password(&mut t.guest(), "K-10001").await.leads_to(CODE);
    // what nobody has confirmed is forgotten, and can be asked for anew
    act(&t, sven, ask).await.unwrap();
    t.wait(Duration::from_secs(15 * 24 * 3600));
    t.run_jobs().await;
    act(&t, sven, ask).await.unwrap();
    // who has no second factor has nothing to lose
    let fremd = t.cast.fremd;
    let none =
        async |tx: &mut db::Tx, ctx| lost::request(tx, &t.app, &ctx, fremd, sven).await.unwrap();
    assert_eq!(act(&t, sven, none).await, Err(lost::Refused::Nothing));
    t.run_jobs().await;
}
