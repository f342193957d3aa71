//! The desk's queue.

use crate::{app, at_desk, write};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_a_new_message_is_at_once_before_all_staff() {
    let t = app().await;
    let (mut anna, mut sven, mut berta) = (t.anna().await, t.sven().await, t.berta().await);
    assert!(
        sven.get("/desk/tickets")
            .await
            .expect(200)
            .says("Alles beantwortet.")
    );
    let thread = write(&mut anna, "Brennt es?").await;
    for staff in [&mut sven, &mut berta] {
        for path in [
            "/desk/tickets",
            "/desk/tickets/liste",
            "/desk/tickets?zustand=neu",
        ] {
            let page = staff.get(path).await.expect(200);
            assert!(page.says("Brennt es?") && page.says("Anna Adler"), "{path}");
            assert_eq!(
                page.link("/desk/tickets/0").split('?').next(),
                Some(at_desk(&thread).as_str())
            );
        }
    }
    let fragment = sven.get("/desk/tickets/liste").await.expect(200);
    assert!(!fragment.html.contains("<html"));
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_the_queue_is_filtered() {
    let t = app().await;
    let (mut anna, mut fremd, mut sven) = (t.anna().await, t.fremd().await, t.sven().await);
    let late = write(&mut anna, "Überweisung fehlt").await;
    let answered = write(&mut anna, "Beantwortet schon").await;
    sven.fill(&at_desk(&answered), &[("text", "Ja.")])
        .await
        .expect(303);
    let closed = write(&mut fremd, "Geschlossen schon").await;
    sven.press(
        &at_desk(&closed),
        &format!("{}/schliessen", at_desk(&closed)),
    )
    .await
    .expect(303);
    t.wait(DAY + Duration::from_secs(1));
    // a session at the desk ends within the day
    let mut sven = t.sven().await;
    let mut fremd = t.fremd().await;
    write(&mut fremd, "Gerade eben").await;
    let subjects = [
        "Überweisung fehlt",
        "Beantwortet schon",
        "Geschlossen schon",
        "Gerade eben",
    ];
    for (query, found) in [
        ("", vec![0, 3]),
        ("?zustand=neu", vec![0, 3]),
        ("?zustand=wartend", vec![1]),
        ("?zustand=ueberfaellig", vec![0]),
        ("?zustand=geschlossen", vec![2]),
        ("?zustand=alle", vec![0, 1, 2, 3]),
        ("?zustand=alle&suche=ueberw", vec![0]),
        ("?zustand=alle&suche=%C3%9Cberweisung", vec![0]),
        ("?zustand=alle&suche=fehlt", vec![]),
        ("?zustand=alle&suche=k-10001", vec![0, 1]),
        ("?suche=10001", vec![0]),
        ("?suche=99999", vec![]),
        ("?zustand=quatsch&nach=quatsch", vec![0, 3]),
    ] {
        let page = sven.get(&format!("/desk/tickets{query}")).await.expect(200);
        for (at, subject) in subjects.iter().enumerate() {
            assert_eq!(
                page.says(subject),
                found.contains(&at),
                "{query}: {subject}"
            );
        }
    }
    let page = sven
        .get(&format!("{}?zustand=alle&suche=k-10001", at_desk(&late)))
        .await
        .expect(200);
    assert!(page.says("Wartet seit") && page.says("K-10001"));
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_the_queue_pages_by_key() {
    let t = app().await;
    let mut anna = t.anna().await;
    for number in 0..27 {
        t.wait(Duration::from_secs(1));
        write(&mut anna, &format!("Nummer {number:02}")).await;
    }
    let mut sven = t.sven().await;
    for show in ["neu", "alle"] {
        let first = sven
            .get(&format!("/desk/tickets?zustand={show}"))
            .await
            .expect(200);
        assert!(
            first.says("Nummer 26") && first.says("Nummer 02") && !first.says("Nummer 01"),
            "{show}"
        );
        let older = first
            .links("/desk/tickets?")
            .into_iter()
            .find(|link| link.contains("nach="))
            .unwrap();
        let second = sven.get(&older).await.expect(200);
        assert!(
            second.says("Nummer 01") && second.says("Nummer 00") && !second.says("Nummer 02"),
            "{show}"
        );
    }
    // where all wait for us, what is due first stands first
    let first = sven.get("/desk/tickets").await.expect(200);
    // whichever is opened, it stands in the queue beside it
    let all = first.links("/desk/tickets/");
    let tickets: Vec<&String> = all.iter().filter(|link| link.len() > 45).collect();
    assert_eq!(tickets.len(), 25);
    for link in tickets {
        let page = sven.get(link).await.expect(200);
        assert!(page.html.contains("aria-current=\"true\""), "{link}");
    }
    assert!(first.says("Nummer 00") && first.says("Nummer 24") && !first.says("Nummer 25"));
    let mut links = first.links("/desk/tickets?").into_iter();
    let next = links.rfind(|link| link.contains("nach=")).unwrap();
    let second = sven.get(&next).await.expect(200);
    assert!(second.says("Nummer 25") && second.says("Nummer 26") && !second.says("Nummer 24"));
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_an_answer_to_a_thread_that_went_on_is_not_sent_and_kept() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let thread = write(&mut anna, "Erste Frage").await;
    let form = sven.get(&at_desk(&thread)).await.form_with("text");
    anna.fill(&thread, &[("text", "Und noch etwas")])
        .await
        .expect(303);
    let page = sven
        .send_form(&form, &[("text", "Meine Antwort")])
        .await
        .expect(409);
    assert!(page.says("In der Zwischenzeit ist etwas dazugekommen."));
    assert!(page.says("Und noch etwas") && page.says("Meine Antwort"));
    assert!(
        !t.acts(Some(t.cast.annas))
            .await
            .contains(&"message.answered".to_owned())
    );
    let form = page.form_with("text");
    sven.send_form(&form, &[]).await.leads_to(&at_desk(&thread));
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sup_8_answering_closing_and_opening_again() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let thread = write(&mut anna, "Eine Frage").await;
    let desk = at_desk(&thread);
    let sent = sven
        .fill(&desk, &[("text", "Die Antwort"), ("dann", "schliessen")])
        .await
        .leads_to(&desk);
    let page = sven.follow(sent).await;
    assert!(page.says("die Nachricht ist geschlossen") && page.says("Wieder öffnen"));
    assert!(anna.get(&thread).await.says("Geschlossen"));
    sven.press(&desk, &format!("{desk}/oeffnen"))
        .await
        .leads_to(&desk);
    let page = sven.get(&desk).await.expect(200);
    assert!(page.says("hat die Nachricht wieder geöffnet") && page.says("Wartet auf Kunden"));
    // once more does nothing
    let form = page.form_to(&format!("{desk}/schliessen"));
    sven.send_form(&form, &[]).await.leads_to(&desk);
    sven.send_form(&form, &[]).await.leads_to(&desk);
    let acts = t.acts(Some(t.cast.annas)).await;
    let of = |act: &str| acts.iter().filter(|a| *a == act).count();
    assert_eq!(
        (
            of("message.answered"),
            of("message.closed"),
            of("message.reopened")
        ),
        (1, 2, 1)
    );
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_4_the_customer_file_and_the_search_know_messages() {
    let t = app().await;
    let (mut anna, mut sven) = (t.anna().await, t.sven().await);
    let thread = write(&mut anna, "Umlaute wie Ö").await;
    let file = format!("/desk/kunden/{}?reiter=desk-tickets", t.cast.annas);
    let page = sven.get(&file).await.expect(200);
    assert!(page.says("Umlaute wie Ö"));
    assert_eq!(page.link("/desk/tickets/0"), at_desk(&thread));
    let all = page.link("/desk/tickets?zustand=alle");
    assert!(sven.get(&all).await.expect(200).says("Umlaute wie Ö"));
}
