//! What people try on accounts that are not theirs.

use crate::app;
use identity::{Target, links, reset};
use kernel::{Actor, Email};
use std::time::Duration;
use testkit::{Answer, Client, PASSWORD, TestApp};

const ANNA: &str = "anna@adler.example";
const EVIL: &str = "dieb@evil.example";
const NEW: &str = "Kohlrabi tanzt um Mitternacht";
const HOUR: Duration = Duration::from_secs(3600);

async fn link_to(t: &TestApp, email: &str) -> String {
    TestApp::link_in(&t.mail_to(email).await)
}

async fn press(client: &mut Client, link: &str) -> Answer {
    let form = client.get(link).await.expect(200).form_to(link);
    client.send_form(&form, &[]).await
}

async fn act_on(client: &mut Client, act: &str) -> Answer {
    let forms = client.get("/profil").await.forms().into_iter();
    let form = forms.rev().find(|form| form.action.ends_with(act));
    client.send_form(&form.expect(act), &[]).await
}

async fn add(client: &mut Client, email: &str) -> Answer {
    client
        .fill("/profil/adressen/neu", &[("email", email)])
        .await
}

async fn sign_in(t: &TestApp, login: &str, password: &str) -> Answer {
    t.guest()
        .fill("/anmelden", &[("login", login), ("password", password)])
        .await
}

/// All links that undo a change which went to the address and still do something.
async fn stops(t: &TestApp, email: &str) -> Vec<String> {
    t.run_jobs().await;
    let mut links = Vec::new();
    for letter in t.mails.all() {
        let link = || TestApp::link_in(&letter);
        if letter.to.as_str() == email && letter.text.contains("/adresse-stoppen/") {
            links.push(link());
        }
    }
    links
}

/// A thief with session and password has made the own address the only one.
async fn thief_takes_over(t: &TestApp) -> Client {
    t.wait(HOUR);
    let mut thief = t.anna().await;
    add(&mut thief, EVIL).await.leads_to("/profil");
    let proof = link_to(t, EVIL).await;
    press(&mut thief, &proof).await.leads_to("/profil");
    act_on(&mut thief, "/hauptadresse")
        .await
        .leads_to("/profil");
    t.run_jobs().await;
    let remove = thief.get("/profil").await.link("/profil/adressen/0");
    press(&mut thief, &remove).await.leads_to("/profil");
    thief
}

