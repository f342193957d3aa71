use crate::{ctx, database, info};
use db::Tx;
use identity::sessions;
use identity::users::{self, NewUser};
use kernel::{Ctx, CustomerId, Email, UserId};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

async fn anna(tx: &mut Tx, ctx: &Ctx) -> UserId {
    let email = Email::parse("anna@example.de").expect("an address");
    let new = NewUser {
        first_name: "Anna".into(),
        last_name: "Berg".into(),
        email,
        verified: true,
    };
    users::create(tx, ctx, &new).await.expect("a user")
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_3_a_session_ends_a_day_after_its_last_use_and_after_fourteen_days() {
    let (db, world) = database().await;
    let ctx = ctx(&world);
    let mut tx = db.begin().await.unwrap();
    let user = anna(&mut tx, &ctx).await;
    let token = sessions::open(&mut tx, &ctx, user, None, &info())
        .await
        .unwrap();
    let hash = web::token_hash(token.expose());
    let found = sessions::by_token(&mut tx, hash, ctx.now)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (found.user, found.name.as_str(), found.acting),
        (user, "Anna Berg", None)
    );
    assert_eq!(found.fresh_until, ctx.now + sessions::FRESH);

    let idle = ctx.now + HOUR * 24;
    let nearly = idle - Duration::from_secs(1);
    assert!(
        sessions::by_token(&mut tx, hash, nearly)
            .await
            .unwrap()
            .is_some()
    );
    assert!(
        sessions::by_token(&mut tx, hash, idle)
            .await
            .unwrap()
            .is_none()
    );

    for day in 1..14 {
        let now = ctx.now + HOUR * 23 * day;
        sessions::touch(&mut tx, found.session, now).await.unwrap();
        assert!(
            sessions::by_token(&mut tx, hash, now)
                .await
                .unwrap()
                .is_some(),
            "day {day}"
        );
    }
    let end = ctx.now + HOUR * 24 * 14;
    sessions::touch(&mut tx, found.session, end).await.unwrap();
    assert!(
        sessions::by_token(&mut tx, hash, end)
            .await
            .unwrap()
            .is_none(),
        "used, but fourteen days old"
    );
    identity::sweep(&mut tx, end).await.unwrap();
    let count = db::sql!((i64,), "SELECT COUNT(*) FROM sessions");
    assert_eq!(tx.one(count, db::params![]).await.unwrap().0, 0);
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_8_sessions_are_ended_one_by_one_and_all_at_once() {
    let (db, world) = database().await;
    let ctx = ctx(&world);
    let mut tx = db.begin().await.unwrap();
    let user = anna(&mut tx, &ctx).await;
    let mut hashes = Vec::new();
    for _ in 0..3 {
        let token = sessions::open(&mut tx, &ctx, user, None, &info())
            .await
            .unwrap();
        hashes.push((web::token_hash(token.expose()), token));
    }
    let customer: CustomerId = ctx.id();
    let second = sessions::by_token(&mut tx, hashes[1].0, ctx.now)
        .await
        .unwrap()
        .unwrap();
    sessions::set_acting(&mut tx, second.session, customer)
        .await
        .unwrap();
    let second = sessions::by_token(&mut tx, hashes[1].0, ctx.now)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(second.acting, Some(customer));
    assert_eq!(
        sessions::last_acting(&mut tx, user).await.unwrap(),
        Some(customer)
    );

    sessions::end_token(&mut tx, hashes[0].1.expose())
        .await
        .unwrap();
    assert!(
        sessions::by_token(&mut tx, hashes[0].0, ctx.now)
            .await
            .unwrap()
            .is_none()
    );
    sessions::end(&mut tx, second.session).await.unwrap();
    assert!(
        sessions::by_token(&mut tx, hashes[1].0, ctx.now)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        sessions::by_token(&mut tx, hashes[2].0, ctx.now)
            .await
            .unwrap()
            .is_some()
    );
    sessions::end_all(&mut tx, user).await.unwrap();
    assert!(
        sessions::by_token(&mut tx, hashes[2].0, ctx.now)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        sessions::by_token(&mut tx, [0; 32], ctx.now)
            .await
            .unwrap()
            .is_none()
    );
    tx.commit().await.unwrap();
}
