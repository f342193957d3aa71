use crate::{ctx, database};
use identity::users::{self, NewUser};
use identity::{Hasher, passwords};
use kernel::{Email, Secret};

fn new(verified: bool) -> NewUser {
    let email = Email::parse("Anna@Example.de").expect("an address");
    NewUser {
        first_name: "Anna".into(),
        last_name: "Berg".into(),
        email,
        verified,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_1_one_user_alone_has_proven_an_address() {
    let (db, world) = database().await;
    let ctx = ctx(&world);
    let mut tx = db.begin().await.unwrap();
    users::create(&mut tx, &ctx, &new(false)).await.unwrap();
    let email = new(true).email;
    assert_eq!(
        users::by_verified_email(&mut tx, &email).await.unwrap(),
        None
    );
    let proven = users::create(&mut tx, &ctx, &new(true)).await.unwrap();
    users::create(&mut tx, &ctx, &new(false)).await.unwrap();
    assert_eq!(
        users::by_verified_email(&mut tx, &email).await.unwrap(),
        Some(proven)
    );
    assert_eq!(users::name(&mut tx, proven).await.unwrap(), "Anna Berg");
    assert_eq!(
        users::primary_email(&mut tx, proven).await.unwrap(),
        Some(email)
    );
    let emails = users::emails(&mut tx, proven).await.unwrap();
    assert_eq!(
        (emails.len(), emails[0].verified_at, emails[0].is_primary),
        (1, Some(ctx.now), true)
    );
    let error = users::create(&mut tx, &ctx, &new(true)).await.unwrap_err();
    assert!(error.conflict_on("user_emails.email"), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn auth_3_a_password_is_verified_and_nobody_takes_as_long() {
    let (db, world) = database().await;
    let ctx = ctx(&world);
    let hasher = Hasher::for_tests();
    let password = Secret::new("Kohlrabi tanzt um Mitternacht");
    let hash = hasher.hash(&password).await.unwrap();
    assert!(hash.starts_with("$argon2id$v=19$"), "{hash}");
    let mut tx = db.begin().await.unwrap();
    let user = users::create(&mut tx, &ctx, &new(true)).await.unwrap();
    assert_eq!(passwords::hash_of(&mut tx, user).await.unwrap(), None);
    passwords::set(&mut tx, &ctx, user, "old").await.unwrap();
    passwords::set(&mut tx, &ctx, user, &hash).await.unwrap();
    let stored = passwords::hash_of(&mut tx, user).await.unwrap();
    tx.commit().await.unwrap();
    assert!(hasher.verify(stored.as_deref(), &password).await.unwrap());
    assert!(
        !hasher
            .verify(stored.as_deref(), &Secret::new("Kohlrabi"))
            .await
            .unwrap()
    );
    assert!(!hasher.verify(None, &password).await.unwrap());
    // the word behind the dummy hash opens nothing either
    assert!(!hasher.verify(None, &Secret::new("nobody")).await.unwrap());
    assert!(!hasher.verify(Some("damaged"), &password).await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn all_statements_fit_the_schema() {
    let (db, _world) = database().await;
    assert_eq!(
        db::testing::prepare_all(&db).await.unwrap(),
        Vec::<String>::new()
    );
}

#[test]
fn the_production_parameters_are_those_of_the_plan() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let hash = runtime
        .block_on(Hasher::new().hash(&Secret::new("x")))
        .unwrap();
    assert!(
        hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{hash}"
    );
}
