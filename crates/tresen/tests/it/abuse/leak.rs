//! What staff writes for itself: notes in tickets, articles for staff, drafts.

use super::ANNA;
use crate::whole;
use kernel::Actor;
use std::collections::BTreeSet;
use testkit::{Client, TestApp};

/// Stands in everything that is for staff alone.
const INTERNAL: &str = "Kranichzug";
const PARTNER: &str = "paul@partner.example";

/// A ticket of Anna's in which somebody else takes part; a note with a file and a link stands before the answer.
async fn noted(t: &TestApp) -> (String, String) {
    let mut anna = t.anna().await;
    let fill = [("subject", "Die Kasse"), ("text", "Sie zeigt 502.")];
    let sent = anna.fill("/tickets/neu", &fill).await.expect(303);
    let ticket = sent.location().to_owned();
    anna.fill(&format!("{ticket}/personen"), &[("emails", PARTNER)])
        .await
        .expect(303);
    let desk = format!("/desk{ticket}");
    let mut ada = t.ada().await;
    let note = format!("{INTERNAL}: zahlt nie. Siehe /wissen/artikel/intern-anleitung");
    let form = ada.get(&desk).await.expect(200).form_with("note");
    let file = format!("{INTERNAL}.txt");
    let files: [(&str, &str, &[u8]); 1] = [("note_files", &file, INTERNAL.as_bytes())];
    ada.send_parts(&form, &[("note", &note)], &files)
        .await
        .expect(303);
    ada.fill(&desk, &[("text", "Wir sehen nach.")]).await;
    t.run_jobs().await;
    assert!(ada.get(&desk).await.says(INTERNAL));
    (ticket, desk)
}

/// Articles that are not for customers.
async fn articles(t: &TestApp) {
    let article = |name: &str, head: &str| {
        (
            format!("kasse/{name}.de.md"),
            format!("---\ntitle: Kasse {INTERNAL}\n{head}\n---\nDie Kasse {INTERNAL}\n"),
        )
    };
    let files = [
        article("intern-anleitung", "audience: staff"),
        article("entwurf", "state: draft"),
        article("spaeter", "published: 2099-01-01T00:00:00Z"),
        article("abgelegt", "state: archived"),
    ];
    let mut tx = t.db().begin().await.unwrap();
    let ctx = t.ctx(Actor::System);
    knowledge::transfer::import(&mut tx, &ctx, &files)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    t.run_jobs().await;
}

/// Everything that links lead to from these pages on, as this person sees it.
async fn walk(client: &mut Client, from: &[&str]) -> BTreeSet<String> {
    let mut open: Vec<String> = from.iter().map(|path| (*path).to_owned()).collect();
    let mut seen = BTreeSet::new();
    while let Some(path) = open.pop() {
        if seen.len() >= 400 || !seen.insert(path.clone()) {
            continue;
        }
        let page = client.get(&path).await;
        // a search repeats what was asked in its field
        let said = match path.contains("suche=") {
            true => page.text(),
            false => page.html.clone(),
        };
        assert!(!said.contains(INTERNAL), "{path}: {}", page.text());
        for link in page.links("/") {
            let link = link.split('#').next().unwrap_or_default().to_owned();
            if !link.starts_with("/assets") && !link.starts_with("//") && !seen.contains(&link) {
                open.push(link);
            }
        }
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn draft_leak() {
    let t = whole().await;
    articles(&t).await;
    let (ticket, desk) = noted(&t).await;
    // what the desk does with a ticket brings nothing out either: moved, merged, closed, answered once more
    let mut ada = t.ada().await;
    let fill = [("subject", "Noch etwas"), ("text", "Und der Drucker.")];
    let other = t.anna().await.fill("/tickets/neu", &fill).await;
    let other = other.location().to_owned();
    t.run_jobs().await;
    let page = t.anna().await.get(&other).await.expect(200);
    let number = page.text();
    let number = number.split('#').nth(1).unwrap();
    let number: String = number.chars().take_while(char::is_ascii_digit).collect();
    ada.fill(&format!("{desk}/zusammenfuehren"), &[("number", &number)])
        .await
        .expect(303);
    let merged = format!("/desk{other}");
    assert!(ada.get(&merged).await.says(INTERNAL));
    ada.fill(&merged, &[("text", "Und nun?")]).await;
    t.run_jobs().await;
    // all that Anna and a guest can open
    let search = format!("/wissen?suche={INTERNAL}");
    let tickets = format!("/tickets?suche={INTERNAL}");
    let starts = [
        "/",
        "/konto",
        "/tickets",
        "/nachrichten",
        "/wissen",
        "/konto/mails",
        &search,
        &tickets,
        &ticket,
        &other,
    ];
    let seen = walk(&mut t.anna().await, &starts).await;
    for path in [&ticket, &other] {
        assert!(seen.contains(path), "{path}");
    }
    assert!(
        seen.len() > 20 && seen.iter().any(|path| path.starts_with("/konto/mails/")),
        "{seen:?}"
    );
    walk(&mut t.guest(), &["/", "/wissen", &search]).await;
    for slug in ["intern-anleitung", "entwurf", "spaeter", "abgelegt"] {
        for mut client in [t.anna().await, t.guest()] {
            client
                .get(&format!("/wissen/artikel/{slug}"))
                .await
                .expect(404);
        }
    }
    // the file of the note, by its id
    let page = ada.get(&merged).await.expect(200);
    let file = page.link("/desk/dateien/");
    assert!(ada.get(&file).await.expect(200).html.contains(INTERNAL));
    let file = file.replace("/desk/dateien/", "/tickets/dateien/");
    t.anna().await.get(&file).await.expect(404);
    // what is offered while one writes
    let mut anna = t.anna().await;
    let form = anna.get("/tickets/neu").await.form_with("subject");
    let fill = [
        ("subject", INTERNAL),
        ("text", "Die Kasse"),
        ("vorschlaege", "1"),
    ];
    let offered = anna.send_form(&form, &fill).await;
    assert!(
        !offered.text().contains("Kasse Kranichzug"),
        "{}",
        offered.text()
    );
    // every mail to those outside, whole
    let mut mails = 0;
    for letter in t.mails.all() {
        if [ANNA, PARTNER].contains(&letter.to.as_str()) {
            mails += 1;
            let raw = String::from_utf8(letter.raw().unwrap()).unwrap();
            let all = format!("{raw}{}{}{}", letter.subject, letter.text, letter.html);
            assert!(!all.contains(INTERNAL), "{all}");
        }
    }
    assert!(mails >= 4, "{mails}");
}
