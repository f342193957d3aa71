use crate::{ctx, database};
use identity::links::{self, LinkState, Target};
use kernel::Email;
use serde_json::json;
use std::time::Duration;

const DAYS_2: Duration = Duration::from_secs(48 * 3600);

fn target() -> Target {
    let email = Email::parse("anna@example.de").ok();
    Target {
        email,
        payload: json!({ "first_name": "Anna" }),
        ..Target::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_1_a_link_is_good_once() {
    let (db, world) = database().await;
    let ctx = ctx(&world);
    let mut tx = db.begin().await.unwrap();
    let token = links::issue(&mut tx, &ctx, "activation", target(), DAYS_2)
        .await
        .unwrap();
    let token = token.expose();
    // opening the page changes nothing
    for _ in 0..2 {
        let state = links::peek(&mut tx, "activation", token, ctx.now)
            .await
            .unwrap();
        let LinkState::Good(link) = state else {
            panic!("{state:?}")
        };
        assert_eq!(
            link.read::<serde_json::Value>().unwrap()["first_name"],
            "Anna"
        );
    }
    assert!(
        links::spend(&mut tx, &ctx, "activation", token)
            .await
            .unwrap()
            .is_ok()
    );
    let second = links::spend(&mut tx, &ctx, "activation", token)
        .await
        .unwrap();
    assert!(matches!(second, Err(LinkState::Used)));
    let state = links::peek(&mut tx, "activation", token, ctx.now)
        .await
        .unwrap();
    assert!(matches!(state, LinkState::Used));
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_1_a_link_that_is_old_altered_or_of_another_kind_is_refused() {
    let (db, world) = database().await;
    let now = ctx(&world);
    let mut tx = db.begin().await.unwrap();
    let token = links::issue(&mut tx, &now, "activation", target(), DAYS_2)
        .await
        .unwrap();
    let token = token.expose();
    let altered = format!("{token}A");
    for (kind, typed) in [
        ("activation", altered.as_str()),
        ("activation", ""),
        ("staff-invitation", token),
    ] {
        let spent = links::spend(&mut tx, &now, kind, typed).await.unwrap();
        assert!(matches!(spent, Err(LinkState::Unknown)), "{kind} {typed}");
    }
    world.advance(DAYS_2);
    let late = ctx(&world);
    let spent = links::spend(&mut tx, &late, "activation", token)
        .await
        .unwrap();
    assert!(matches!(spent, Err(LinkState::Expired)));
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_1_a_newer_link_takes_the_place_of_the_older() {
    let (db, world) = database().await;
    let ctx = ctx(&world);
    let mut tx = db.begin().await.unwrap();
    let old = links::issue(&mut tx, &ctx, "activation", target(), DAYS_2)
        .await
        .unwrap();
    let email = Email::parse("anna@example.de").unwrap();
    links::end_for_email(&mut tx, &ctx, "activation", &email)
        .await
        .unwrap();
    let new = links::issue(&mut tx, &ctx, "activation", target(), DAYS_2)
        .await
        .unwrap();
    let state = links::peek(&mut tx, "activation", old.expose(), ctx.now)
        .await
        .unwrap();
    assert!(matches!(state, LinkState::Expired));
    let state = links::peek(&mut tx, "activation", new.expose(), ctx.now)
        .await
        .unwrap();
    assert!(matches!(state, LinkState::Good(_)));
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn reset_token_twice_of_many_at_once_one_gets_it() {
    let (db, world) = database().await;
    let ctx = ctx(&world);
    let mut tx = db.begin().await.unwrap();
    let token = links::issue(&mut tx, &ctx, "reset", target(), DAYS_2)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let all = (0..20).map(|_| {
        let (db, ctx, token) = (db.counted(), ctx.clone(), token.clone());
        tokio::spawn(async move {
            let done = db::retry(|| async {
                let mut tx = db.begin().await?;
                let spent = links::spend(&mut tx, &ctx, "reset", token.expose())
                    .await?
                    .is_ok();
                tx.commit().await?;
                Ok(spent)
            });
            done.await.unwrap_or(false)
        })
    });
    let mut won = 0;
    for task in all.collect::<Vec<_>>() {
        won += usize::from(task.await.unwrap());
    }
    assert_eq!(won, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_1_what_an_unused_link_held_is_gone_after_its_end() {
    let (db, world) = database().await;
    let early = ctx(&world);
    let mut tx = db.begin().await.unwrap();
    let token = links::issue(&mut tx, &early, "activation", target(), DAYS_2)
        .await
        .unwrap();
    world.advance(DAYS_2);
    identity::sweep(&mut tx, world.now()).await.unwrap();
    let held = db::sql!((Option<String>, String), "SELECT email, payload FROM links");
    assert_eq!(
        tx.one(held, db::params![]).await.unwrap(),
        (None, "null".to_owned())
    );
    let state = links::peek(&mut tx, "activation", token.expose(), world.now())
        .await
        .unwrap();
    assert!(matches!(state, LinkState::Expired));
    identity::sweep(&mut tx, world.now() + Duration::from_secs(31 * 86400))
        .await
        .unwrap();
    let state = links::peek(&mut tx, "activation", token.expose(), world.now())
        .await
        .unwrap();
    assert!(matches!(state, LinkState::Unknown));
    tx.commit().await.unwrap();
}
