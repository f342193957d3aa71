use crate::browser::{Browser, Desk};
use axum::http::StatusCode;
use identity::staff::{self, Seed};
use identity::{Hasher, INVITATION, Role};
use kernel::{Ctx, Email, Secret, StaffId};
use std::time::Duration;

const PASSWORD: &str = "Kohlrabi tanzt um Mitternacht";
const ADDRESS: &str = "ilse.brandt@nordlicht.example";
const SIGN_IN: &str = "/desk/anmelden";
const CODE: &str = "/desk/anmelden/code";
const SECRET: &[u8] = b"12345678901234567890";

async fn ilse(desk: &Desk) -> StaffId {
    let hash = Hasher::for_tests()
        .hash(&Secret::new(PASSWORD))
        .await
        .expect("a hash");
    let email = Email::parse(ADDRESS).expect("an address");
    let seed = Seed {
        email: &email,
        name: "Ilse Brandt",
        role: Role::Support,
        password_hash: &hash,
        totp_secret: SECRET,
    };
    let mut tx = desk.db.begin().await.expect("a transaction");
    let staff = staff::seed(&mut tx, &Ctx::system(&desk.world), seed)
        .await
        .expect("staff");
    tx.commit().await.expect("a commit");
    staff
}

async fn code(desk: &Desk, staff: StaffId) -> String {
    let mut tx = desk.db.read().await.expect("a transaction");
    staff::current_code(&mut tx, &desk.world, staff, desk.world.now())
        .await
        .expect("an answer")
        .expect("a second factor")
}

async fn password(browser: &mut Browser, password: &str) -> crate::browser::Answer {
    browser
        .fill(SIGN_IN, &[("email", ADDRESS), ("password", password)])
        .await
}

async fn acts(desk: &Desk) -> Vec<String> {
    let mut tx = desk.db.read().await.expect("a transaction");
    let lines = db::audit::list(&mut tx, &Default::default(), Default::default(), 100)
        .await
        .expect("lines");
    // the clock stands still, so the lines have no order among themselves
    let mut acts: Vec<String> = lines.into_iter().map(|line| line.act).collect();
    acts.sort();
    acts
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_1_a_new_colleague_sets_password_and_second_factor() {
    let desk = Desk::new().await;
    let mut tx = desk.db.begin().await.unwrap();
    let email = Email::parse(ADDRESS).unwrap();
    let ctx = Ctx::system(&desk.world);
    let token = staff::add(&mut tx, &ctx, &email, "Ilse Brandt", Role::Support)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let link = INVITATION.to(token.expose());
    let mut browser = desk.browser();
    for _ in 0..2 {
        let page = browser.get(&link).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.html.contains("Passwort wiederholen") && page.html.contains("Ilse Brandt"));
    }
    for (first, second, says) in [
        ("kurz", "kurz", "mindestens 12 Zeichen"),
        ("ilsebrandt12345", "ilsebrandt12345", "leicht zu erraten"),
        (PASSWORD, "anders", "stimmen nicht überein"),
        ("", "", "füllen Sie dieses Feld aus"),
    ] {
        let page = browser
            .fill(&link, &[("password", first), ("password_repeat", second)])
            .await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.html.contains(says), "{says}");
    }
    let on = browser
        .fill(
            &link,
            &[("password", PASSWORD), ("password_repeat", PASSWORD)],
        )
        .await;
    assert_eq!(
        (on.status, on.location.as_str()),
        (StatusCode::SEE_OTHER, CODE)
    );
    let on = browser.get(CODE).await;
    assert_eq!(on.location, "/desk/anmelden/einrichten");
    let page = browser.get(&on.location).await;
    assert!(page.html.contains("svg+xml;base64,"));
    let shown = page
        .html
        .split_once("class=\"code\">")
        .unwrap()
        .1
        .split_once('<')
        .unwrap()
        .0;
    assert_eq!(shown.len(), 39);

    let wrong = browser.fill(&on.location, &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.html.contains(shown), "the same secret is shown again");
    let mut tx = desk.db.read().await.unwrap();
    let half = browser.cookies["tresen-desk"].clone();
    let half = staff::half(&mut tx, &Ctx::system(&desk.world), &half)
        .await
        .unwrap()
        .unwrap();
    drop(tx);
    assert!(half.is_first());
    let secret = base32(shown);
    let typed = totp(&secret, desk.world.now().micros() / 1_000_000);
    let on = browser
        .fill("/desk/anmelden/einrichten", &[("code", &typed)])
        .await;
    assert_eq!(
        (on.status, on.location.as_str()),
        (StatusCode::SEE_OTHER, "/desk")
    );
    assert_eq!(
        browser.get("/desk").await.location,
        format!("/seen/{}", half.staff)
    );

    // the link is used up, and opening it says so
    let page = browser.get(&link).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert!(page.html.contains("schon benutzt"));
    let page = browser.get(&INVITATION.to("gar-keiner")).await;
    assert_eq!(page.status, StatusCode::GONE);
    assert_eq!(
        acts(&desk).await,
        [
            "staff.added",
            "staff.code_failed",
            "staff.password_set",
            "staff.second_factor_set_up",
            "staff.signed_in"
        ]
    );
}

