//! Threads and the mails about them: sending twice, markup, headers.

use super::{
    ANNA, MARKUP, STREET, at_once, count, form_urlencoded, plain, register, statuses, value, write,
};
use crate::whole;
use db::{params, sql};
use std::collections::BTreeSet;
use std::time::Duration;
use testkit::{Answer, Client, PageForm, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn double_submit() {
    let t = whole().await;
    let mut anna = t.anna().await;
    let message = anna.get("/nachrichten/neu").await.form_with("text");
    let answers = at_once(&anna, &message, &[("text", "Einmal, bitte")], 20).await;
    let places: BTreeSet<&str> = answers.iter().map(Answer::location).collect();
    assert!(
        statuses(&answers).iter().all(|s| *s == 303),
        "{:?}",
        statuses(&answers)
    );
    assert_eq!(places.len(), 1, "{places:?}");
    assert_eq!(
        (count(&t, "tickets").await, count(&t, "entries").await),
        (1, 1)
    );
    let address = anna.get("/konto/adressen/neu").await.form_with("street");
    let answers = at_once(&anna, &address, STREET, 20).await;
    assert!(
        statuses(&answers).iter().all(|s| *s == 303),
        "{:?}",
        statuses(&answers)
    );
    assert_eq!(count(&t, "addresses").await, 1);
    // the answer of the desk, and the mail it sends
    let thread = answers_place(&mut anna)
        .await
        .replace("/nachrichten/", "/desk/tickets/");
    let mut sven = t.sven().await;
    let form = sven.get(&thread).await.form_with("text");
    let answers = at_once(&sven, &form, &[("text", "Gern")], 20).await;
    assert!(
        statuses(&answers).iter().all(|s| *s == 303),
        "{:?}",
        statuses(&answers)
    );
    assert_eq!(count(&t, "entries").await, 2);
    t.run_jobs().await;
    assert_eq!(
        t.mails
            .all()
            .iter()
            .filter(|l| l.to.as_str() == ANNA)
            .count(),
        1
    );
    // other words under the same key are not swallowed
    let changed = anna.send_form(&message, &[("text", "Etwas anderes")]).await;
    assert_eq!(changed.status.as_u16(), 409);
    // a key of somebody else's means nothing
    let mut fremd = t.fremd().await;
    let own = fremd.get("/nachrichten/neu").await.form_with("text");
    let key = value(&message, "key");
    let sent = fremd
        .send_form(&own, &[("key", &key), ("text", "Einmal, bitte")])
        .await
        .expect(303);
    assert!(!places.contains(sent.location()));
    t.run_jobs().await;
}

async fn answers_place(client: &mut Client) -> String {
    client.get("/nachrichten").await.link("/nachrichten/0")
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_ticket_edit() {
    let t = whole().await;
    let mut anna = t.anna().await;
    let thread = write(&mut anna, "Es geht los").await;
    let desk = thread.replace("/nachrichten/", "/desk/tickets/");
    let mut sven = t.sven().await;
    let page = anna.get(&thread).await;
    let (reply, close) = (
        page.form_with("text"),
        page.form_to(&format!("{thread}/schliessen")),
    );
    let page = sven.get(&desk).await;
    let (answer, shut) = (
        page.form_with("text"),
        page.form_to(&format!("{desk}/schliessen")),
    );
    // each of these is a new act: the forms' keys are taken away
    let bare = |form: &PageForm| {
        let mut form = form.clone();
        form.fields.retain(|(n, _)| n != "key");
        form
    };
    let (reply, close, answer, shut) = (bare(&reply), bare(&close), bare(&answer), bare(&shut));
    let (replies, closes, answers, shuts) = tokio::join!(
        at_once(&anna, &reply, &[("text", "Noch etwas")], 8),
        at_once(&anna, &close, &[], 4),
        at_once(&sven, &answer, &[("text", "Guten Tag")], 8),
        at_once(&sven, &shut, &[], 4)
    );
    let codes = [
        statuses(&replies),
        statuses(&closes),
        statuses(&answers),
        statuses(&shuts),
    ];
    assert!(
        codes.iter().flatten().all(|s| matches!(s, 303 | 409)),
        "{codes:?}"
    );
    assert!(
        codes[0].iter().all(|s| *s == 303),
        "a customer's words are always taken: {codes:?}"
    );
    let kept = codes[2].iter().filter(|s| **s == 409).count();
    assert!(
        answers
            .iter()
            .filter(|a| a.status.as_u16() == 409)
            .all(|a| a.html.contains("Guten Tag")),
        "entries are kept"
    );
    let page = anna.get(&thread).await.expect(200);
    assert_eq!(page.text().matches("Noch etwas").count(), 8);
    let words = page.text().matches("Guten Tag").count();
    assert_eq!(words, 8 - kept);
    // no entry has another's place
    let mut tx = t.db().read().await.unwrap();
    let rows: Vec<(i64,)> = tx
        .all(
            sql!((i64,), "SELECT seq FROM ticket_entries ORDER BY seq"),
            params![],
        )
        .await
        .unwrap();
    let (entries,): (i64,) = tx
        .one(sql!((i64,), "SELECT entries FROM tickets"), params![])
        .await
        .unwrap();
    drop(tx);
    assert_eq!(
        rows.iter().map(|(n,)| *n).collect::<Vec<_>>(),
        (1..=entries).collect::<Vec<_>>()
    );
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ticket_subject_template() {
    let t = whole().await;
    let mut sven = t.sven().await;
    let mut ada = t.ada().await;
    for (nth, evil) in MARKUP.iter().enumerate() {
        let mut anna = t.anna().await;
        let thread = write(&mut anna, evil).await;
        let mut fill = STREET.to_vec();
        fill.retain(|(n, _)| !matches!(*n, "street" | "town"));
        fill.extend([
            ("street", *evil),
            ("town", *evil),
            ("company", *evil),
            ("extra", *evil),
        ]);
        anna.fill("/konto/adressen/neu", &fill).await;
        let desk = thread.replace("/nachrichten/", "/desk/tickets/");
        sven.fill(&desk, &[("text", evil)]).await.expect(303);
        let file = format!("/desk/kunden/{}", t.cast.annas);
        let pages = [
            anna.get(&thread).await,
            anna.get("/nachrichten").await,
            anna.get("/konto").await,
            anna.get("/konto/adressen").await,
            sven.get(&desk).await,
            sven.get("/desk/tickets").await,
            sven.get("/desk/tickets?zustand=alle").await,
            sven.get(&file).await,
            sven.get(&format!("{file}?reiter=message-nav")).await,
            ada.get("/desk/protokoll").await,
            ada.get("/desk").await,
            sven.get(&format!(
                "/desk/suche?suche={}",
                String::from_utf8(form_urlencoded(&[("", evil)]))
                    .unwrap()
                    .trim_start_matches('=')
            ))
            .await,
        ];
        for (at, page) in pages.into_iter().enumerate() {
            let page = page.expect(200);
            plain(&page.html, &format!("{nth} {evil} on page {at}"));
            assert!(
                !page.html.contains(">49<") && !page.html.contains("49</"),
                "{evil}"
            );
        }
        let shown = anna.get(&thread).await;
        assert!(
            shown.says(evil),
            "{evil}: the very characters stand there: {}",
            shown.text()
        );
        t.run_jobs().await;
        let letter = t.mails.last_to(ANNA).unwrap();
        assert!(
            !letter.text.contains(evil) && !letter.html.contains(evil),
            "no text of the thread in mails"
        );
        // wrong entries are shown again, as characters
        let again = anna
            .fill(
                "/konto/adressen/neu",
                &[("street", evil), ("postcode", evil), ("phone", evil)],
            )
            .await
            .expect(422);
        plain(&again.html, evil);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_header_injection() {
    let t = whole().await;
    for (nth, name) in [
        "Jana <eva@evil.test>",
        "\"Jana\" Bcc: eva@evil.test",
        "Jana, eva@evil.test",
        "=?utf-8?q?Jana=0D=0ABcc:_eva@evil.test?=",
        "J\u{e4}na <b>",
        "Jana;eva@evil.test:",
        "(Jana)",
        "Jana\\",
        "\u{202e}anaJ",
        "\u{2028}Jana",
        "{{slot:link}}",
        "<script>alert(1)</script>",
    ]
    .iter()
    .enumerate()
    {
        t.wait(Duration::from_secs(3700));
        let email = format!("jana{nth}@post.example");
        let mut guest = t.guest();
        let answer = register(&mut guest, name, name, &email).await;
        if answer.status.as_u16() == 422 {
            continue;
        }
        let letter = t.mail_to(&email).await;
        assert!(!letter.text.contains(name), "the link's mail names nobody");
        let link = TestApp::link_in(&letter);
        let page = guest.get(&link).await.expect(200);
        plain(&page.html, name);
        let fill = [
            ("password", "Muscheln-am-Strand-7"),
            ("password_repeat", "Muscheln-am-Strand-7"),
        ];
        let start = guest.fill(&link, &fill).await;
        plain(&guest.follow(start).await.html, name);
        // now a mail that names the person
        register(&mut t.guest(), "x", "y", &email).await.expect(303);
        let letter = t.mail_to(&email).await;
        assert!(
            letter.text.contains("Passwort")
                || letter.to_name.contains("Jana")
                || !letter.to_name.is_empty()
        );
        let raw = String::from_utf8(letter.raw().unwrap()).unwrap();
        let (head, _) = raw.split_once("\r\n\r\n").unwrap();
        let fields: Vec<&str> = head
            .split("\r\n")
            .filter(|l| !l.starts_with([' ', '\t']))
            .map(|l| l.split(':').next().unwrap())
            .collect();
        let known: BTreeSet<&str> = fields.iter().copied().collect();
        assert_eq!(known.len(), fields.len(), "{head}");
        assert!(
            known.iter().all(|f| [
                "From",
                "To",
                "Subject",
                "Message-ID",
                "Date",
                "Auto-Submitted",
                "X-Auto-Response-Suppress",
                "MIME-Version",
                "Content-Type"
            ]
            .contains(f)),
            "{head}"
        );
        assert!(
            !raw.replace("\r\n", "").contains(['\r', '\n']),
            "bare line ends"
        );
        assert!(!letter.html.contains("<script>") && !letter.html.contains("<b>,"));
        assert_eq!(letter.to.as_str(), email);
        let to = head
            .split("\r\nTo:")
            .nth(1)
            .unwrap()
            .split("\r\n")
            .next()
            .unwrap();
        assert!(!to.contains("eva@evil.test>"), "{to}");
    }
    for line in [
        "Jana\r\nBcc: eva@evil.test",
        "Jana\nX: y",
        "Ja\0na",
        "Jana\u{85}x",
    ] {
        register(&mut t.guest(), line, "Petersen", "j@post.example")
            .await
            .expect(422);
        register(
            &mut t.guest(),
            "Jana",
            "Petersen",
            &format!("j@post.example{line}"),
        )
        .await
        .expect(422);
    }
    t.run_jobs().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn subject_cut() {
    let t = whole().await;
    let mut anna = t.anna().await;
    // one character with marks without end, of kinds that no search key drops, and in no order that packs well
    let mut seed = 7_u32;
    let marks: String = std::iter::repeat_with(|| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from_u32(0x591 + (seed >> 16) % 28).unwrap()
    })
    .take(100_000)
    .collect();
    let thread = write(&mut anna, &format!("a{marks}\nUnd nun?")).await;
    // and characters that grow when they are folded
    let grown: String = (0..100)
        .map(|n| char::from_u32(0x3300 + n).unwrap())
        .collect();
    write(&mut anna, &format!("{}{grown}", "\u{FDFA}".repeat(50))).await;
    let list = anna.get("/nachrichten").await.expect(200);
    assert!(
        list.html.len() < 60_000,
        "a subject does not fill pages: {}",
        list.html.len()
    );
    assert!(anna.get(&thread).await.expect(200).says("Und nun?"));
    let queue = t
        .sven()
        .await
        .get("/desk/tickets?zustand=alle")
        .await
        .expect(200);
    assert!(queue.html.len() < 80_000, "{}", queue.html.len());
    // names that grow, too
    let name: String = (0..60)
        .map(|n| char::from_u32(0x3300 + n).unwrap())
        .collect();
    let other: String = (60..120)
        .map(|n| char::from_u32(0x3300 + n).unwrap())
        .collect();
    let mut guest = t.guest();
    register(&mut guest, &name, &other, "lang@post.example")
        .await
        .expect(303);
    let link = TestApp::link_in(&t.mail_to("lang@post.example").await);
    let fill = [
        ("password", "Muscheln-am-Strand-7"),
        ("password_repeat", "Muscheln-am-Strand-7"),
    ];
    guest.fill(&link, &fill).await.expect(303);
    t.run_jobs().await;
}
