//! ACC-5

use crate::app;
use testkit::{Answer, Client, TestApp};

const LIST: &str = "/konto/kontakte";
const NEW: &str = "/konto/kontakte/neu";

async fn add(client: &mut Client, name: &str, email: &str, more: &[(&str, &str)]) -> Answer {
    let mut fill = vec![("name", name), ("email", email)];
    fill.extend_from_slice(more);
    client.fill(NEW, &fill).await
}

async fn edit_links(client: &mut Client) -> Vec<String> {
    let links = client.get(LIST).await.expect(200).links("/konto/kontakte/");
    links
        .into_iter()
        .filter(|href| href != NEW && !href.ends_with("loeschen"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_5_contacts_are_entered_changed_and_deleted() {
    let t = app().await;
    let mut anna = t.anna().await;
    let page = anna.get(LIST).await.expect(200);
    assert!(page.says("Kontakte") && page.says("Noch gibt es keine Kontakte."));
    let fill = [("support", "on"), ("phone", "0431 55512-05")];
    let answer = add(&mut anna, "Kontor <Süd>", "Kontor@Adler.example", &fill)
        .await
        .leads_to(LIST);
    let page = anna.follow(answer).await;
    for words in [
        "Kontor <Süd>",
        "kontor@adler.example",
        "0431 55512-05",
        "Support",
        "Allgemeines",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    let one = edit_links(&mut anna).await.remove(0);
    anna.fill(
        &one,
        &[("name", "Kontor"), ("general", ""), ("invoices", "on")],
    )
    .await
    .leads_to(LIST);
    let page = anna.get(LIST).await;
    assert!(
        page.says("Rechnungen") && !page.says("Allgemeines"),
        "{}",
        page.text()
    );
    let delete = format!("{one}/loeschen");
    let form = anna.get(&delete).await.expect(200).form_to(&delete);
    anna.send_form(&form, &[]).await.leads_to(LIST);
    anna.send_form(&form, &[("key", "another")])
        .await
        .expect(404);
    assert!(anna.get(LIST).await.says("Noch gibt es keine Kontakte."));
    let acts = t.acts(Some(t.cast.annas)).await;
    let mut contact: Vec<&String> = acts.iter().filter(|a| a.starts_with("contact.")).collect();
    // the clock stands still: their order says nothing
    contact.sort();
    assert_eq!(
        contact,
        ["contact.added", "contact.changed", "contact.removed"]
    );
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_5_bad_contacts_are_told_at_their_fields() {
    let t = app().await;
    let mut anna = t.anna().await;
    add(&mut anna, "Kontor", "kontor@adler.example", &[])
        .await
        .leads_to(LIST);
    for (name, email, more, words) in [
        (
            "",
            "a@b.example",
            &[][..],
            "Bitte füllen Sie dieses Feld aus.",
        ),
        ("Lager", "x", &[], "vollständige E-Mail-Adresse"),
        (
            "Lager",
            "lager@adler.example",
            &[("general", "")],
            "mindestens eine Art",
        ),
        (
            "Lager",
            "lager@adler.example",
            &[("phone", "x")],
            "Telefonnummer",
        ),
        (
            "Lager",
            "kontor@adler.example",
            &[],
            "gehört schon zu einem Ihrer Kontakte",
        ),
    ] {
        let page = add(&mut anna, name, email, more).await.expect(422);
        assert!(page.says(words), "{words}: {}", page.text());
        let kept = ("email".to_owned(), email.to_owned());
        assert!(page.form_with("name").fields.contains(&kept));
    }
    assert_eq!(edit_links(&mut anna).await.len(), 1);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_5_support_mail_goes_to_support_contacts_too() {
    let t = app().await;
    let mut anna = t.anna().await;
    add(
        &mut anna,
        "Kontor",
        "kontor@adler.example",
        &[("support", "on")],
    )
    .await
    .leads_to(LIST);
    add(
        &mut anna,
        "Lager",
        "lager@adler.example",
        &[("invoices", "on")],
    )
    .await
    .leads_to(LIST);
    // a member's own address gets it once
    add(
        &mut anna,
        "Anna",
        "anna@adler.example",
        &[("support", "on")],
    )
    .await
    .leads_to(LIST);
    let mut tx = t.db().read().await.expect("a transaction");
    let told = customers::customer::notify_targets(&mut tx, t.cast.annas)
        .await
        .expect("the database answers");
    let told: Vec<(&str, bool)> = told
        .iter()
        .map(|told| (told.email.as_str(), told.user.is_some()))
        .collect();
    assert_eq!(
        told,
        [
            ("anna@adler.example", true),
            ("kontor@adler.example", false)
        ]
    );
    drop(tx);
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_5_an_address_is_told_and_can_take_itself_out() {
    let t = app().await;
    let mut anna = t.anna().await;
    let fill = [("support", "on"), ("phone", "0431 55512-05")];
    add(
        &mut anna,
        "Kauft jetzt! http://evil.test",
        "opfer@post.example",
        &fill,
    )
    .await
    .leads_to(LIST);
    let letter = t.mail_to("opfer@post.example").await;
    for words in ["Anna Adler", "Nordlicht Hosting", "Support"] {
        assert!(letter.text.contains(words), "{words}: {}", letter.text);
    }
    assert!(
        !letter.text.contains("evil.test"),
        "nothing of what was typed stands in the mail"
    );
    let link = TestApp::link_in(&letter);
    let mut guest = t.guest();
    for _ in 0..2 {
        let page = guest.get(&link).await.expect(200);
        assert!(page.says("Anna Adler") && page.says("opfer@post.example"));
    }
    assert_eq!(
        edit_links(&mut anna).await.len(),
        1,
        "opening it changes nothing"
    );
    let answer = guest.press(&link, &link).await.leads_to(&link);
    assert!(guest.follow(answer).await.says("Die Adresse ist entfernt"));
    assert!(edit_links(&mut anna).await.is_empty());
    let page = add(&mut anna, "Nochmal", "opfer@post.example", &[])
        .await
        .expect(422);
    assert!(page.says("möchte man keine E-Mails"), "{}", page.text());
    let one = t.cast.annas;
    assert!(
        t.acts(Some(one))
            .await
            .contains(&"contact.stopped".to_owned())
    );
    guest
        .get("/kontakt-abmelden/nie-verschickt")
        .await
        .expect(410);
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_5_no_address_is_flooded_by_entering_it_again_and_again() {
    let t = app().await;
    let mut anna = t.anna().await;
    let mut sent = 0;
    for _ in 0..6 {
        let answer = add(&mut anna, "Opfer", "opfer@post.example", &[]).await;
        if answer.status.as_u16() == 303 {
            sent += 1;
            let delete = format!("{}/loeschen", edit_links(&mut anna).await[0]);
            anna.press(&delete, &delete).await.leads_to(LIST);
        } else {
            assert!(answer.says("schon mehrere E-Mails"), "{}", answer.text());
        }
    }
    assert_eq!(sent, 3);
    // nor are many addresses from one place
    for at in 0..30 {
        add(&mut anna, "Kontor", &format!("k{at}@post.example"), &[]).await;
    }
    t.run_jobs().await;
    assert!(t.mails.len() <= 20, "{}", t.mails.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_5_there_are_at_most_fifty() {
    let t = app().await;
    let ctx = t.ctx(kernel::Actor::System);
    let mut tx = t.db().begin().await.expect("a transaction");
    for at in 0..50 {
        let mut contact = customers::contact::example();
        contact.email = TestApp::email(&format!("k{at}@post.example"));
        let id = ctx.id();
        customers::contact::store::insert(&mut tx, t.cast.annas, id, ctx.now, &contact)
            .await
            .expect("a contact");
    }
    tx.commit().await.expect("a commit");
    let mut anna = t.anna().await;
    let page = add(&mut anna, "Kontor", "k50@post.example", &[])
        .await
        .expect(422);
    assert!(page.says("schon sehr viele Kontakte"), "{}", page.text());
    assert_eq!(edit_links(&mut anna).await.len(), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_5_a_strangers_contact_is_unknown_and_the_right_is_asked() {
    let t = app().await;
    let mut anna = t.anna().await;
    add(&mut anna, "Kontor", "kontor@adler.example", &[])
        .await
        .leads_to(LIST);
    let one = edit_links(&mut anna).await.remove(0);
    let mut fremd = t.fremd().await;
    fremd.get(&one).await.expect(404);
    fremd.get(&format!("{one}/loeschen")).await.expect(404);
    let form = fremd.get(NEW).await.form_with("name");
    for fill in [
        vec![("name", "x"), ("email", "x@post.example")],
        vec![("name", "")],
    ] {
        let form = testkit::PageForm {
            action: one.clone(),
            ..form.clone()
        };
        fremd.send_form(&form, &fill).await.expect(404);
    }
    t.bernd().await.get(LIST).await.expect(403);
    assert!(anna.get(LIST).await.says("kontor@adler.example"));
    // staff sees it
    let file = format!("/desk/kunden/{}?reiter=desk-contacts", t.cast.annas);
    let page = t.sven().await.get(&file).await.expect(200);
    assert!(page.says("kontor@adler.example"), "{}", page.text());
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_5_the_second_of_two_tabs_is_told() {
    let t = app().await;
    let mut anna = t.anna().await;
    add(&mut anna, "Kontor", "kontor@adler.example", &[])
        .await
        .leads_to(LIST);
    let one = edit_links(&mut anna).await.remove(0);
    let forms = [
        anna.get(&one).await.form_with("name"),
        anna.get(&one).await.form_with("name"),
    ];
    anna.send_form(&forms[0], &[("name", "Kontor eins")])
        .await
        .leads_to(LIST);
    let page = anna
        .send_form(&forms[1], &[("name", "Kontor zwei")])
        .await
        .expect(409);
    assert!(
        page.says("Kontor eins"),
        "what is stored now: {}",
        page.text()
    );
    let form = page.form_with("name");
    anna.send_form(&form, &[]).await.leads_to(LIST);
    assert!(anna.get(LIST).await.says("Kontor zwei"));
    t.run_jobs().await;
}
