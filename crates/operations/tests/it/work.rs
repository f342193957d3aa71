//! "Vorgänge": mails and jobs.

use crate::{app, queue, queue_with};
use jobs::{Job, JobCx, Outcome, Retry};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use testkit::TestApp;
use web::Module;

/// A job that cannot be done.
#[derive(Serialize, Deserialize)]
struct Hopeless {}

impl Job for Hopeless {
    const KIND: &'static str = "test.hopeless";
    const RETRY: Retry = Retry::never();
    async fn run(self, _: &JobCx) -> Outcome {
        Outcome::GiveUp("it cannot be done".into())
    }
}

async fn with_dead_job() -> TestApp {
    let test = Module::new("test").jobs(|registry| registry.job::<Hopeless>());
    let t = TestApp::new(vec![operations::module(), test]).await;
    let mut tx = t.db().begin().await.expect("it works");
    jobs::enqueue(&mut tx, &kernel::Ctx::system(&t.world), &Hopeless {})
        .await
        .expect("it works");
    tx.commit().await.expect("it works");
    t.run_jobs().await;
    t
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_7_a_dead_job_is_seen_and_restarted() {
    let t = with_dead_job().await;
    let mut ada = t.ada().await;
    let page = ada.get("/desk/vorgaenge/jobs").await.expect(200);
    assert!(page.says("test.hopeless") && page.says("it cannot be done") && page.says("1 von 1"));
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.action.ends_with("/neustart"))
        .unwrap();
    ada.send_form(&form, &[])
        .await
        .leads_to("/desk/vorgaenge/jobs");
    let page = ada.get("/desk/vorgaenge/jobs").await.expect(200);
    assert!(
        page.says("Die Aufgabe ist neu gestartet.") && page.says("Keine Aufgabe ist gescheitert.")
    );
    assert!(
        ada.get("/desk/vorgaenge/jobs?zustand=waiting")
            .await
            .says("test.hopeless")
    );
    let again = ada
        .send_form(&form, &[])
        .await
        .leads_to("/desk/vorgaenge/jobs");
    assert!(
        ada.follow(again)
            .await
            .says("läuft schon wieder oder ist erledigt")
    );
    assert!(t.acts(None).await.contains(&"job.restarted".to_owned()));
    t.run_jobs().await;
    let mut sven = t.sven().await;
    sven.get("/desk/vorgaenge/jobs").await.expect(403);
    sven.post_raw(&form.action, &[]).await.expect(403);
    sven.get("/desk/vorgaenge")
        .await
        .leads_to("/desk/vorgaenge/mails");
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_7_a_mail_is_read_and_sent_again() {
    let t = app().await;
    let id = queue(&t, t.cast.annas, "anna@adler.example", "Es wartet etwas").await;
    t.run_jobs().await;
    let mut sven = t.sven().await;
    for (query, found) in [
        ("", true),
        ("?zustand=sent", true),
        ("?zustand=dead", false),
        ("?an=ANNA%40", true),
        ("?an=bernd", false),
        ("?kunde=K-10001", true),
        ("?kunde=K-10004", false),
        ("?kunde=K-77777", false),
        ("?nach=quatsch&zustand=quatsch", true),
    ] {
        let page = sven
            .get(&format!("/desk/vorgaenge/mails{query}"))
            .await
            .expect(200);
        assert_eq!(page.says("Es wartet etwas"), found, "{query}");
    }
    let page = format!("/desk/vorgaenge/mails/{id}");
    let shown = sven.get(&page).await.expect(200);
    assert!(shown.says("es wartet etwas.") && shown.says("Anna Adler, K-10001"));
    let sent = sven
        .press(&page, &format!("{page}/senden"))
        .await
        .expect(303);
    assert!(
        sven.follow(sent)
            .await
            .says("Die E-Mail ist noch einmal auf dem Weg.")
    );
    t.run_jobs().await;
    assert_eq!(t.mails.len(), 2);
    assert!(
        t.acts(Some(t.cast.annas))
            .await
            .contains(&"mail.resent".to_owned())
    );
    let tab = format!("/desk/kunden/{}?reiter=mails-tab", t.cast.annas);
    assert!(sven.get(&tab).await.expect(200).says("Es wartet etwas"));
    sven.get("/desk/vorgaenge/mails/0190").await.expect(404);
    sven.get(&format!("/desk/vorgaenge/mails/{}", kernel::Uuid::nil()))
        .await
        .expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_7_a_mail_that_is_given_up_stands_once_in_the_customers_log() {
    let t = app().await;
    let link = mail::Slot {
        name: "link",
        value: kernel::Secret::new("geheim"),
        expires: Some(t.world.now() + Duration::from_secs(1)),
    };
    let id = queue_with(
        &t,
        t.cast.annas,
        "anna@adler.example",
        "Kommt nicht an",
        vec![link],
    )
    .await;
    t.wait(Duration::from_secs(2));
    t.run_jobs().await;
    t.wait(Duration::from_secs(1));
    t.run_jobs().await;
    let acts = t.acts(Some(t.cast.annas)).await;
    assert_eq!(acts.iter().filter(|act| *act == "mail.failed").count(), 1);
    let mut sven = t.sven().await;
    let page = sven
        .get("/desk/vorgaenge/mails?zustand=dead")
        .await
        .expect(200);
    assert!(page.says("Kommt nicht an") && page.says("its link has expired"));
    let one = format!("/desk/vorgaenge/mails/{id}");
    let page = sven.get(&one).await.expect(200);
    assert!(page.says("[Link entfernt]") && page.says("einen Link, der nicht mehr gilt"));
    assert!(
        !page.html.contains("geheim")
            && page
                .forms()
                .iter()
                .all(|form| !form.action.ends_with("/senden"))
    );
    let csrf = page
        .forms()
        .into_iter()
        .find_map(|f| f.fields.into_iter().find(|(n, _)| n == "csrf"))
        .unwrap()
        .1;
    let sent = sven
        .post_raw(&format!("{one}/senden"), &[("csrf", &csrf)])
        .await
        .leads_to(&one);
    assert!(
        sven.follow(sent)
            .await
            .says("gilt nicht mehr, sie wurde nicht gesendet")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_7_a_dead_job_is_discarded_once() {
    let t = with_dead_job().await;
    let mut ada = t.ada().await;
    let page = ada.get("/desk/vorgaenge/jobs").await.expect(200);
    let form = page
        .forms()
        .into_iter()
        .find(|form| form.action.ends_with("/verwerfen"))
        .unwrap();
    t.sven().await.post_raw(&form.action, &[]).await.expect(403);
    for says in [
        "Die Aufgabe ist verworfen.",
        "läuft schon wieder oder ist erledigt",
    ] {
        let done = ada
            .send_form(&form, &[])
            .await
            .leads_to("/desk/vorgaenge/jobs");
        let page = ada.follow(done).await;
        assert!(page.says(says) && page.says("Keine Aufgabe ist gescheitert."));
    }
    let acts = t.acts(None).await;
    assert_eq!(acts.iter().filter(|act| *act == "job.discarded").count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_7_a_dead_letter_is_found_from_its_job_and_lists_page_by_key() {
    let t = app().await;
    for number in 0..30 {
        let link = mail::Slot {
            name: "link",
            value: kernel::Secret::new("geheim"),
            expires: Some(t.world.now() + Duration::from_secs(1)),
        };
        let subject = format!("Kommt nicht an {number}");
        queue_with(&t, t.cast.annas, "anna@adler.example", &subject, vec![link]).await;
    }
    t.wait(Duration::from_secs(5));
    t.run_jobs().await;
    let mut ada = t.ada().await;
    let page = ada.get("/desk/vorgaenge/jobs").await.expect(200);
    assert!(page.says("E-Mail senden") && page.says("Gescheitert 30"));
    let rows = page.links("/desk/vorgaenge/mails/");
    assert_eq!(rows.len(), 25);
    let letter = ada.get(&rows[0]).await.expect(200);
    assert!(letter.says("Nicht zustellbar") && letter.says("its link has expired"));
    let log = ada
        .get(&letter.link("/desk/protokoll?gegenstand=mail"))
        .await
        .expect(200);
    assert!(log.says("E-Mail nicht zustellbar") && log.says("Anna Adler, K-10001"));
    let older = page
        .links("/desk/vorgaenge/jobs?")
        .into_iter()
        .find(|link| link.contains("nach="))
        .unwrap();
    let rest = ada.get(&older).await.expect(200);
    assert_eq!(rest.links("/desk/vorgaenge/mails/").len(), 5);
    let mails = ada
        .get("/desk/vorgaenge/mails?zustand=dead")
        .await
        .expect(200);
    assert!(mails.says("Anna Adler, K-10001"));
}

/// What the start page counts: the number, and where it leads.
fn figures(page: &testkit::Answer) -> Vec<(i64, String)> {
    let of = |part: &str| {
        let (href, rest) = part.split_once('"').unwrap();
        let (_, rest) = rest.split_once("class=\"amount\">").unwrap();
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        (digits.parse().unwrap(), href.replace("&amp;", "&"))
    };
    page.html.split("<dt><a href=\"").skip(1).map(of).collect()
}

/// The rows of a list, on all of its pages.
async fn rows(client: &mut testkit::Client, list: &str) -> i64 {
    let (mut found, mut next) = (0, Some(list.to_owned()));
    while let Some(path) = next.take() {
        let page = client.get(&path).await.expect(200);
        found += i64::try_from(page.html.matches("<th scope=\"row\">").count()).unwrap();
        let links = page.html.split("href=\"").skip(1);
        let mut links = links.filter_map(|link| link.split('"').next());
        next = links
            .find(|link| link.contains("nach="))
            .map(|link| link.replace("&amp;", "&").replace("&#x2f;", "/"));
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_2_a_number_on_the_start_page_is_what_its_list_shows() {
    let t = with_dead_job().await;
    let lost = || mail::Slot {
        name: "link",
        value: kernel::Secret::new("geheim"),
        expires: Some(t.world.now() + Duration::from_secs(1)),
    };
    for _ in 0..27 {
        queue_with(&t, t.cast.annas, "anna@adler.example", "Weg", vec![lost()]).await;
    }
    t.wait(Duration::from_secs(5));
    t.run_jobs().await;
    for subject in ["Wartet", "Noch einmal", "Und noch einmal"] {
        queue(&t, t.cast.annas, "anna@adler.example", subject).await;
    }
    let mut tx = t.db().begin().await.expect("it works");
    let stmt = db::sql!(
        "UPDATE mails SET state = 'failed' WHERE subject <> 'Wartet' AND state = 'queued'"
    );
    tx.exec(stmt, db::params![]).await.expect("it works");
    tx.commit().await.expect("it works");
    let mut ada = t.ada().await;
    let page = ada.get("/desk").await.expect(200);
    assert!(page.says("Aufgaben gescheitert") && page.says("E-Mails vor neuem Versuch"));
    let counted = figures(&page);
    let numbers: Vec<i64> = counted.iter().map(|(count, _)| *count).collect();
    // mails that came to nothing, wait, and are tried again; their jobs among all jobs
    assert_eq!(numbers, [27, 1, 2, 28, 3], "{counted:?}");
    for (count, list) in counted {
        assert_eq!(rows(&mut ada, &list).await, count, "{list}");
    }
    t.run_jobs().await;
}
