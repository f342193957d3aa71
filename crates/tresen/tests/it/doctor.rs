//! `tresen doctor` on a database of its own.

use db::{Db, params, sql};
use kernel::World;
use std::path::Path;
use tresen::config::{Config, Origin};
use tresen::doctor::{Finding, examine};
use tresen::serve;

async fn settled(folder: &Path) -> (Config, Db, World) {
    let mut config = Config::load(Some(Path::new("/dev/null")), std::iter::empty()).unwrap();
    let path = |name: &str| folder.join(name).display().to_string();
    for (key, value) in [
        ("database.url", format!("sqlite:{}", path("tresen.db"))),
        ("secrets.master_key_file", path("tresen.key")),
    ] {
        config.set(key, value, Origin::Demo).unwrap();
    }
    let (db, world) = serve::open(&config).await.unwrap();
    let ctx = kernel::Ctx::system(&world);
    let mut tx = db.begin().await.unwrap();
    for number in 0..5 {
        let email = kernel::Email::parse(&format!("wer-{number}@nordlicht.example")).unwrap();
        identity::staff::add(&mut tx, &ctx, &email, "Wer", identity::Role::Admin)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    db::audit::chain::seal(&db, &world).await.unwrap();
    (config, db, world)
}

async fn faults(config: &Config) -> Vec<String> {
    let findings = examine(config).await.into_iter();
    findings
        .filter_map(|finding| match finding {
            Finding::Fault(text) => Some(text),
            Finding::Look(_) | Finding::Fine(_) => None,
        })
        .collect()
}

async fn by_hand(db: &Db, changes: &[&'static db::Stmt<()>]) {
    let mut tx = db.begin().await.unwrap();
    for change in changes {
        tx.exec(change, params![]).await.unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_6_the_doctor_finds_nothing_in_a_whole_house() {
    let folder = tempfile::tempdir().unwrap();
    let (config, ..) = settled(folder.path()).await;
    assert_eq!(faults(&config).await, Vec::<String>::new());
    assert!(tresen::doctor::run(&config).await.is_ok());
    let fine = examine(&config).await;
    assert!(
        fine.iter()
            .any(|f| matches!(f, Finding::Fine(text) if text.contains("5 sealed lines"))),
        "{fine:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn desk_6_v16_4_2_the_doctor_finds_one_line_changed_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let (config, db, _) = settled(folder.path()).await;
    // as somebody would who has the file in their hands
    let changes = [
        sql!(
            sqlite = "DROP TRIGGER audit_kept",
            postgres = "DROP TRIGGER audit_kept ON audit"
        ),
        sql!("UPDATE audit SET detail = '{\"role\":\"support\"}' WHERE seq = 3"),
    ];
    by_hand(&db, &changes).await;
    assert_eq!(
        faults(&config).await,
        ["the log: line 3 is not what was sealed"]
    );
    let error = tresen::doctor::run(&config).await.unwrap_err();
    assert_eq!(error.to_string(), "one fault was found");
    let changes = [
        sql!(
            sqlite = "DROP TRIGGER audit_stays",
            postgres = "DROP TRIGGER audit_stays ON audit"
        ),
        sql!("DELETE FROM audit WHERE seq = 2"),
    ];
    by_hand(&db, &changes).await;
    assert_eq!(faults(&config).await, ["the log: line 2 is missing"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_names_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let (config, db, _) = settled(folder.path()).await;
    let change =
        sql!("INSERT INTO customer_keys (customer_id, key) SELECT id, 'x' FROM staff LIMIT 1");
    by_hand(&db, &[change]).await;
    assert_eq!(faults(&config).await, ["1 search keys without a customer"]);
    by_hand(&db, &[sql!("DELETE FROM customer_keys")]).await;
    let change = sql!(
        "INSERT INTO mails (id, to_email, to_name, kind, locale, subject, text, html, state, attempts, created_at) \
             SELECT id, 'a@b.example', '', 'x', 'de', '', '', '', 'queued', 0, 0 FROM staff LIMIT 1"
    );
    by_hand(&db, &[change]).await;
    assert_eq!(
        faults(&config).await,
        ["mails wait to be sent since 1970-01-01T00:00:00Z: see /desk/vorgaenge/mails"]
    );
    by_hand(&db, &[sql!("DELETE FROM mails")]).await;
    // another key
    let key = folder.path().join("tresen.key");
    let kept = std::fs::read_to_string(&key).unwrap();
    std::fs::write(&key, "00".repeat(32)).unwrap();
    let found = faults(&config).await;
    assert!(
        found
            .iter()
            .any(|text| text.contains("not sealed under this master key")),
        "{found:?}"
    );
    std::fs::write(&key, kept).unwrap();
    assert_eq!(faults(&config).await, Vec::<String>::new());
    // a schema that is behind
    by_hand(&db, &[sql!("DELETE FROM migrations WHERE number = 15")]).await;
    let found = faults(&config).await;
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("0015_db_seal.sql: run `tresen migrate`"));
    // no database at all, and no key
    let nothing = tempfile::tempdir().unwrap();
    let mut config = config;
    let url = format!("sqlite:{}/tresen.db", nothing.path().display());
    config.set("database.url", url, Origin::Demo).unwrap();
    assert!(faults(&config).await[0].starts_with("there is no database at"));
    assert!(!nothing.path().join("tresen.db").exists());
}
