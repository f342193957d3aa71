use crate::{Bench, activation, customer, notice};
use mail::{Catcher, Draft, Filter, MailId, Resend, State};
use std::time::Duration;

async fn listed(bench: &Bench, filter: Filter) -> Vec<MailId> {
    let mut tx = bench.db.read().await.unwrap();
    let mut found = Vec::new();
    let mut before = None;
    loop {
        let page = mail::list(&mut tx, &filter, before, 2).await.unwrap();
        let Some(last) = page.last() else {
            return found;
        };
        before = Some((last.created_at, last.id));
        found.extend(page.iter().map(|row| row.id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_7_mails_are_listed_by_state_customer_and_recipient() {
    let bench = Bench::new(Catcher::new()).await;
    let mut made = Vec::new();
    for (to, number) in [
        ("anna@a.de", 1),
        ("anna@b.de", 2),
        ("anne@a.de", 1),
        ("bernd@a.de", 1),
        ("anna@a.de", 1),
    ] {
        made.push(
            bench
                .queue(Draft {
                    customer: Some(customer(number)),
                    ..notice(to)
                })
                .await,
        );
        bench.advance(Duration::from_secs(1));
        if made.len() == 3 {
            bench.drain().await;
        }
    }
    let pick = |places: &[usize]| places.iter().map(|at| made[*at]).collect::<Vec<_>>();
    let all = Filter::default();
    let to = |to: &str| Some(to.to_owned());
    assert_eq!(listed(&bench, all.clone()).await, pick(&[4, 3, 2, 1, 0]));
    assert_eq!(
        listed(
            &bench,
            Filter {
                state: Some(State::Sent),
                ..all.clone()
            }
        )
        .await,
        pick(&[2, 1, 0])
    );
    assert_eq!(
        listed(
            &bench,
            Filter {
                state: Some(State::Queued),
                ..all.clone()
            }
        )
        .await,
        pick(&[4, 3])
    );
    assert_eq!(
        listed(
            &bench,
            Filter {
                customer: Some(customer(2)),
                ..all.clone()
            }
        )
        .await,
        pick(&[1])
    );
    assert_eq!(
        listed(
            &bench,
            Filter {
                customer: Some(customer(3)),
                ..all.clone()
            }
        )
        .await,
        []
    );
    assert_eq!(
        listed(
            &bench,
            Filter {
                to: to(" Ann"),
                ..all.clone()
            }
        )
        .await,
        pick(&[4, 2, 1, 0])
    );
    assert_eq!(
        listed(
            &bench,
            Filter {
                to: to("anna@a"),
                ..all.clone()
            }
        )
        .await,
        pick(&[4, 0])
    );
    let narrow = Filter {
        state: Some(State::Sent),
        customer: Some(customer(1)),
        to: to("anna"),
    };
    assert_eq!(listed(&bench, narrow).await, pick(&[0]));
    let sent_to = Filter {
        state: Some(State::Sent),
        customer: None,
        to: to("anna"),
    };
    assert_eq!(listed(&bench, sent_to).await, pick(&[1, 0]));
    let counts = bench.counts().await;
    assert_eq!((counts.queued, counts.sent), (2, 3));
}

async fn resend(bench: &Bench, id: MailId) -> Resend {
    let mut tx = bench.db.begin().await.unwrap();
    let done = mail::resend(&mut tx, &bench.ctx(), id).await.unwrap();
    tx.commit().await.unwrap();
    done
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_7_a_sent_mail_goes_again_as_a_new_one() {
    let catcher = Catcher::new();
    let bench = Bench::new(catcher.clone()).await;
    let id = bench.queue(notice("anna@example.org")).await;
    assert_eq!(resend(&bench, id).await, Resend::Underway);
    bench.drain().await;
    assert!(bench.one(id).await.can_resend);
    let Resend::Queued(copy) = resend(&bench, id).await else {
        panic!("it holds no link")
    };
    assert_ne!(copy, id);
    bench.drain().await;
    let letters = catcher.all();
    assert_eq!(letters.len(), 2);
    assert_ne!(letters[0].message_id, letters[1].message_id);
    assert_eq!(letters[0].text, letters[1].text);
    let mut tx = bench.db.read().await.unwrap();
    let acts = tx
        .all(
            db::sql!((String, String), "SELECT act, subject_id FROM audit"),
            db::params![],
        )
        .await
        .unwrap();
    assert_eq!(acts, [("mail.resent".to_owned(), id.to_string())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_7_a_delivered_link_is_not_sent_again() {
    let bench = Bench::new(Catcher::new()).await;
    let id = bench.queue(activation("anna@example.org")).await;
    bench.drain().await;
    assert!(!bench.one(id).await.can_resend);
    assert_eq!(resend(&bench, id).await, Resend::LinkGone);
    let mut tx = bench.db.begin().await.unwrap();
    let unknown = mail::resend(&mut tx, &bench.ctx(), MailId(kernel::Uuid::nil())).await;
    assert!(matches!(unknown, Err(db::Error::Missing)));
}
