//! "E-Mail-Verlauf": what a customer sees of the mails to them.

use crate::{app, queue};
use kernel::{Ctx, CustomerId, Email, Locale, Secret};
use std::time::Duration;
use testkit::TestApp;

async fn with_link(t: &TestApp, customer: Option<CustomerId>) -> mail::MailId {
    of_kind(t, customer, "customers.invitation").await
}

async fn of_kind(t: &TestApp, customer: Option<CustomerId>, kind: &'static str) -> mail::MailId {
    let slot = mail::slot("link");
    let draft = mail::Draft {
        to: Email::parse("anna@adler.example").unwrap(),
        to_name: "Anna Adler".into(),
        customer,
        user: Some(t.cast.anna),
        kind,
        locale: Locale::De,
        subject: "Ihre Einladung".into(),
        text: format!("Guten Tag <b>Anna</b>,\n\n{slot}\n"),
        html: format!("<p><a href=\"{slot}\">Annehmen</a></p>"),
        slots: vec![mail::Slot {
            name: "link",
            value: Secret::new("https://portal.example/einladung/geheim"),
            expires: Some(t.world.now() + Duration::from_secs(3600)),
        }],
    };
    let mut tx = t.db().begin().await.unwrap();
    let id = mail::queue(&mut tx, &Ctx::system(&t.world), draft)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_7_mails_are_listed_with_how_they_stand_and_read_as_sent() {
    let t = app().await;
    let mut anna = t.anna().await;
    let empty = anna.get("/konto/mails").await.expect(200);
    assert!(
        empty.says("E-Mail-Verlauf")
            && empty.says("Zwischen Ihnen und uns gab es noch keine E-Mail.")
    );
    let id = queue(&t, t.cast.annas, "anna@adler.example", "Es wartet etwas").await;
    let list = anna.get("/konto/mails").await.expect(200);
    assert!(list.says("Es wartet etwas") && list.says("Unterwegs"));
    t.run_jobs().await;
    let list = anna.get("/konto/mails").await.expect(200);
    assert!(list.says("anna@adler.example"));
    let rows = list.html.split("<tbody>").nth(1).unwrap();
    assert!(rows.contains("Gesendet") && !rows.contains("Unterwegs"));
    let one = anna.get(&list.link("/konto/mails/")).await.expect(200);
    assert!(
        one.says("Es wartet etwas")
            && one.says("es wartet etwas.")
            && one.says("Anna Adler <anna@adler.example>")
    );
    let path = format!("/konto/mails/{id}");
    for (query, found) in [
        ("?zustand=gesendet", true),
        ("?zustand=unterwegs", false),
        ("?zustand=nicht-zustellbar", false),
        ("?von=2026-11-02&bis=2026-11-02", true),
        ("?bis=2026-11-01", false),
        ("?von=2026-11-03", false),
        ("?zustand=quatsch&von=gestern&nach=quatsch", true),
    ] {
        let list = anna.get(&format!("/konto/mails{query}")).await.expect(200);
        assert_eq!(!list.links(&path).is_empty(), found, "{query}");
        assert_eq!(list.says("Keine E-Mail passt."), !found, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_7_abuse_92_links_that_let_somebody_in_are_never_readable() {
    let t = app().await;
    let id = with_link(&t, Some(t.cast.annas)).await;
    let mut anna = t.anna().await;
    let pages = [
        format!("/konto/mails/{id}"),
        format!("/desk/vorgaenge/mails/{id}"),
    ];
    // before the mail goes out, after, and after the link has ended
    for _ in 0..3 {
        let mut sven = t.sven().await;
        for (client, page) in [(&mut anna, &pages[0]), (&mut sven, &pages[1])] {
            let shown = client.get(page).await.expect(200);
            assert!(shown.says("[Link entfernt]"), "{page}");
            for secret in ["geheim", "{{slot", "einladung/"] {
                assert!(!shown.html.contains(secret), "{page}: {secret}");
            }
            assert!(
                shown.html.contains("&lt;b&gt;Anna"),
                "{page}: a mail is text"
            );
        }
        let mut tx = t.db().read().await.unwrap();
        let raw = mail::one_of_customer(&mut tx, t.cast.annas, Some(t.cast.anna), id)
            .await
            .unwrap();
        assert!(raw.html.contains("<a href=\"[Link entfernt]\">") && !raw.text.contains("geheim"));
        drop(tx);
        t.run_jobs().await;
        t.wait(Duration::from_secs(4000));
        t.run_jobs().await;
    }
    assert!(
        t.mails
            .last_to("anna@adler.example")
            .unwrap()
            .text
            .contains("geheim")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_7_abuse_92_it_needs_the_right_and_ones_own_customer() {
    let t = app().await;
    let id = queue(&t, t.cast.annas, "anna@adler.example", "Es wartet etwas").await;
    let own = with_link(&t, None).await;
    t.run_jobs().await;
    let one = format!("/konto/mails/{id}");
    let mut bernd = t.bernd().await;
    bernd.get("/konto/mails").await.expect(403);
    bernd.get(&one).await.expect(403);
    assert!(
        bernd
            .get("/konto")
            .await
            .expect(200)
            .links("/konto/mails")
            .is_empty()
    );
    let mut fremd = t.fremd().await;
    fremd.get(&one).await.expect(404);
    assert!(
        !fremd
            .get("/konto/mails")
            .await
            .expect(200)
            .says("Es wartet etwas")
    );
    t.guest().get(&one).await.expect(303);
    t.sven().await.get(&one).await.expect(303);
    // a mail of the user's own belongs to no customer
    let mut anna = t.anna().await;
    let list = anna.get("/konto/mails").await.expect(200);
    assert!(list.says("Es wartet etwas") && !list.says("Ihre Einladung"));
    anna.get(&format!("/konto/mails/{own}")).await.expect(404);
    for odd in ["0190", "%00", "x".repeat(300).as_str()] {
        anna.get(&format!("/konto/mails/{odd}")).await.expect(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_7_the_history_pages_by_key() {
    let t = app().await;
    for number in 0..60 {
        queue(
            &t,
            t.cast.annas,
            "anna@adler.example",
            &format!("Mail {number:02}"),
        )
        .await;
        // some share a moment
        if number % 3 == 0 {
            t.wait(Duration::from_secs(60));
        }
    }
    t.run_jobs().await;
    let mut anna = t.anna().await;
    let (mut seen, mut next) = (Vec::new(), Some("/konto/mails?zustand=gesendet".to_owned()));
    while let Some(path) = next {
        let page = anna.get(&path).await.expect(200);
        seen.extend(page.links("/konto/mails/"));
        next = page
            .links("/konto/mails?")
            .into_iter()
            .find(|link| link.contains("nach="));
    }
    assert_eq!(seen.len(), 60);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn mails_to_people_who_never_came_are_forgotten_after_two_days() {
    let t = app().await;
    let mut guest = t.guest();
    let fill = [
        ("email", "niemand@nirgends.example"),
        ("first_name", "Nie"),
        ("last_name", "Mand"),
        ("consent", "on"),
    ];
    let form = guest
        .get("/registrieren")
        .await
        .expect(200)
        .form_with("email");
    guest.send_form(&form, &fill).await.expect(303);
    let kept = queue(&t, t.cast.annas, "anna@adler.example", "Bleibt").await;
    t.run_jobs().await;
    let mut ada = t.ada().await;
    let list = "/desk/vorgaenge/mails";
    assert!(
        ada.get(list)
            .await
            .expect(200)
            .says("niemand@nirgends.example")
    );
    t.wait(Duration::from_secs(47 * 3600));
    t.run_jobs().await;
    let mut ada = t.ada().await;
    assert!(
        ada.get(list)
            .await
            .expect(200)
            .says("niemand@nirgends.example")
    );
    t.wait(Duration::from_secs(2 * 3600));
    t.run_jobs().await;
    let mut ada = t.ada().await;
    let page = ada.get(list).await.expect(200);
    assert!(!page.says("niemand@nirgends.example"));
    assert!(!page.links(&format!("{list}/{kept}")).is_empty());
    let mut tx = t.db().read().await.unwrap();
    let stmt = db::sql!((i64,), "SELECT COUNT(*) FROM mail_slots");
    assert_eq!(tx.one(stmt, db::params![]).await.unwrap().0, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_7_what_concerns_one_users_sign_in_is_shown_to_this_user_alone() {
    let t = app().await;
    let own = of_kind(&t, Some(t.cast.annas), "identity.reset").await;
    let common = of_kind(&t, Some(t.cast.annas), "identity").await;
    t.run_jobs().await;
    let mut tx = t.db().begin().await.unwrap();
    let stmt = db::sql!("UPDATE memberships SET rights = 'mails' WHERE user_id = $1");
    tx.exec(stmt, db::params![t.cast.bernd]).await.unwrap();
    tx.commit().await.unwrap();
    for (mut client, sees) in [(t.anna().await, true), (t.bernd().await, false)] {
        let list = client.get("/konto/mails").await.expect(200);
        let shown = |id| !list.links(&format!("/konto/mails/{id}")).is_empty();
        assert_eq!((shown(own), shown(common)), (sees, true));
        let status = if sees { 200 } else { 404 };
        client
            .get(&format!("/konto/mails/{own}"))
            .await
            .expect(status);
    }
}
