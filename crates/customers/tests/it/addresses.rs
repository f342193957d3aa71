//! ACC-4

use crate::app;
use testkit::{Answer, Client};

const LIST: &str = "/konto/adressen";
const NEW: &str = "/konto/adressen/neu";

async fn add(client: &mut Client, street: &str, more: &[(&str, &str)]) -> Answer {
    let mut fill = vec![
        ("street", street),
        ("first_name", "Anna"),
        ("last_name", "Adler"),
    ];
    for (name, value) in [
        ("postcode", "20459"),
        ("town", "Hamburg"),
        ("country", "DE"),
    ] {
        if !more.iter().any(|(n, _)| *n == name) {
            fill.push((name, value));
        }
    }
    fill.extend_from_slice(more);
    client.fill(NEW, &fill).await
}

async fn edit_links(client: &mut Client) -> Vec<String> {
    let links = client.get(LIST).await.expect(200).links("/konto/adressen/");
    links
        .into_iter()
        .filter(|href| href != NEW && !href.ends_with("loeschen"))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_4_the_first_address_becomes_both_defaults_and_defaults_move() {
    let t = app().await;
    let mut anna = t.anna().await;
    assert!(anna.get(LIST).await.says("Ihr Adressbuch ist noch leer."));
    add(
        &mut anna,
        "Deichstraße 7",
        &[("billing", ""), ("delivery", "")],
    )
    .await
    .leads_to(LIST);
    let page = anna.get(LIST).await.expect(200);
    assert!(page.says("Standard-Rechnungsadresse") && page.says("Standard-Lieferadresse"));
    assert!(page.says("Die Adresse ist gespeichert."));
    let answer = add(
        &mut anna,
        "Kanalweg 3",
        &[("delivery", "on"), ("company", "Adler & Söhne <OHG>")],
    )
    .await;
    let page = anna.follow(answer).await;
    assert_eq!(page.text().matches("Standard-Lieferadresse").count(), 1);
    assert!(page.says("Adler & Söhne <OHG>"));
    let kanal = edit_links(&mut anna).await[1].clone();
    let form = anna.get(&kanal).await.expect(200).form_with("street");
    assert!(form.fields.contains(&("delivery".into(), "on".into())));
    assert!(!form.fields.iter().any(|(name, _)| name == "billing"));
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_4_postcodes_fit_their_country() {
    let t = app().await;
    let mut anna = t.anna().await;
    for (country, postcode, words) in [
        ("DE", "2045", "mit fünf Ziffern"),
        ("AT", "10115", "mit vier Ziffern"),
        ("CH", "0999", "Schweiz"),
        ("NL", "12345", "passt nicht zum gewählten Land"),
        ("DE", "", "Bitte geben Sie eine Postleitzahl ein."),
        ("XX", "20459", "Bitte wählen Sie einen Eintrag"),
    ] {
        let page = add(
            &mut anna,
            "Deichstraße 7",
            &[("country", country), ("postcode", postcode)],
        )
        .await
        .expect(422);
        assert!(page.says(words), "{country} {postcode}: {}", page.text());
        assert!(
            page.form_with("street")
                .fields
                .contains(&("street".into(), "Deichstraße 7".into()))
        );
    }
    add(&mut anna, "Deichstraße 7", &[("postcode", "D-20 459")])
        .await
        .leads_to(LIST);
    assert!(anna.get(LIST).await.says("20459 Hamburg"));
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_4_a_postcode_fault_stands_beside_the_others() {
    let t = app().await;
    let mut anna = t.anna().await;
    let more = [("postcode", "2045"), ("town", ""), ("phone", "x")];
    let page = add(&mut anna, "Deichstraße 7", &more).await.expect(422);
    for words in [
        "Bitte prüfen Sie 3 Angaben",
        "mit fünf Ziffern",
        "Bitte füllen Sie dieses Feld aus.",
        "Telefonnummer",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_4_a_default_address_stays_others_go_after_asking() {
    let t = app().await;
    let mut anna = t.anna().await;
    add(&mut anna, "Deichstraße 7", &[("phone", "040 123456")]).await;
    add(&mut anna, "Kanalweg 3", &[]).await;
    let links = edit_links(&mut anna).await;
    let page = anna
        .get(&format!("{}/loeschen", links[0]))
        .await
        .expect(200);
    assert!(page.says("lässt sich nicht löschen"));
    let csrf = page.form_to("/abmelden").fields[0].1.clone();
    anna.post_raw(&format!("{}/loeschen", links[0]), &[("csrf", &csrf)])
        .await
        .expect(409);
    // nor can the last default be given up
    let form = anna.get(&links[0]).await.form_with("street");
    let page = anna.send_form(&form, &[("billing", "")]).await.expect(422);
    assert!(
        page.says("Eine Adresse muss der Standard sein."),
        "{}",
        page.text()
    );

    let delete = format!("{}/loeschen", links[1]);
    let form = anna.get(&delete).await.expect(200).form_to(&delete);
    let answer = anna.send_form(&form, &[]).await.leads_to(LIST);
    assert!(!anna.follow(answer).await.says("Kanalweg 3"));
    anna.send_form(&form, &[]).await.expect(404);
    let acts = t.acts(Some(t.cast.annas)).await;
    assert_eq!(
        acts.iter()
            .filter(|act| act.starts_with("address."))
            .count(),
        3,
        "{acts:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_4_the_second_of_two_tabs_is_told() {
    let t = app().await;
    let mut anna = t.anna().await;
    add(&mut anna, "Deichstraße 7", &[]).await;
    let one = edit_links(&mut anna).await[0].clone();
    let (first, second) = (
        anna.get(&one).await.form_with("street"),
        anna.get(&one).await.form_with("street"),
    );
    anna.send_form(&first, &[("street", "Deichstraße 8")])
        .await
        .leads_to(LIST);
    let page = anna
        .send_form(&second, &[("street", "Deichstraße 9")])
        .await
        .expect(409);
    assert!(
        page.says("wurde inzwischen geändert") && page.says("Deichstraße 8"),
        "{}",
        page.text()
    );
    let form = page.form_with("street");
    assert!(
        form.fields
            .contains(&("street".into(), "Deichstraße 9".into()))
    );
    let answer = anna.send_form(&form, &[]).await.leads_to(LIST);
    assert!(anna.follow(answer).await.says("Deichstraße 9"));
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_4_a_form_sent_twice_adds_one_address() {
    let t = app().await;
    let mut anna = t.anna().await;
    let form = anna.get(NEW).await.form_with("street");
    let fill = [
        ("street", "Deichstraße 7"),
        ("postcode", "20459"),
        ("town", "Hamburg"),
    ];
    anna.send_form(&form, &fill).await.leads_to(LIST);
    anna.send_form(&form, &fill).await.leads_to(LIST);
    assert_eq!(edit_links(&mut anna).await.len(), 1);
    let other = [
        ("street", "Kanalweg 3"),
        ("postcode", "20459"),
        ("town", "Hamburg"),
    ];
    assert!(
        anna.send_form(&form, &other)
            .await
            .expect(409)
            .says("Bereits gesendet")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_4_a_strangers_address_does_not_exist() {
    let t = app().await;
    let mut anna = t.anna().await;
    add(&mut anna, "Deichstraße 7", &[]).await;
    let one = edit_links(&mut anna).await[0].clone();
    let form = anna.get(&one).await.form_with("street");
    let mut fremd = t.fremd().await;
    fremd.get(&one).await.expect(404);
    fremd.get(&format!("{one}/loeschen")).await.expect(404);
    let csrf = fremd.get("/konto").await.form_to("/abmelden").fields[0]
        .1
        .clone();
    fremd.send_form(&form, &[("csrf", &csrf)]).await.expect(404);
    fremd
        .send_form(&form, &[("csrf", &csrf), ("street", "")])
        .await
        .expect(404);
    fremd
        .post_raw(&format!("{one}/loeschen"), &[("csrf", &csrf)])
        .await
        .expect(404);
    assert!(!fremd.get(LIST).await.says("Deichstraße"));
    // a member with the right sees it, and nobody the odd id
    assert!(
        t.bernd()
            .await
            .get(&one)
            .await
            .expect(200)
            .says("Adresse ändern")
    );
    for odd in ["x", "0", "neu0", "%00"] {
        anna.get(&format!("{LIST}/{odd}")).await.expect(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_4_an_address_book_ends_at_a_hundred() {
    let t = app().await;
    let mut anna = t.anna().await;
    let ctx = t.ctx(kernel::Actor::System);
    let mut tx = t.db().begin().await.unwrap();
    for _ in 0..customers::address::MOST {
        let address = customers::address::example();
        customers::address::add(&mut tx, &ctx, t.cast.annas, &address)
            .await
            .unwrap()
            .unwrap();
    }
    tx.commit().await.unwrap();
    let page = add(&mut anna, "Deichstraße 7", &[]).await.expect(422);
    assert!(page.says("Ihr Adressbuch ist voll."), "{}", page.text());
}
