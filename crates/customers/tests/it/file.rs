//! DESK-4: notes, warning and users on the customer file.

use crate::app;
use testkit::{Answer, Client, TestApp};

fn file(t: &TestApp) -> String {
    format!("/desk/kunden/{}", t.cast.annas)
}

fn tab(t: &TestApp, name: &str) -> String {
    format!("{}?reiter={name}", file(t))
}

fn member(t: &TestApp, user: kernel::UserId) -> String {
    format!("{}/benutzer?benutzer={user}", file(t))
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_the_file_has_a_tab_for_everything() {
    let t = app().await;
    let page = t.sven().await.get(&file(&t)).await.expect(200);
    for words in [
        "Übersicht",
        "Notizen",
        "Benutzer",
        "Adressen",
        "Kontakte",
        "Stammdaten",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    let mut sven = t.sven().await;
    for href in page.links(&file(&t)) {
        sven.get(&href).await.expect(200);
    }
    // an unknown tab is the first one
    sven.get(&tab(&t, "gibt-es-nicht")).await.expect(200);
}

async fn note(client: &mut Client, t: &TestApp, text: &str, pinned: bool) -> Answer {
    let mut fill = vec![("text", text)];
    if pinned {
        fill.push(("pinned", "on"));
    }
    client.fill(&tab(t, "desk-notes"), &fill).await
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_notes_are_written_pinned_and_changed_by_who_wrote_them() {
    let t = app().await;
    let (mut sven, mut berta) = (t.sven().await, t.berta().await);
    let notes = tab(&t, "desk-notes");
    note(
        &mut sven,
        &t,
        "Ruft lieber an.\n<b>Nicht</b> vor 10 Uhr.",
        false,
    )
    .await
    .leads_to(&notes);
    let page = note(&mut sven, &t, "  ", false).await.expect(422);
    assert!(page.says("Bitte füllen Sie dieses Feld aus.") && page.says("Ruft lieber an."));
    let page = sven.get(&notes).await;
    assert!(page.says("<b>Nicht</b> vor 10 Uhr.") && page.says("Sven Support"));
    let start = format!("{}/notiz?notiz=", file(&t));
    let edit = page.link(&start);
    // somebody else reads and pins, but does not rewrite
    let page = berta.get(&notes).await;
    assert!(page.says("Ruft lieber an.") && page.links(&start).is_empty());
    berta.get(&edit).await.expect(403);
    let pin = format!("{}/notiz/anheften", file(&t));
    berta.press(&notes, &pin).await.leads_to(&notes);
    assert!(
        berta.get(&file(&t)).await.says("Ruft lieber an."),
        "it stands on the first tab"
    );
    let form = sven.get(&edit).await.expect(200).form_with("text");
    let fill = [("text", "Ruft jetzt zurück."), ("pinned", "")];
    sven.send_form(&form, &fill).await.leads_to(&notes);
    let mut forged = berta.get(&notes).await.form_with("text");
    forged.action = edit.clone();
    berta
        .send_form(&forged, &[("text", "Gefälscht")])
        .await
        .expect(403);
    let page = sven.get(&notes).await;
    assert!(page.says("Ruft jetzt zurück.") && page.says("Geändert:"));
    assert!(!sven.get(&file(&t)).await.says("Ruft jetzt zurück."));
    // of another customer the note is unknown
    let other = edit.replace(&t.cast.annas.to_string(), &t.cast.fremds.to_string());
    sven.get(&other).await.expect(404);
    let acts = t.acts(Some(t.cast.annas)).await;
    for act in [
        "customer.note_added",
        "customer.note_pinned",
        "customer.note_changed",
    ] {
        assert!(acts.iter().any(|a| a == act), "{act}: {acts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_notes_are_staffs_alone_and_have_pages() {
    let t = app().await;
    let mut sven = t.sven().await;
    for at in 0..30 {
        t.wait(std::time::Duration::from_millis(5));
        note(&mut sven, &t, &format!("Notiz Nummer {at:02}."), false)
            .await
            .expect(303);
    }
    let mut seen = 0;
    let mut next = tab(&t, "desk-notes");
    while !next.is_empty() {
        let page = sven.get(&next).await.expect(200);
        seen += page.text().matches("Notiz Nummer").count();
        let links = page.links(&file(&t));
        next = links
            .into_iter()
            .find(|href| href.contains("nach="))
            .unwrap_or_default();
    }
    assert_eq!(seen, 30);
    let mut anna = t.anna().await;
    for path in ["/", "/konto", "/konto/daten"] {
        assert!(
            !anna.get(path).await.html.contains("Notiz Nummer"),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_a_warning_stands_over_every_tab() {
    let t = app().await;
    let mut sven = t.sven().await;
    let notes = tab(&t, "desk-notes");
    sven.fill(&notes, &[("warning", "Zahlt <nur> nach Mahnung")])
        .await
        .leads_to(&notes);
    for name in ["", "desk-notes", "desk-members", "desk-addresses"] {
        let page = sven.get(&tab(&t, name)).await.expect(200);
        assert!(page.says("Zahlt <nur> nach Mahnung"), "{name}");
    }
    let page = sven
        .fill(&notes, &[("warning", &"x".repeat(201))])
        .await
        .expect(422);
    assert!(page.says("höchstens 200 Zeichen"), "{}", page.text());
    assert!(!t.anna().await.get("/konto").await.html.contains("Mahnung"));
    sven.fill(&notes, &[("warning", "")]).await.leads_to(&notes);
    assert!(!sven.get(&file(&t)).await.says("Mahnung"));
    let acts = t.acts(Some(t.cast.annas)).await;
    for act in ["customer.warning_removed", "customer.warning_set"] {
        assert!(acts.iter().any(|a| a == act), "{act}: {acts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_rights_hold_at_once_and_what_is_missing_is_not_shown() {
    let t = app().await;
    let (mut sven, mut bernd) = (t.sven().await, t.bernd().await);
    bernd.get("/konto/kontakte").await.expect(403);
    assert!(
        bernd
            .get("/konto")
            .await
            .links("/konto/kontakte")
            .is_empty()
    );
    let one = member(&t, t.cast.bernd);
    let page = sven.get(&one).await.expect(200);
    let ticked = |page: &Answer| {
        let form = page.form_with("holds");
        let on = form.fields.into_iter().filter(|(_, value)| value == "on");
        on.map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(ticked(&page), ["account_view", "addresses"]);
    let fill = [("contacts", "on"), ("addresses", "")];
    let users = tab(&t, "desk-members");
    sven.fill(&one, &[("holds", "rights"), fill[0], fill[1]])
        .await
        .leads_to(&users);
    bernd.get("/konto/kontakte").await.expect(200);
    bernd.get("/konto/adressen").await.expect(403);
    let page = bernd.get("/konto").await.expect(200);
    assert!(!page.links("/konto/kontakte").is_empty() && page.links("/konto/adressen").is_empty());
    // nothing ticked is no membership
    let page = sven
        .fill(
            &one,
            &[("holds", "rights"), ("contacts", ""), ("account_view", "")],
        )
        .await
        .expect(422);
    assert!(page.says("mindestens eine Berechtigung"), "{}", page.text());
    sven.fill(&one, &[("holds", "owner")])
        .await
        .leads_to(&users);
    bernd.get("/konto/daten").await.expect(200);
    let lines = t.acts(Some(t.cast.annas)).await;
    assert_eq!(lines.iter().filter(|a| *a == "member.changed").count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_the_main_owner_stays_until_somebody_else_is() {
    let t = app().await;
    let mut sven = t.sven().await;
    let users = tab(&t, "desk-members");
    let anna = member(&t, t.cast.anna);
    let page = sven.get(&anna).await.expect(200);
    assert!(page.says("Ein Hauptinhaber hat alle Berechtigungen"));
    assert!(
        page.forms()
            .iter()
            .all(|form| !form.names.iter().any(|n| n == "holds"))
    );
    // posted all the same
    let remove = format!("{}/benutzer/entfernen", file(&t));
    let mut form = sven.get(&member(&t, t.cast.bernd)).await.form_to(&remove);
    let id = t.cast.anna.to_string();
    let answer = sven
        .send_form(&form, &[("benutzer", &id)])
        .await
        .leads_to(&users);
    assert!(sven.follow(answer).await.says("Der Hauptinhaber bleibt."));
    form.action = anna.clone();
    let fill = [("holds", "rights"), ("mails", "on"), ("key", "x")];
    let answer = sven.send_form(&form, &fill).await.leads_to(&users);
    assert!(sven.follow(answer).await.says("Der Hauptinhaber bleibt."));
    t.anna().await.get("/konto/daten").await.expect(200);
    // moved
    let main = format!("{}/benutzer/hauptinhaber", file(&t));
    sven.press(&member(&t, t.cast.bernd), &main)
        .await
        .leads_to(&users);
    let fill = [("login", "K-10001"), ("password", testkit::PASSWORD)];
    let mut guest = t.guest();
    guest.fill("/anmelden", &fill).await.leads_to("/konto");
    assert!(guest.get("/konto").await.says("Hallo, Bernd Busch"));
    // and the old one can go
    sven.press(&anna, &remove).await.leads_to(&users);
    t.anna().await.get("/konto").await.expect(403);
    assert!(
        !sven
            .get("/desk/kunden?suche=bernd@adler")
            .await
            .says("Kein Kunde passt")
    );
    // a stranger is no member
    sven.get(&member(&t, t.cast.fremd)).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_a_removed_member_is_out_at_once_and_not_found_any_more() {
    let t = app().await;
    let (mut sven, mut bernd) = (t.sven().await, t.bernd().await);
    bernd.get("/konto").await.expect(200);
    assert!(
        sven.get("/desk/kunden?suche=bernd@")
            .await
            .says("Anna Adler")
    );
    let remove = format!("{}/benutzer/entfernen", file(&t));
    sven.press(&member(&t, t.cast.bernd), &remove)
        .await
        .leads_to(&tab(&t, "desk-members"));
    bernd.get("/konto").await.expect(403);
    let page = bernd.get("/").await.expect(200);
    assert!(
        page.says("Sie gehören noch zu keinem Kunden."),
        "{}",
        page.text()
    );
    assert!(
        sven.get("/desk/kunden?suche=bernd@")
            .await
            .says("Kein Kunde passt")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_staff_helps_with_the_sign_in() {
    let t = app().await;
    let (mut sven, mut bernd) = (t.sven().await, t.bernd().await);
    let one = member(&t, t.cast.bernd);
    let reset = format!("{}/benutzer/passwort", file(&t));
    sven.press(&one, &reset).await.leads_to(&one);
    let link = TestApp::link_in(&t.mail_to("bernd@adler.example").await);
    t.guest().get(&link).await.expect(200);
    let out = format!("{}/benutzer/abmelden", file(&t));
    sven.press(&one, &out).await.leads_to(&one);
    bernd.get("/konto").await.expect(303);
    let require = format!("{}/benutzer/zwei-faktor", file(&t));
    sven.press(&one, &require).await.leads_to(&one);
    let page = sven.get(&one).await;
    assert!(page.says("Nicht mehr verlangen"), "{}", page.text());
    let mut bernd = t.bernd().await;
    bernd.get("/konto").await.expect(303);
    // not of somebody else's customer
    let form = page.form_to(&reset);
    let fremd = t.cast.fremd.to_string();
    for form in [form.clone(), page.form_to(&out), page.form_to(&require)] {
        sven.send_form(&form, &[("benutzer", &fremd)])
            .await
            .expect(404);
    }
    let acts = t.acts(Some(t.cast.annas)).await;
    assert!(acts.iter().any(|a| a == "user.sessions_ended"), "{acts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn support_social_engineering_on_the_file() {
    let t = app().await;
    let ctx = t.ctx(kernel::Actor::System);
    let mut tx = t.db().begin().await.expect("a transaction");
    let app = identity::factors::New::draw(&ctx, t.cast.bernd).expect("a secret");
    identity::factors::set_up(&mut tx, &ctx, t.cast.bernd, &app, 0)
        .await
        .expect("a factor");
    tx.commit().await.expect("a commit");
    let (mut sven, mut berta) = (t.sven().await, t.berta().await);
    let one = member(&t, t.cast.bernd);
    let lost = format!("{}/benutzer/zwei-faktor/verloren", file(&t));
    sven.press(&one, &lost).await.leads_to(&one);
    let page = sven.get(&one).await;
    assert!(
        page.says("Jemand anderes aus dem Team muss bestätigen."),
        "{}",
        page.text()
    );
    // whoever asked cannot confirm, whatever is posted
    let form = page.form_to(&lost);
    let answer = sven
        .send_form(&form, &[("schritt", "bestaetigen")])
        .await
        .leads_to(&one);
    assert!(
        sven.follow(answer)
            .await
            .says("kann nicht selbst bestätigen")
    );
    let answer = berta.press(&one, &lost).await.leads_to(&one);
    assert!(berta.follow(answer).await.says("nach drei Tagen entfernt"));
    t.run_jobs().await;
    let has = async || {
        let mut tx = t.db().read().await.expect("a transaction");
        identity::factors::has(&mut tx, t.cast.bernd)
            .await
            .expect("an answer")
    };
    assert!(has().await, "three days are not over");
    t.mail_to("bernd@adler.example").await;
}
