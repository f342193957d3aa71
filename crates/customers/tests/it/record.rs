//! ACC-3: "Konto bearbeiten" and "Kontodetails".

use crate::app;
use std::time::Duration;
use testkit::{Answer, Client, PASSWORD, TestApp};

const EDIT: &str = "/konto/bearbeiten";
const DATA: &str = "/konto/daten";
const NEW: &str = "Kohlrabi tanzt um Mitternacht";
const THREE: [&str; 3] = ["current_password", "new_password", "new_password_repeat"];

fn value<'a>(page: &'a Answer, field: &str, found: &'a mut String) -> &'a str {
    let form = page.form_with(field);
    let pair = form.fields.into_iter().find(|(name, _)| name == field);
    *found = pair.map(|(_, value)| value).unwrap_or_default();
    found
}

async fn edit(client: &mut Client, more: &[(&str, &str)]) -> Answer {
    let mut fill = vec![("first_name", "Anna")];
    fill.extend_from_slice(more);
    client.fill(EDIT, &fill).await
}

async fn signs_in(t: &TestApp, password: &str) -> bool {
    let fill = [("login", "anna@adler.example"), ("password", password)];
    t.guest().fill("/anmelden", &fill).await.status.as_u16() == 303
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_3_the_box_has_exactly_three_password_fields_under_it() {
    let t = app().await;
    let mut anna = t.anna().await;
    let page = anna.get(EDIT).await.expect(200);
    for words in [
        "Konto bearbeiten",
        "Passwort ändern",
        "Aktuelles Passwort",
        "Neues Passwort",
        "Neues Passwort wiederholen",
        "Speichern",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    assert_eq!(page.html.matches("type=\"password\"").count(), 3);
    // they stand right behind the box, in what is shown only while it is ticked
    let (_, behind) = page
        .html
        .split_once("name=\"change_password\"")
        .expect("the box");
    let (_, under) = behind
        .split_once("class=\"under-tick")
        .expect("what it opens");
    let under = under.split("</form>").next().unwrap_or_default();
    assert_eq!(under.matches("type=\"password\"").count(), 3);
    let mut found = String::new();
    assert_eq!(value(&page, "email", &mut found), "anna@adler.example");
    assert_eq!(value(&page, "last_name", &mut found), "Adler");
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_3_passwords_are_ignored_while_the_box_is_not_ticked() {
    let t = app().await;
    let mut anna = t.anna().await;
    let long = "x".repeat(100_000);
    let fill = [
        ("current_password", "falsch"),
        ("new_password", "kurz"),
        ("new_password_repeat", long.as_str()),
    ];
    let answer = edit(&mut anna, &fill).await.leads_to(EDIT);
    assert!(
        anna.follow(answer)
            .await
            .says("Ihre Angaben sind gespeichert.")
    );
    assert!(signs_in(&t, PASSWORD).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_3_each_fault_stands_at_its_field_and_no_field_is_lost() {
    let t = app().await;
    let mut anna = t.anna().await;
    for (three, words) in [
        (
            ["falsch und falsch", NEW, NEW],
            "Dieses Passwort stimmt nicht.",
        ),
        ([PASSWORD, NEW, "anders"], "stimmen nicht überein"),
        ([PASSWORD, "kurz", "kurz"], "mindestens 12 Zeichen"),
        (
            [PASSWORD, "annaadler1987", "annaadler1987"],
            "leicht zu erraten",
        ),
        (["", NEW, NEW], "Bitte füllen Sie dieses Feld aus."),
        ([PASSWORD, "", ""], "Bitte füllen Sie dieses Feld aus."),
    ] {
        let mut fill = vec![
            ("last_name", "Adler-Möwe"),
            ("email", "neu@adler.example"),
            ("change_password", "on"),
        ];
        fill.extend(THREE.into_iter().zip(three));
        let page = edit(&mut anna, &fill).await.expect(422);
        assert!(page.says(words), "{words}: {}", page.text());
        let mut found = String::new();
        assert_eq!(value(&page, "last_name", &mut found), "Adler-Möwe");
        assert_eq!(value(&page, "email", &mut found), "neu@adler.example");
        assert_eq!(value(&page, "change_password", &mut found), "on");
        for field in THREE {
            assert_eq!(
                value(&page, field, &mut found),
                "",
                "passwords are never sent back"
            );
        }
    }
    let page = edit(&mut anna, &[("last_name", ""), ("email", "x")]).await;
    let page = page.expect(422);
    assert!(page.says("vollständige E-Mail-Adresse"), "{}", page.text());
    // nothing of all that was stored
    assert!(anna.get("/konto").await.says("Anna Adler"));
    assert!(signs_in(&t, PASSWORD).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_3_a_new_password_keeps_this_device_and_ends_the_others() {
    let t = app().await;
    let (mut anna, mut other) = (t.anna().await, t.anna().await);
    let fill = [
        ("change_password", "on"),
        ("current_password", PASSWORD),
        ("new_password", NEW),
        ("new_password_repeat", NEW),
    ];
    edit(&mut anna, &fill).await.leads_to(EDIT);
    anna.get("/konto").await.expect(200);
    other.get("/konto").await.expect(303);
    assert!(signs_in(&t, NEW).await && !signs_in(&t, PASSWORD).await);
    let notice = t.mail_to("anna@adler.example").await;
    assert_eq!(notice.subject, "Ihre Anmeldedaten wurden geändert");
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_3_the_name_of_contract_and_user_change_together_where_they_are_one() {
    let t = app().await;
    let mut anna = t.anna().await;
    edit(&mut anna, &[("last_name", "Adler-Möwe")])
        .await
        .leads_to(EDIT);
    let page = anna.get("/konto").await;
    assert!(page.says("Hallo, Anna Adler-Möwe"), "{}", page.text());
    // Clara's second customer has another name than she has
    let mut clara = t.clara().await;
    let switch = clara.get("/konto").await.form_to("/konto/wechseln");
    let second = t.cast.claras.1.to_string();
    clara
        .send_form(&switch, &[("id", &second)])
        .await
        .expect(303);
    clara
        .fill(EDIT, &[("last_name", "Claasen & Söhne")])
        .await
        .leads_to(EDIT);
    let page = clara.get("/konto").await;
    assert!(page.says("Hallo, Clara Claasen"), "{}", page.text());
    assert!(page.says("Reederei Claasen & Söhne"), "{}", page.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_3_a_new_address_waits_for_its_link() {
    let t = app().await;
    let mut anna = t.anna().await;
    let answer = edit(&mut anna, &[("email", "neu@adler.example")])
        .await
        .leads_to(EDIT);
    let page = anna.follow(answer).await;
    assert!(
        page.says("gilt, sobald Sie den Link öffnen"),
        "{}",
        page.text()
    );
    let mut found = String::new();
    assert_eq!(value(&page, "email", &mut found), "anna@adler.example");
    // the old one can stop it, the new one proves it
    let old = t.mail_to("anna@adler.example").await;
    assert_eq!(old.subject, "Ihre Anmeldedaten wurden geändert");
    let link = TestApp::link_in(&t.mail_to("neu@adler.example").await);
    anna.press(&link, &link).await.expect(303);
    let page = anna.get(EDIT).await;
    assert_eq!(value(&page, "email", &mut found), "neu@adler.example");
    t.run_jobs().await;
    let found = t.sven().await.get("/desk/kunden?suche=neu@adler").await;
    assert!(found.says("Anna Adler"), "the desk finds the new address");
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_3_sign_in_data_ask_for_a_fresh_sign_in_and_the_right() {
    let t = app().await;
    let mut anna = t.anna().await;
    t.wait(Duration::from_secs(601));
    anna.get(EDIT)
        .await
        .leads_to("/anmelden/bestaetigen?weiter=%2Fkonto%2Fbearbeiten");
    let mut bernd = t.bernd().await;
    for path in [EDIT, DATA] {
        bernd.get(path).await.expect(403);
    }
    let page = bernd.get("/konto").await.expect(200);
    for path in [EDIT, DATA, "/konto/kontakte"] {
        assert!(page.links(path).is_empty(), "{path}");
    }
}

async fn data(client: &mut Client, fill: &[(&str, &str)]) -> Answer {
    client.fill(DATA, fill).await
}

const FIRM: [(&str, &str); 5] = [
    ("kind", "company"),
    ("company", "Adler & Söhne <OHG>"),
    ("vat_id", "de 136 695 976"),
    ("mobile", "0171 39200-11"),
    ("billing_email", "Rechnung@Adler.example"),
];

#[tokio::test(flavor = "multi_thread")]
async fn acc_3_the_record_is_kept_whole() {
    let t = app().await;
    let mut anna = t.anna().await;
    let page = anna.get(DATA).await.expect(200);
    for words in [
        "Kontodetails",
        "Privatperson",
        "USt-IdNr.",
        "Mobiltelefon",
        "Adressbuch",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    data(&mut anna, &FIRM).await.leads_to(DATA);
    let page = anna.get(DATA).await.expect(200);
    let mut found = String::new();
    for (field, kept) in [
        ("kind", "company"),
        ("company", "Adler & Söhne <OHG>"),
        ("vat_id", "DE136695976"),
        ("billing_email", "rechnung@adler.example"),
        ("first_name", "Anna"),
    ] {
        assert_eq!(value(&page, field, &mut found), kept, "{field}");
    }
    // the header, the overview and the desk know the new name
    assert!(anna.get("/konto").await.says("Adler & Söhne <OHG>"));
    let mut sven = t.sven().await;
    for typed in ["adler+%26+s", "rechnung@adler", "0171+392", "anna@adler"] {
        let list = sven.get(&format!("/desk/kunden?suche={typed}")).await;
        assert!(list.says("Adler & Söhne <OHG>"), "{typed}: {}", list.text());
    }
    // saved as it stands, nothing is written
    let acts = t.acts(Some(t.cast.annas)).await.len();
    data(&mut anna, &[("kind", "company")]).await.leads_to(DATA);
    assert_eq!(t.acts(Some(t.cast.annas)).await.len(), acts);
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_3_bad_records_are_told_at_their_fields() {
    let t = app().await;
    let mut anna = t.anna().await;
    for (change, words) in [
        (("vat_id", "DE136695978"), "eine Stelle vertippt"),
        (("vat_id", "DE12"), "nicht die Form"),
        (("vat_id", "136695976"), "Kürzel des Landes"),
        (("kind", "private"), "Diese Art"),
        (("kind", "x"), "Bitte wählen Sie einen Eintrag"),
        (("billing_email", "x"), "vollständige E-Mail-Adresse"),
        (("mobile", "anrufen"), "Telefonnummer"),
        (("last_name", " "), "Bitte füllen Sie dieses Feld aus."),
    ] {
        let mut fill: Vec<(&str, &str)> = FIRM.to_vec();
        fill.retain(|(name, _)| *name != change.0);
        fill.push(change);
        let page = data(&mut anna, &fill).await.expect(422);
        let said = page.text().to_lowercase();
        assert!(said.contains(&words.to_lowercase()), "{words}: {said}");
        let mut found = String::new();
        assert_eq!(value(&page, "company", &mut found), "Adler & Söhne <OHG>");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acc_3_the_second_of_two_people_is_told() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let form = anna.get(DATA).await.form_with("kind");
    let file = format!("/desk/kunden/{}/daten", t.cast.annas);
    sven.fill(&file, &[("mobile", "0171 39200-12")])
        .await
        .expect(303);
    let page = anna
        .send_form(&form, &[("salutation", "Frau")])
        .await
        .expect(409);
    assert!(page.says("inzwischen geändert") && page.says("0171 39200-12"));
    let form = page.form_with("kind");
    anna.send_form(&form, &[]).await.leads_to(DATA);
    let page = anna.get(DATA).await;
    assert_eq!(value(&page, "salutation", &mut String::new()), "Frau");
}

#[tokio::test(flavor = "multi_thread")]
async fn mrg_3_the_desk_knows_what_a_customer_was_called_and_when() {
    let t = app().await;
    let mut anna = t.anna().await;
    edit(&mut anna, &[("last_name", "Möwe")])
        .await
        .leads_to(EDIT);
    t.wait(Duration::from_secs(60));
    let mut sven = t.sven().await;
    let file = format!("/desk/kunden/{}", t.cast.annas);
    let fill = [("kind", "company"), ("company", "Möwe GmbH")];
    sven.fill(&format!("{file}/daten"), &fill)
        .await
        .leads_to(&file);
    let page = sven.get(&file).await.expect(200);
    let text = page.text();
    let at = |words: &str| {
        text.find(words)
            .unwrap_or_else(|| panic!("{words}: {text}"))
    };
    assert!(at("Frühere Namen") < at("Sven Support Nordlicht"), "{text}");
    assert!(text.contains("Anna Adler Anna Möwe Anna Adler"), "{text}");
    assert!(
        text.contains("Anna Möwe Möwe GmbH, Anna Möwe Sven Support"),
        "{text}"
    );
    // the log names the fields, not what stood in them
    let mut tx = t.db().read().await.expect("a transaction");
    let filter = db::audit::Filter {
        customer: Some(t.cast.annas),
        act: "customer.changed".into(),
        ..db::audit::Filter::default()
    };
    let lines = db::audit::list(&mut tx, &filter, db::audit::Page::Newest, 10)
        .await
        .expect("the log");
    assert_eq!(lines.len(), 2);
    for line in &lines {
        assert!(!line.detail.contains("Möwe"), "{}", line.detail);
    }
    let company = lines
        .iter()
        .filter(|line| line.detail.contains("\"company\""));
    assert_eq!(company.count(), 1);
}