async fn thief_stops_all(t: &TestApp) {
    for stop in stops(t, EVIL).await {
        let mut thief = t.guest();
        if thief.get(&stop).await.status == 200 {
            press(&mut thief, &stop).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_change_the_thief_cannot_stop_the_stop() {
    let t = app().await;
    thief_takes_over(&t).await;
    let owner = stops(&t, ANNA).await;
    press(&mut t.guest(), &owner[0]).await.expect(303);
    sign_in(&t, EVIL, PASSWORD).await.expect(422);
    thief_stops_all(&t).await;
    sign_in(&t, EVIL, PASSWORD).await.expect(422);
    let page = t.anna().await.get("/profil").await;
    assert!(page.says(ANNA) && !page.says(EVIL), "{}", page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_change_an_owner_who_came_back_takes_the_thiefs_address_away_for_good() {
    let t = app().await;
    thief_takes_over(&t).await;
    t.wait(HOUR);
    // the link of the last mail alone: it brings the owner's address back
    let last = stops(&t, ANNA).await.pop().expect("a link");
    press(&mut t.guest(), &last).await.expect(303);
    let mut owner = t.anna().await;
    act_on(&mut owner, "/hauptadresse")
        .await
        .leads_to("/profil");
    let remove = owner.get("/profil").await.link("/profil/adressen/0");
    press(&mut owner, &remove).await.leads_to("/profil");
    assert!(!owner.get("/profil").await.says(EVIL));
    thief_stops_all(&t).await;
    sign_in(&t, EVIL, PASSWORD).await.expect(422);
    owner.get("/profil").await.expect(200);
    assert!(owner.get("/profil").await.says(ANNA));
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_change_that_waited_out_the_stop_is_told_again() {
    let t = app().await;
    let mut thief = t.anna().await;
    add(&mut thief, EVIL).await.leads_to("/profil");
    for way in ["again", "primary"] {
        t.run_jobs().await;
        t.wait(Duration::from_secs(73 * 3600));
        let mut thief = t.anna().await;
        let told = stops(&t, ANNA).await.len();
        if way == "again" {
            act_on(&mut thief, "/bestaetigen").await.leads_to("/profil");
        } else {
            let fill = [
                ("first_name", "Anna"),
                ("last_name", "Adler"),
                ("email", EVIL),
            ];
            thief.fill("/konto/bearbeiten", &fill).await.expect(303);
        }
        let stops = stops(&t, ANNA).await;
        assert_eq!(stops.len(), told + 1, "{way}");
        t.guest().get(stops.last().unwrap()).await.expect(200);
    }
    // and the log says what the proof has done
    let proof = link_to(&t, EVIL).await;
    press(&mut t.anna().await, &proof).await.leads_to("/profil");
    let acts = t.acts(None).await;
    let said = |act: &str| acts.iter().filter(|a| *a == act).count();
    assert_eq!(said("user.email_proof_sent"), 2, "{acts:?}");
    assert_eq!(said("user.email_made_primary"), 1, "{acts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn reset_beats_a_sign_in_with_the_old_password_that_is_under_way() {
    let t = app().await;
    let mut now = PASSWORD.to_owned();
    for round in 0..12 {
        let ctx = t.ctx(Actor::System);
        let target = Target {
            user: Some(t.cast.anna),
            email: Some(Email::parse(ANNA).unwrap()),
            ..Target::default()
        };
        let mut tx = t.db().begin().await.unwrap();
        let token = links::issue(&mut tx, &ctx, reset::LINK, target, reset::GOOD_FOR)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let link = reset::portal::NEW.to(token.expose());
        let new = format!("{NEW} {round}");
        let (mut owner, mut thieves) = (t.guest(), Vec::new());
        let choose = owner.get(&link).await.form_to(&link);
        let mut forms = Vec::new();
        for _ in 0..8 {
            let mut thief = t.guest();
            let form = thief.get("/anmelden").await.form_with("password");
            forms.push((thief, form));
        }
        for (mut thief, form) in forms {
            let typed = now.clone();
            thieves.push(tokio::spawn(async move {
                let typed = [("login", ANNA), ("password", typed.as_str())];
                thief.send_form(&form, &typed).await;
                thief
            }));
        }
        let chosen = [("new_password", &*new), ("new_password_repeat", &*new)];
        owner
            .send_form(&choose, &chosen)
            .await
            .leads_to("/anmelden");
        let mut done = Vec::new();
        for thief in thieves {
            done.push(thief.await.unwrap());
        }
        for mut thief in done {
            assert_eq!(thief.get("/konto").await.status, 303, "round {round}");
        }
        now = new;
        t.wait(2 * HOUR);
    }
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lockout_a_stranger_does_not_use_up_the_mails_to_a_new_password() {
    let t = app().await;
    let fill = [
        ("first_name", "Anna"),
        ("last_name", "Adler"),
        ("email", ANNA),
        ("consent", "on"),
    ];
    for _ in 0..5 {
        t.guest().fill("/registrieren", &fill).await.expect(303);
    }
    t.run_jobs().await;
    t.guest()
        .fill("/passwort", &[("login", ANNA)])
        .await
        .expect(303);
    let letter = t.mail_to(ANNA).await;
    assert!(letter.text.contains("/passwort/neu/"), "{}", letter.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guess_at_the_present_password_is_in_the_log() {
    let t = app().await;
    let mut thief = t.anna().await;
    let fill = [
        ("current_password", "geraten"),
        ("new_password", NEW),
        ("new_password_repeat", NEW),
    ];
    thief.fill("/profil/passwort", &fill).await.expect(422);
    let acts = t.acts(None).await;
    assert!(
        acts.iter().any(|act| act == "user.password_refused"),
        "{acts:?}"
    );
}

/// Stands for a handler that hashes for a while before it writes; meanwhile every session of its user or staff ends.
async fn slow(cx: web::Guest) -> web::Result {
    let mut tx = cx.app.db().begin().await?;
    match cx.ctx.actor {
        Actor::User(user) => identity::sessions::end_all(&mut tx, user).await?,
        Actor::Staff(staff) => identity::staff::end_all(&mut tx, staff).await?,
        _ => return Err(web::Error::SignIn),
    }
    tx.commit().await?;
    let tx = cx.begin().await?;
    cx.done(tx, "/written", "").await
}

#[tokio::test(flavor = "multi_thread")]
async fn session_that_ends_while_its_form_is_worked_on_writes_nothing() {
    const OWN: web::Path = web::Path::new("/langsam");
    const DESK: web::Path = web::Path::new("/desk/langsam");
    let slow = web::Module::new("langsam")
        .post(OWN, web::Access::user(), slow)
        .post(DESK, web::Access::any_staff(), slow);
    let t = TestApp::new(vec![slow]).await;
    let (mut anna, mut ada) = (t.anna().await, t.ada().await);
    for (client, out, path, to) in [
        (&mut anna, "/abmelden", "/langsam", "/anmelden"),
        (
            &mut ada,
            "/desk/abmelden",
            "/desk/langsam",
            "/desk/anmelden",
        ),
    ] {
        let home = if path.starts_with("/desk") {
            "/desk/kunden"
        } else {
            "/konto"
        };
        let form = client.get(home).await.expect(200).form_to(out);
        let csrf = form.fields.iter().find(|(name, _)| name == "csrf");
        let fields = [("csrf", csrf.unwrap().1.as_str())];
        client.post_raw(path, &fields).await.leads_to(to);
    }
}
