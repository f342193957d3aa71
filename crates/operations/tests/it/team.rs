//! "Mitarbeiter" and "Mein Zugang": the provider's people as they manage each other and themselves.

use crate::app;
use identity::staff::{self, Role};
use kernel::{Actor, Ctx, Locale, StaffId};
use std::time::Duration;
use testkit::{Answer, Client, PASSWORD, TestApp};

const NEW_PASSWORD: &str = "Sieben Kraniche über Husum";

async fn row(t: &TestApp, staff: StaffId) -> staff::StaffRow {
    let mut tx = t.db().read().await.unwrap();
    staff::by_id(&mut tx, staff).await.unwrap().unwrap()
}

fn page(staff: StaffId) -> String {
    format!("/desk/mitarbeiter/{staff}")
}

/// Presses a button on somebody's page.
async fn press(client: &mut Client, staff: StaffId, what: &str) -> Answer {
    let page = page(staff);
    client.press(&page, &format!("{page}/{what}")).await
}

/// A second administrator, who can sign in.
async fn second_admin(t: &TestApp) -> StaffId {
    let mut tx = t.db().begin().await.unwrap();
    let email = TestApp::email("zoe@nordlicht.example");
    let seed = staff::Seed {
        email: &email,
        name: "Zoe Zweit",
        role: Role::Admin,
        password_hash: "x",
        totp_secret: b"a-secret-of-20-bytes",
    };
    let id = staff::seed(&mut tx, &Ctx::system(&t.world), seed)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_9_staff_is_listed_with_role_last_use_and_second_factor() {
    let t = app().await;
    let mut ada = t.ada().await;
    let list = ada.get("/desk/mitarbeiter").await.expect(200);
    for word in [
        "Mitarbeiter",
        "Ada Admin",
        "Sven Support",
        "berta@nordlicht.example",
        "Buchhaltung",
        "Aktiv",
        "Eingerichtet",
        "Noch nie",
    ] {
        assert!(list.says(word), "{word}");
    }
    for number in 0..30 {
        let mut tx = t.db().begin().await.unwrap();
        let email = TestApp::email(&format!("viele-{number}@nordlicht.example"));
        staff::add(
            &mut tx,
            &Ctx::system(&t.world),
            &email,
            "Viele Namen",
            Role::Sales,
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
    }
    let (mut seen, mut next) = (Vec::new(), Some("/desk/mitarbeiter".to_owned()));
    while let Some(path) = next {
        let page = ada.get(&path).await.expect(200);
        assert!(page.says("Eingeladen"));
        seen.extend(
            page.links("/desk/mitarbeiter/")
                .into_iter()
                .filter(|link| !link.ends_with("/neu")),
        );
        next = page
            .links("/desk/mitarbeiter?")
            .into_iter()
            .find(|link| link.contains("nach="));
    }
    assert_eq!(seen.len(), 33);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 33);
    for mut client in [t.sven().await, t.berta().await] {
        client.get("/desk/mitarbeiter").await.expect(403);
        client.get(&page(t.cast.ada)).await.expect(403);
        client
            .post_raw(&page(t.cast.ada), &[("role", "support")])
            .await
            .expect(403);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_9_a_colleague_is_invited_by_mail_and_sets_password_and_factor() {
    let t = app().await;
    let mut ada = t.ada().await;
    let fill = [
        ("name", "Ilse Brandt"),
        ("email", "Ilse@Nordlicht.example"),
        ("role", "accounting"),
    ];
    let bad = ada
        .fill(
            "/desk/mitarbeiter/neu",
            &[("name", ""), ("email", "x"), ("role", "chef")],
        )
        .await
        .expect(422);
    assert_eq!(bad.html.matches("class=\"error\"").count(), 3);
    let sent = ada.fill("/desk/mitarbeiter/neu", &fill).await.expect(303);
    let place = sent.location().to_owned();
    let shown = ada.follow(sent).await;
    assert!(
        shown.says("Ilse Brandt")
            && shown.says("Eingeladen")
            && shown.says("Die Einladung ist unterwegs.")
    );
    let taken = ada.fill("/desk/mitarbeiter/neu", &fill).await.expect(422);
    assert!(taken.says("Mit dieser Adresse arbeitet schon jemand am Desk."));
    let first = t.mail_to("ilse@nordlicht.example").await;
    assert_eq!(first.subject, "Ihr Zugang zum Desk");
    // a new link ends the one before
    ada.press(&place, &format!("{place}/einladen"))
        .await
        .expect(303);
    let second = t.mail_to("ilse@nordlicht.example").await;
    let mut ilse = t.guest();
    ilse.get(&TestApp::link_in(&first)).await.expect(410);
    let link = TestApp::link_in(&second);
    ilse.fill(
        &link,
        &[
            ("password", NEW_PASSWORD),
            ("password_repeat", NEW_PASSWORD),
        ],
    )
    .await
    .leads_to("/desk/anmelden/code");
    ilse.get(&link).await.expect(410);
    let shown = ada.get(&place).await.expect(200);
    assert!(shown.says("Aktiv") && shown.says("Fehlt"));
    // who has joined is not invited again
    assert!(
        shown
            .forms()
            .iter()
            .all(|form| !form.action.ends_with("/einladen"))
    );
    let acts = t.acts(None).await;
    for act in ["staff.added", "staff.invited_again", "staff.password_set"] {
        assert!(acts.contains(&act.to_owned()), "{act}");
    }
    // and the link is good for a day
    let mut late = t.guest();
    ada.fill(
        "/desk/mitarbeiter/neu",
        &[
            ("name", "Otto Spät"),
            ("email", "otto@nordlicht.example"),
            ("role", "sales"),
        ],
    )
    .await
    .expect(303);
    let link = TestApp::link_in(&t.mail_to("otto@nordlicht.example").await);
    t.wait(Duration::from_secs(24 * 3600 + 1));
    late.get(&link).await.expect(410);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_9_a_role_is_changed_and_holds_at_once() {
    let t = app().await;
    let (mut ada, mut sven) = (t.ada().await, t.sven().await);
    sven.get("/desk/mitarbeiter").await.expect(403);
    ada.fill(&page(t.cast.sven), &[("role", "admin")])
        .await
        .leads_to(&page(t.cast.sven));
    sven.get("/desk/mitarbeiter").await.expect(200);
    ada.fill(&page(t.cast.sven), &[("role", "editing")])
        .await
        .expect(303);
    sven.get("/desk/mitarbeiter").await.expect(403);
    let acts = t.acts(None).await;
    assert_eq!(
        acts.iter()
            .filter(|act| *act == "staff.role_changed")
            .count(),
        2
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_9_nobody_changes_what_they_hold_themselves() {
    let t = app().await;
    let mut ada = t.ada().await;
    let own = page(t.cast.ada);
    let shown = ada.get(&own).await.expect(200);
    assert!(
        shown.says("kann nur jemand anderes ändern")
            && shown
                .forms()
                .iter()
                .all(|form| !form.action.starts_with(&own))
    );
    let token = shown.form_to("/desk/abmelden").fields[0].1.clone();
    let refused = ada
        .post_raw(&own, &[("csrf", &token), ("role", "support")])
        .await
        .expect(422);
    assert!(refused.says("Ihre eigene Rolle kann nur jemand anderes ändern."));
    for what in ["sperren", "zugang", "abmelden"] {
        let sent = ada
            .post_raw(&format!("{own}/{what}"), &[("csrf", &token)])
            .await
            .leads_to(&own);
        assert!(
            ada.follow(sent)
                .await
                .says("Ihren eigenen Zugang kann nur jemand anderes ändern.")
        );
    }
    assert!(row(&t, t.cast.ada).await.active);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_9_the_last_administrator_stays() {
    let t = app().await;
    let zoe = second_admin(&t).await;
    // Zoe acts on Ada while Ada acts on Zoe: one of them stays
    let (mut ada, mut at_zoe) = (t.ada().await, t.ada().await);
    let mut tx = t.db().begin().await.unwrap();
    let token = staff::open_session(
        &mut tx,
        &t.ctx(Actor::Staff(zoe)),
        zoe,
        &web::Info::unsent("Test"),
        true,
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
    at_zoe
        .cookies
        .insert("tresen-desk".into(), token.expose().into());
    let form = at_zoe
        .get(&page(t.cast.ada))
        .await
        .expect(200)
        .form_with("role");
    press(&mut ada, zoe, "sperren").await.expect(303);
    at_zoe
        .send_form(&form, &[("role", "support")])
        .await
        .expect(303);
    assert!(row(&t, t.cast.ada).await.role == Role::Admin && !row(&t, zoe).await.active);
    // an administrator who never set up the second factor does not count
    press(&mut ada, zoe, "freigeben").await.expect(303);
    assert!(row(&t, zoe).await.active);
    press(&mut ada, zoe, "zugang").await.expect(303);
    let mut tx = t.db().begin().await.unwrap();
    let ctx = t.ctx(Actor::Staff(zoe));
    let refused = staff::team::change_role(&mut tx, &ctx, zoe, t.cast.ada, Role::Support).await;
    assert!(
        matches!(refused, Err(staff::team::Refused::Last)),
        "{refused:?}"
    );
    let refused = staff::team::deactivate(&mut tx, &ctx, zoe, t.cast.ada).await;
    assert!(
        matches!(refused, Err(staff::team::Refused::Last)),
        "{refused:?}"
    );
    drop(tx);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_9_nobody_grants_more_than_they_hold() {
    let t = app().await;
    let mut tx = t.db().begin().await.unwrap();
    let ctx = Ctx {
        locale: Locale::De,
        ..t.ctx(Actor::Staff(t.cast.sven))
    };
    for (of, to) in [(t.cast.berta, Role::Support), (t.cast.ada, Role::Support)] {
        let refused = staff::team::change_role(&mut tx, &ctx, t.cast.sven, of, to).await;
        assert!(
            matches!(refused, Err(staff::team::Refused::More)),
            "{refused:?}"
        );
    }
    drop(tx);
    let mut ada = t.ada().await;
    ada.fill(&page(t.cast.berta), &[("role", "support")])
        .await
        .expect(303);
    let mut tx = t.db().begin().await.unwrap();
    let refused =
        staff::team::change_role(&mut tx, &ctx, t.cast.sven, t.cast.berta, Role::Admin).await;
    assert!(
        matches!(refused, Err(staff::team::Refused::More)),
        "{refused:?}"
    );
    let refused = staff::team::deactivate(&mut tx, &ctx, t.cast.sven, t.cast.ada).await;
    assert!(
        matches!(refused, Err(staff::team::Refused::More)),
        "{refused:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_9_who_is_locked_is_out_at_once_and_comes_back_as_before() {
    let t = app().await;
    let (mut ada, mut sven) = (t.ada().await, t.sven().await);
    sven.get("/desk").await.expect(200);
    press(&mut ada, t.cast.sven, "sperren")
        .await
        .leads_to(&page(t.cast.sven));
    assert!(
        sven.get("/desk")
            .await
            .expect(303)
            .location()
            .starts_with("/desk/anmelden")
    );
    assert!(ada.get(&page(t.cast.sven)).await.says("Gesperrt"));
    let sign_in = async || {
        t.guest()
            .fill(
                "/desk/anmelden",
                &[("email", "sven@nordlicht.example"), ("password", PASSWORD)],
            )
            .await
    };
    sign_in().await.expect(422);
    press(&mut ada, t.cast.sven, "freigeben").await.expect(303);
    sign_in().await.leads_to("/desk/anmelden/code");
    let acts = t.acts(None).await;
    assert!(
        acts.contains(&"staff.deactivated".to_owned())
            && acts.contains(&"staff.activated".to_owned())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_9_a_lost_factor_is_reset_by_a_mailed_link() {
    let t = app().await;
    let (mut ada, mut sven) = (t.ada().await, t.sven().await);
    press(&mut ada, t.cast.sven, "zugang").await.expect(303);
    assert!(
        sven.get("/desk")
            .await
            .expect(303)
            .location()
            .starts_with("/desk/anmelden")
    );
    let mail = t.mail_to("sven@nordlicht.example").await;
    assert_eq!(mail.subject, "Ihr Zugang zum Desk wurde zurückgesetzt");
    assert!(ada.get(&page(t.cast.sven)).await.says("Eingeladen"));
    let mut sven = t.guest();
    sven.fill(
        &TestApp::link_in(&mail),
        &[
            ("password", NEW_PASSWORD),
            ("password_repeat", NEW_PASSWORD),
        ],
    )
    .await
    .leads_to("/desk/anmelden/code");
    sven.get("/desk/anmelden/code")
        .await
        .leads_to("/desk/anmelden/einrichten");
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_9_sessions_of_a_colleague_are_seen_and_ended() {
    let t = app().await;
    let mut ada = t.ada().await;
    let mut svens = [t.sven().await, t.sven().await, t.sven().await];
    let shown = ada.get(&page(t.cast.sven)).await.expect(200);
    let ends: Vec<String> = shown
        .html
        .split("name=\"sitzung\" value=\"")
        .skip(1)
        .filter_map(|rest| Some(rest.split('"').next()?.to_owned()))
        .collect();
    assert_eq!(ends.len(), 3);
    let form = shown.form_to(&format!("{}/abmelden", page(t.cast.sven)));
    ada.send_form(&form, &[("sitzung", &ends[0])])
        .await
        .expect(303);
    let mut signed_in = 0;
    for sven in &mut svens {
        signed_in += usize::from(
            !sven
                .get("/desk")
                .await
                .location()
                .starts_with("/desk/anmelden"),
        );
    }
    assert_eq!(signed_in, 2);
    // a session of somebody else is not ended by this address
    let berta = format!("{}/abmelden", page(t.cast.berta));
    let token = form
        .fields
        .iter()
        .find(|(name, _)| name == "csrf")
        .unwrap()
        .1
        .clone();
    ada.post_raw(&berta, &[("csrf", &token), ("sitzung", &ends[1])])
        .await
        .expect(303);
    ada.post_raw(&berta, &[("csrf", &token), ("sitzung", "quatsch")])
        .await
        .expect(404);
    ada.post_raw(
        &format!("{}/abmelden", page(t.cast.sven)),
        &[("csrf", &token)],
    )
    .await
    .expect(303);
    for sven in &mut svens {
        assert!(
            sven.get("/desk")
                .await
                .location()
                .starts_with("/desk/anmelden")
        );
    }
    assert!(
        ada.get(&page(t.cast.sven))
            .await
            .says("Zurzeit nicht angemeldet.")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_9_ones_own_password_is_changed_and_ends_the_other_sessions() {
    let t = app().await;
    let (mut sven, mut other) = (t.sven().await, t.sven().await);
    let post = async |client: &mut Client, current: &str, new: &str, again: &str| {
        client
            .fill(
                "/desk/ich",
                &[
                    ("current", current),
                    ("password", new),
                    ("password_repeat", again),
                ],
            )
            .await
    };
    for (current, new, again, says) in [
        (
            "falsch",
            NEW_PASSWORD,
            NEW_PASSWORD,
            "Dieses Passwort stimmt nicht.",
        ),
        (PASSWORD, NEW_PASSWORD, "anders", "stimmen nicht überein"),
        (PASSWORD, "kurz", "kurz", "mindestens 12 Zeichen"),
        (
            PASSWORD,
            "svensupport12345",
            "svensupport12345",
            "leicht zu erraten",
        ),
    ] {
        let page = post(&mut sven, current, new, again).await.expect(422);
        assert!(page.says(says), "{says}");
        assert!(!page.html.contains(NEW_PASSWORD));
    }
    let before = sven.cookies["tresen-desk"].clone();
    let done = post(&mut sven, PASSWORD, NEW_PASSWORD, NEW_PASSWORD)
        .await
        .leads_to("/desk/ich");
    assert_ne!(sven.cookies["tresen-desk"], before);
    assert!(
        sven.follow(done)
            .await
            .says("alle anderen Geräte sind abgemeldet")
    );
    assert!(
        other
            .get("/desk/ich")
            .await
            .expect(303)
            .location()
            .starts_with("/desk/anmelden")
    );
    let mut thief = t.guest();
    thief.cookies.insert("tresen-desk".into(), before);
    thief.get("/desk/ich").await.expect(303);
    let mut again = t.guest();
    again
        .fill(
            "/desk/anmelden",
            &[
                ("email", "sven@nordlicht.example"),
                ("password", NEW_PASSWORD),
            ],
        )
        .await
        .leads_to("/desk/anmelden/code");
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_9_tries_at_ones_own_password_are_throttled() {
    let t = app().await;
    let mut sven = t.sven().await;
    let mut last = 0;
    for _ in 0..12 {
        let fill = [
            ("current", "falsch und lang"),
            ("password", NEW_PASSWORD),
            ("password_repeat", NEW_PASSWORD),
        ];
        last = sven.fill("/desk/ich", &fill).await.status.as_u16();
    }
    assert_eq!(last, 429);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_9_tries_at_ones_own_password_are_no_more_when_made_at_once() {
    let t = app().await;
    let mut sven = t.sven().await;
    let form = sven.get("/desk/ich").await.form_with("current");
    let tries = (0..30).map(|nth| {
        let (mut copy, form) = (sven.clone(), form.clone());
        tokio::spawn(async move {
            let guess = format!("geraten {nth}");
            let fill = [
                ("current", guess.as_str()),
                ("password", NEW_PASSWORD),
                ("password_repeat", NEW_PASSWORD),
            ];
            copy.send_form(&form, &fill).await.status.as_u16()
        })
    });
    let tries: Vec<_> = tries.collect();
    let mut answered = 0;
    for status in tries {
        answered += u32::from(status.await.unwrap() == 422);
    }
    assert!(answered <= 5, "{answered}");
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_9_ones_own_sessions_language_and_recovery_codes() {
    let t = app().await;
    let (mut sven, mut other, mut third) = (t.sven().await, t.sven().await, t.sven().await);
    let shown = sven.get("/desk/ich").await.expect(200);
    assert!(
        shown.says("Mein Zugang")
            && shown.says("Sven Support, Support")
            && shown.says("Dieses Gerät")
    );
    let ends: Vec<String> = shown
        .html
        .split("name=\"sitzung\" value=\"")
        .skip(1)
        .filter_map(|rest| Some(rest.split('"').next()?.to_owned()))
        .collect();
    assert_eq!(ends.len(), 2, "not the session that is being used");
    let form = shown.form_to("/desk/ich/abmelden");
    sven.send_form(&form, &[("sitzung", &ends[0])])
        .await
        .leads_to("/desk/ich");
    sven.send_form(&form, &[]).await.leads_to("/desk/ich");
    for client in [&mut other, &mut third] {
        client.get("/desk/ich").await.expect(303);
    }
    sven.fill("/desk/ich", &[("language", "en")])
        .await
        .leads_to("/desk/ich");
    let shown = sven.get("/desk/ich").await.expect(200);
    assert!(shown.says("My access") && shown.says("There are none at present."));
    let open = sven.get("/desk/ich").await.form_to("/desk/ich/codes");
    for typed in ["", "nicht-das-Passwort"] {
        let page = sven.send_form(&open, &[("confirm", typed)]).await;
        let page = page.expect(422);
        assert!(!page.html.contains("<code>"), "{}", page.text());
    }
    let none = sven.get("/desk/ich").await;
    assert!(none.says("There are none at present."), "{}", none.text());
    let codes = sven
        .fill("/desk/ich", &[("confirm", testkit::PASSWORD)])
        .await
        .expect(200);
    assert_eq!(codes.html.matches("<code>").count(), 10);
    assert!(sven.get("/desk/ich").await.says("10 codes are left."));
    let acts = t.acts(None).await;
    for act in [
        "staff.sessions_ended",
        "staff.language_changed",
        "staff.recovery_codes_made",
    ] {
        assert!(acts.contains(&act.to_owned()), "{act}");
    }
}
