use crate::{Bench, LINK, START, activation, notice};
use kernel::Locale;
use mail::{Catcher, State};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_goes_out_after_commit_or_never() {
    let catcher = Catcher::new();
    let bench = Bench::new(catcher.clone()).await;
    let mut tx = bench.db.begin().await.unwrap();
    mail::queue(&mut tx, &bench.ctx(), notice("anna@example.org"))
        .await
        .unwrap();
    drop(tx);
    bench.drain().await;
    assert!(catcher.is_empty());
    let id = bench.queue(notice("anna@example.org")).await;
    assert_eq!(bench.one(id).await.state, State::Queued);
    bench.drain().await;
    let letter = catcher.last_to("anna@example.org").unwrap();
    assert_eq!(letter.id, id);
    assert_eq!(letter.message_id, format!("<{id}@portal.example.org>"));
    let kept = bench.one(id).await;
    assert_eq!(
        (kept.state, kept.attempts, kept.sent_at),
        (State::Sent, 1, Some(START))
    );
    assert_eq!(kept.message_id, Some(letter.message_id));
    assert_eq!(bench.jobs().await, jobs::Counts::default());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_in_the_mail_and_nowhere_else() {
    let catcher = Catcher::new();
    let bench = Bench::new(catcher.clone()).await;
    let id = bench.queue(activation("anna@example.org")).await;
    let sealed = bench.sealed().await;
    assert_eq!(sealed.len(), 1);
    let secret = b"schluessel";
    assert!(!sealed[0].windows(secret.len()).any(|part| part == secret));
    bench.drain().await;
    let letter = catcher.last_to("anna@example.org").unwrap();
    assert_eq!(letter.text, format!("Guten Tag,\n\n{LINK}\n"));
    assert_eq!(
        letter.html,
        format!(
            "<p><a href=\"{}\">Bestätigen</a></p>",
            LINK.replace('&', "&amp;")
        )
    );
    assert_eq!(bench.sealed().await.len(), 0, "wiped on delivery");
    let kept = bench.one(id).await;
    assert_eq!(kept.text, "Guten Tag,\n\n[Link entfernt]\n");
    assert_eq!(
        kept.html,
        "<p><a href=\"[Link entfernt]\">Bestätigen</a></p>"
    );
    let english = mail::Draft {
        locale: Locale::En,
        ..activation("bernd@example.org")
    };
    let id = bench.queue(english).await;
    assert_eq!(bench.one(id).await.text, "Guten Tag,\n\n[link removed]\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_link_is_wiped_and_its_mail_not_sent() {
    let catcher = Catcher::new();
    let bench = Bench::new(catcher.clone()).await;
    // the schedules are noted
    bench.drain().await;
    let id = bench.queue(activation("anna@example.org")).await;
    bench.advance(DAY);
    bench.drain().await;
    assert!(catcher.is_empty());
    assert_eq!(bench.one(id).await.state, State::Dead);
    assert_eq!(*bench.failed.lock().unwrap(), [id.to_string()]);
    assert_eq!(bench.sealed().await.len(), 0, "wiped by its schedule");
    assert!(!bench.one(id).await.can_resend);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_was_replaced_is_not_sent_any_more() {
    let catcher = Catcher::new();
    let bench = Bench::new(catcher.clone()).await;
    let id = bench.queue(activation("anna@example.org")).await;
    let mut tx = bench.db.begin().await.unwrap();
    mail::wipe(&mut tx, &bench.ctx(), id).await.unwrap();
    tx.commit().await.unwrap();
    bench.drain().await;
    assert!(catcher.is_empty());
    assert_eq!(bench.one(id).await.state, State::Dead);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_job_run_twice_sends_once() {
    let catcher = Catcher::new();
    let bench = Bench::new(catcher.clone()).await;
    let id = bench.queue(notice("anna@example.org")).await;
    let mut tx = bench.db.begin().await.unwrap();
    jobs::enqueue(&mut tx, &bench.ctx(), &mail::SendMail { mail: id })
        .await
        .unwrap();
    tx.commit().await.unwrap();
    bench.drain().await;
    assert_eq!(catcher.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_looks_like_a_slot_but_is_none_stays() {
    let catcher = Catcher::new();
    let bench = Bench::new(catcher.clone()).await;
    let text = "{{slot:other}} {{slot:link".to_owned();
    bench
        .queue(mail::Draft {
            text: text.clone(),
            html: String::new(),
            ..notice("anna@example.org")
        })
        .await;
    bench.drain().await;
    assert_eq!(catcher.all()[0].text, text);
}