fn base32(text: &str) -> Vec<u8> {
    totp_rs::Secret::try_from_base32(text.replace(' ', ""))
        .expect("letters of base 32")
        .as_bytes()
        .to_vec()
}

fn totp(secret: &[u8], seconds: i64) -> String {
    let secret = totp_rs::Secret::from(secret);
    let totp = totp_rs::Builder::new()
        .with_secret(secret)
        .build()
        .expect("a secret of 20 bytes");
    totp.generate(seconds as u64).to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_1_sign_in_needs_password_and_code_and_ends_with_sign_out() {
    let desk = Desk::new().await;
    let staff = ilse(&desk).await;
    let mut browser = desk.browser();
    let sent = browser.get("/desk").await;
    assert_eq!(sent.location, "/desk/anmelden?weiter=%2Fdesk");
    let page = browser.get(&sent.location).await;
    for word in ["Anmelden", "E-Mail-Adresse", "Passwort"] {
        assert!(page.html.contains(word), "{word}");
    }
    let on = browser
        .fill(
            &sent.location,
            &[("email", ADDRESS), ("password", PASSWORD)],
        )
        .await;
    assert_eq!(on.location, "/desk/anmelden/code?weiter=%2Fdesk");
    let half = browser.cookies["tresen-desk"].clone();
    let page = browser.get(&on.location).await;
    assert!(page.html.contains("Ilse Brandt"));
    let on = browser
        .fill(&on.location, &[("code", &code(&desk, staff).await)])
        .await;
    assert_eq!(
        (on.status, on.location.as_str()),
        (StatusCode::SEE_OTHER, "/desk")
    );
    assert_ne!(
        browser.cookies["tresen-desk"], half,
        "a new token after the code"
    );
    assert_eq!(
        browser.get("/desk").await.location,
        format!("/seen/{staff}")
    );
    assert_eq!(browser.get(SIGN_IN).await.location, "/desk");

    let mut thief = desk.browser();
    thief.cookies.insert("tresen-desk".to_owned(), half);
    assert!(
        thief.get("/desk").await.location.starts_with(SIGN_IN),
        "the old token is worth nothing"
    );

    let mut tx = desk.db.read().await.unwrap();
    let all = staff::list(&mut tx).await.unwrap();
    drop(tx);
    assert_eq!(
        (all.len(), all[0].name.as_str(), all[0].last_seen),
        (1, "Ilse Brandt", Some(desk.world.now()))
    );

    let full = browser.cookies["tresen-desk"].clone();
    let page = browser.get("/desk/nirgends").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    let out = browser.send_form("/desk/abmelden", &page.html, &[]).await;
    assert_eq!(
        (out.status, out.location.as_str()),
        (StatusCode::SEE_OTHER, SIGN_IN)
    );
    browser.cookies.insert("tresen-desk".to_owned(), full);
    assert!(browser.get("/desk").await.location.starts_with(SIGN_IN));
    assert_eq!(
        acts(&desk).await,
        ["staff.added", "staff.signed_in", "staff.signed_out"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn twofa_skip_after_the_password_every_other_page_leads_back() {
    let desk = Desk::new().await;
    ilse(&desk).await;
    let mut browser = desk.browser();
    assert_eq!(password(&mut browser, PASSWORD).await.location, CODE);
    for place in ["/desk", "/desk/anmelden/einrichten"] {
        let answer = browser.get(place).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert!(
            answer.location.starts_with(SIGN_IN),
            "{place}: {}",
            answer.location
        );
    }
    let page = browser.get(CODE).await;
    let out = browser.send_form("/desk/abmelden", &page.html, &[]).await;
    assert_eq!(out.location, SIGN_IN);
    desk.world.advance(staff::HALF);
    assert_eq!(
        browser.get(CODE).await.location,
        SIGN_IN,
        "the code is waited for a quarter of an hour"
    );
    assert_eq!(desk.browser().get(CODE).await.location, SIGN_IN);
}

#[tokio::test(flavor = "multi_thread")]
async fn totp_twice_a_code_is_good_once() {
    let desk = Desk::new().await;
    let staff = ilse(&desk).await;
    let (mut first, mut second) = (desk.browser(), desk.browser());
    password(&mut first, PASSWORD).await;
    password(&mut second, PASSWORD).await;
    let typed = code(&desk, staff).await;
    assert_eq!(
        first.fill(CODE, &[("code", &typed)]).await.location,
        "/desk"
    );
    let again = second.fill(CODE, &[("code", &typed)]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.html.contains("schon verwendet"));
    desk.world.advance(Duration::from_secs(30));
    let typed = code(&desk, staff).await;
    assert_eq!(
        second.fill(CODE, &[("code", &typed)]).await.location,
        "/desk"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn totp_brute_the_delay_does_not_end_with_a_new_session() {
    let desk = Desk::new().await;
    let staff = ilse(&desk).await;
    let mut browser = desk.browser();
    password(&mut browser, PASSWORD).await;
    for _ in 0..5 {
        let wrong = browser.fill(CODE, &[("code", "000000")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let mut other = desk.browser();
    assert_eq!(password(&mut other, PASSWORD).await.location, CODE);
    let right = code(&desk, staff).await;
    let waits = other.fill(CODE, &[("code", &right)]).await;
    assert_eq!(waits.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(waits.html.contains("warten Sie"));
    desk.world.advance(Duration::from_secs(2));
    let right = code(&desk, staff).await;
    assert_eq!(
        other.fill(CODE, &[("code", &right)]).await.location,
        "/desk"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn lockout_a_stranger_elsewhere_keeps_nobody_from_the_desk() {
    let desk = Desk::new().await;
    ilse(&desk).await;
    let email = Email::parse(ADDRESS).unwrap();
    let fails = async |network: String| {
        let info = web::Info {
            network,
            ..web::Info::unsent("Test")
        };
        let ctx = Ctx::new(&desk.world, kernel::Actor::Guest, kernel::Locale::De);
        let mut tx = desk.db.begin().await.unwrap();
        let step = staff::sign_in(&mut tx, &ctx, &email, None, &info).await;
        tx.commit().await.unwrap();
        matches!(step.unwrap(), staff::Step::Wrong)
    };
    for nth in 0..8 {
        assert_eq!(fails("192.0.2.0/24".into()).await, nth < 5, "{nth}");
    }
    assert_eq!(password(&mut desk.browser(), PASSWORD).await.location, CODE);
    // from everywhere together there are not endlessly many
    let mut answered = 0;
    for nth in 0..200 {
        answered += i32::from(fails(format!("198.51.{nth}.0/24")).await);
    }
    assert!(answered <= 100, "{answered}");
}

#[tokio::test(flavor = "multi_thread")]
async fn enumerate_login_one_neutral_message_and_growing_delays() {
    let desk = Desk::new().await;
    ilse(&desk).await;
    let mut browser = desk.browser();
    let mut answers = Vec::new();
    for address in [ADDRESS, "niemand@nordlicht.example"] {
        for _ in 0..6 {
            let answer = browser
                .fill(SIGN_IN, &[("email", address), ("password", "falsch")])
                .await;
            let says = answer
                .html
                .contains("E-Mail-Adresse oder Passwort stimmen nicht");
            answers.push((answer.status.as_u16(), says));
        }
    }
    let each = [
        (422, true),
        (422, true),
        (422, true),
        (422, true),
        (422, true),
        (429, false),
    ];
    assert_eq!(answers, [each, each].concat());
    // not even the right password is looked at while the delay lasts
    assert_eq!(
        password(&mut browser, PASSWORD).await.status,
        StatusCode::TOO_MANY_REQUESTS
    );
    desk.world.advance(Duration::from_secs(2));
    assert_eq!(password(&mut browser, PASSWORD).await.location, CODE);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_1_a_session_ends_an_hour_after_its_last_use_and_after_twelve() {
    let desk = Desk::new().await;
    let staff = ilse(&desk).await;
    let mut browser = desk.browser();
    password(&mut browser, PASSWORD).await;
    browser
        .fill(CODE, &[("code", &code(&desk, staff).await)])
        .await;
    let hash = web::token_hash(&browser.cookies["tresen-desk"]);
    let start = desk.world.now();
    let mut tx = desk.db.begin().await.unwrap();
    let minute = Duration::from_secs(60);
    let found = identity::staff_session(&mut tx, hash, start)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.role, "role-support");
    assert!(
        found.rights.has(identity::rights::MESSAGES_ANSWER)
            && !found.rights.has(identity::rights::SETTINGS)
    );
    assert!(
        identity::staff_session(&mut tx, hash, start + minute * 59)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        identity::staff_session(&mut tx, hash, start + minute * 60)
            .await
            .unwrap()
            .is_none()
    );
    for n in 1..13 {
        staff::touch(&mut tx, found.session, start + minute * 58 * n)
            .await
            .unwrap();
    }
    staff::touch(&mut tx, found.session, start + minute * 719)
        .await
        .unwrap();
    assert!(
        identity::staff_session(&mut tx, hash, start + minute * 719)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        identity::staff_session(&mut tx, hash, start + minute * 720)
            .await
            .unwrap()
            .is_none()
    );
    identity::sweep(&mut tx, start + minute * 720)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_1_a_reset_takes_everything_away_and_gives_a_new_link() {
    let desk = Desk::new().await;
    let staff = ilse(&desk).await;
    let mut browser = desk.browser();
    password(&mut browser, PASSWORD).await;
    browser
        .fill(CODE, &[("code", &code(&desk, staff).await)])
        .await;
    let mut tx = desk.db.begin().await.unwrap();
    let ctx = Ctx::system(&desk.world);
    let first = staff::reset(&mut tx, &ctx, staff).await.unwrap();
    let second = staff::reset(&mut tx, &ctx, staff).await.unwrap();
    tx.commit().await.unwrap();
    assert!(browser.get("/desk").await.location.starts_with(SIGN_IN));
    assert_eq!(
        password(&mut browser, PASSWORD).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        browser.get(&INVITATION.to(first.expose())).await.status,
        StatusCode::GONE
    );
    let link = INVITATION.to(second.expose());
    desk.world.advance(staff::LINK);
    assert!(browser.get(&link).await.html.contains("begrenzte Zeit"));
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_1_a_recovery_code_stands_in_for_the_phone_once() {
    use identity::factors::recovery::{self, Set};
    let desk = Desk::new().await;
    let staff = ilse(&desk).await;
    let set = Set::draw(&desk.world, &Hasher::for_tests()).await.unwrap();
    let mut tx = desk.db.begin().await.unwrap();
    let ctx = Ctx::system(&desk.world);
    recovery::replace(&mut tx, &ctx, staff.0, &set)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let mut browser = desk.browser();
    password(&mut browser, PASSWORD).await;
    assert!(
        browser
            .get(CODE)
            .await
            .html
            .contains("Wiederherstellungscodes")
    );
    let on = browser.fill(CODE, &[("code", &set.codes[2])]).await;
    assert_eq!(
        (on.status, on.location.as_str()),
        (StatusCode::SEE_OTHER, "/desk")
    );
    let mut browser = desk.browser();
    password(&mut browser, PASSWORD).await;
    let again = browser.fill(CODE, &[("code", &set.codes[2])]).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        acts(&desk)
            .await
            .contains(&"staff.recovery_code_used".to_owned())
    );
    // a reset takes the codes away, too
    let mut tx = desk.db.begin().await.unwrap();
    staff::reset(&mut tx, &ctx, staff).await.unwrap();
    assert_eq!(recovery::left(&mut tx, staff.0).await.unwrap(), 0);
}
