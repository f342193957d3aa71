//! AUTH-1

use crate::app;
use std::time::Duration;
use testkit::{Answer, Client, TestApp};

const PASSWORD: &str = "Kohlrabi tanzt um Mitternacht";
const ASKED: &str = "/registrieren/bestaetigt";

async fn register(guest: &mut Client, first: &str, email: &str) -> Answer {
    let fill = [
        ("first_name", first),
        ("last_name", "Neumann"),
        ("email", email),
        ("consent", "on"),
    ];
    guest.fill("/registrieren", &fill).await
}

async fn link_for(t: &TestApp, email: &str) -> String {
    TestApp::link_in(&t.mail_to(email).await)
}

async fn activate(guest: &mut Client, link: &str) -> Answer {
    guest
        .fill(
            link,
            &[("password", PASSWORD), ("password_repeat", PASSWORD)],
        )
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_1_a_registered_person_is_user_and_customer_after_the_link() {
    let t = app().await;
    let mut guest = t.guest();
    register(&mut guest, "Nele", "Nele@Neu.example")
        .await
        .leads_to(ASKED);
    let letter = t.mail_to("nele@neu.example").await;
    assert!(letter.text.contains("48 Stunden"), "{}", letter.text);
    assert!(
        !letter.text.contains("Nele"),
        "whoever typed the address chose the name"
    );
    let link = TestApp::link_in(&letter);

    // opening it, twice, changes nothing
    for _ in 0..2 {
        let page = guest.get(&link).await.expect(200);
        assert!(
            page.says("Aktivieren und einloggen") && page.says("Nele Neumann"),
            "{}",
            page.text()
        );
    }
    let answer = activate(&mut guest, &link).await.leads_to("/");
    let start = guest.follow(answer).await.expect(200);
    assert!(start.says("Ihr Konto ist bereit."), "{}", start.text());
    assert!(
        start.says("Nele Neumann") && start.says("K-10005"),
        "{}",
        start.text()
    );

    let used = t.guest().get(&link).await.expect(410);
    assert!(used.says("schon verwendet") && used.says("Neuen Link anfordern"));
    assert!(!used.links("/registrieren").is_empty());
    let list = t.ada().await.get("/desk/kunden").await.expect(200);
    assert!(
        list.says("nele@neu.example") && list.says("Privatperson"),
        "{}",
        list.text()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_1_what_is_wrong_is_said_at_the_field_and_entries_are_kept() {
    let t = app().await;
    let mut guest = t.guest();
    let fill = [
        ("first_name", "Nele"),
        ("last_name", ""),
        ("email", "nele(at)neu"),
    ];
    let page = guest.fill("/registrieren", &fill).await.expect(422);
    let form = page.form_with("email");
    assert!(form.fields.contains(&("first_name".into(), "Nele".into())));
    assert!(
        form.fields
            .contains(&("email".into(), "nele(at)neu".into()))
    );
    for words in [
        "Bitte füllen Sie dieses Feld aus.",
        "vollständige E-Mail-Adresse",
        "Bitte stimmen Sie zu",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    t.run_jobs().await;
    assert!(t.mails.last_to("nele@neu.example").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_1_a_known_address_gets_the_same_answer_and_another_mail() {
    let t = app().await;
    let mut guest = t.guest();
    register(&mut guest, "Anna", "anna@adler.example")
        .await
        .leads_to(ASKED);
    let letter = t.mail_to("anna@adler.example").await;
    assert!(letter.text.contains("schon ein Konto"), "{}", letter.text);
    assert_eq!(TestApp::link_in(&letter), "/anmelden");
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_1_a_second_registration_replaces_the_link() {
    let t = app().await;
    let mut guest = t.guest();
    register(&mut guest, "Nele", "nele@neu.example").await;
    let first = link_for(&t, "nele@neu.example").await;
    register(&mut guest, "Nelly", "nele@neu.example").await;
    let second = link_for(&t, "nele@neu.example").await;
    assert_ne!(first, second);
    guest.get(&first).await.expect(410);
    assert!(guest.get(&second).await.expect(200).says("Nelly Neumann"));
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_1_old_and_altered_links_lead_to_a_new_one() {
    let t = app().await;
    let mut guest = t.guest();
    register(&mut guest, "Nele", "nele@neu.example").await;
    let link = link_for(&t, "nele@neu.example").await;
    let form = guest.get(&link).await.form_with("password");
    t.wait(Duration::from_secs(48 * 3600 + 1));
    let fill = [("password", PASSWORD), ("password_repeat", PASSWORD)];
    let page = guest.send_form(&form, &fill).await.expect(410);
    assert!(page.says("gilt nicht mehr"), "{}", page.text());
    t.run_jobs().await;
    let mut tx = t.db().read().await.unwrap();
    let sql = db::sql!(
        (i64,),
        "SELECT COUNT(*) FROM links WHERE payload LIKE '%Nele%' OR email IS NOT NULL"
    );
    assert_eq!(
        tx.one(sql, db::params![]).await.unwrap().0,
        0,
        "unused data are gone"
    );
    for altered in ["/aktivieren/x", "/aktivieren/%00", &format!("{link}x")] {
        assert!(
            guest
                .get(altered)
                .await
                .expect(410)
                .says("Neuen Link anfordern")
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_1_passwords_are_long_hard_to_guess_and_typed_twice() {
    let t = app().await;
    let mut guest = t.guest();
    register(&mut guest, "Nele", "nele@neu.example").await;
    let link = link_for(&t, "nele@neu.example").await;
    for (password, repeat, words) in [
        ("kurz", "kurz", "mindestens 12 Zeichen"),
        ("nele@neu.example", "nele@neu.example", "leicht zu erraten"),
        (PASSWORD, "etwas anderes", "stimmen nicht überein"),
        ("", "", "Bitte füllen Sie dieses Feld aus."),
    ] {
        let fill = [("password", password), ("password_repeat", repeat)];
        let page = guest.fill(&link, &fill).await.expect(422);
        assert!(page.says(words), "{words}: {}", page.text());
        assert!(!page.html.contains(PASSWORD));
    }
    activate(&mut guest, &link).await.leads_to("/");
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_1_of_two_who_use_a_link_at_once_one_wins() {
    let t = app().await;
    let mut one = t.guest();
    register(&mut one, "Nele", "nele@neu.example").await;
    let link = link_for(&t, "nele@neu.example").await;
    let mut two = t.guest();
    let fill = [("password", PASSWORD), ("password_repeat", PASSWORD)];
    let (first, second) = (
        one.get(&link).await.form_with("password"),
        two.get(&link).await.form_with("password"),
    );
    let (left, right) = tokio::join!(one.send_form(&first, &fill), two.send_form(&second, &fill));
    let mut codes = [left.status.as_u16(), right.status.as_u16()];
    codes.sort_unstable();
    assert_eq!(codes, [303, 410]);
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_1_mails_are_bounded_and_the_answer_stays_the_same() {
    let t = app().await;
    let mut guest = t.guest();
    for _ in 0..5 {
        register(&mut guest, "Nele", "nele@neu.example")
            .await
            .leads_to(ASKED);
    }
    t.run_jobs().await;
    let to_nele = t
        .mails
        .all()
        .into_iter()
        .filter(|letter| letter.to.as_str() == "nele@neu.example");
    assert_eq!(to_nele.count(), 3);
    t.wait(Duration::from_secs(3601));
    register(&mut guest, "Nele", "nele@neu.example")
        .await
        .leads_to(ASKED);
    t.run_jobs().await;
    let to_nele = t
        .mails
        .all()
        .into_iter()
        .filter(|letter| letter.to.as_str() == "nele@neu.example");
    assert_eq!(to_nele.count(), 4);
}
