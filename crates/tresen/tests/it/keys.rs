//! Another master key, and files in backups, on a database of its own.

use crate::process::Place;
use files::{By, Owner};
use kernel::{Ctx, Uuid, World};
use std::path::Path;
use std::time::Duration;
use tresen::config::{Config, Origin};
use tresen::doctor::{Finding, examine};
use tresen::{backup, house, key, rotate, serve};

const OWNER: Owner = Owner::new("probe", Uuid::from_u128(1));

fn config_in(folder: &Path, database: &str) -> Config {
    let mut config = Config::load(Some(Path::new("/dev/null")), std::iter::empty()).unwrap();
    let path = |name: &str| folder.join(name).display().to_string();
    for (key, value) in [
        ("database.url", format!("sqlite:{}", path(database))),
        ("secrets.master_key_file", path("tresen.key")),
    ] {
        config.set(key, value, Origin::Demo).unwrap();
    }
    config
}

/// A house with staff who has a second factor, two files, and a sealed log.
async fn settled(config: &Config) {
    let (db, world) = serve::open(config).await.unwrap();
    let ctx = Ctx::system(&world);
    let store = house::store(config).unwrap();
    let mut ids = Vec::new();
    for text in ["eins", "zwei"] {
        let up = files::take(&store, &db, &ctx, By::System, "a.txt", text.as_bytes()).await;
        ids.push(up.unwrap().id);
    }
    let mut tx = db.begin().await.unwrap();
    let email = kernel::Email::parse("wer@nordlicht.example").unwrap();
    let seed = identity::staff::Seed {
        email: &email,
        name: "Wer",
        role: identity::Role::Admin,
        password_hash: "x",
        totp_secret: b"zwanzig Bytes Geheim",
    };
    identity::staff::seed(&mut tx, &ctx, seed).await.unwrap();
    files::attach(&mut tx, &ctx, None, &ids, OWNER)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    db::audit::chain::seal(&db, &world).await.unwrap();
}

/// What opens with the keys that are in the file.
async fn opens(config: &Config) -> bool {
    let keys = key::read(Path::new(config.get("secrets.master_key_file"))).unwrap();
    opens_with(config, &keys.world()).await
}

async fn opens_with(config: &Config, world: &World) -> bool {
    let db = db::Db::open(config.get("database.url"), world)
        .await
        .unwrap();
    let store = house::store(config).unwrap();
    let mut tx = db.read().await.unwrap();
    let found = files::of(&mut tx, OWNER).await.unwrap();
    assert_eq!(found.len(), 2);
    let log = db::audit::chain::key_fits(&mut tx, world).await.unwrap();
    let stmt = db::sql!(
        (Uuid, Vec<u8>),
        "SELECT id, totp_sealed FROM staff WHERE totp_sealed IS NOT NULL"
    );
    let staff = tx.all(stmt, db::params![]).await.unwrap();
    assert_eq!(staff.len(), 1);
    drop(tx);
    let mut all = log == Some(true);
    for (id, sealed) in staff {
        let place = format!("staff/{}/totp", kernel::StaffId(id));
        all &= world.open(&place, &sealed).is_ok();
    }
    for file in found {
        all &= files::read(&store, world, &file, 100).await.is_ok();
    }
    all
}

async fn findings(config: &Config) -> (Vec<String>, Vec<String>) {
    let (mut faults, mut looks) = (Vec::new(), Vec::new());
    for finding in examine(config).await {
        match finding {
            Finding::Fault(text) => faults.push(text),
            Finding::Look(text) => looks.push(text),
            Finding::Fine(_) => {}
        }
    }
    (faults, looks)
}

#[tokio::test(flavor = "multi_thread")]
async fn ops_1_another_master_key_opens_everything_and_the_former_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let config = config_in(folder.path(), "tresen.db");
    settled(&config).await;
    let path = folder.path().join("tresen.key");
    let old = key::read(&path).unwrap();
    assert!(opens(&config).await);

    rotate::rotate(&config).await.unwrap();
    let both = key::read(&path).unwrap();
    assert!(both.now != old.now && both.former == [old.now]);
    assert!(opens(&config).await);
    assert!(opens_with(&config, &World::system().with_key(both.now)).await);
    assert!(!opens_with(&config, &old.world()).await);
    serve::open(&config).await.unwrap();
    let (faults, looks) = findings(&config).await;
    assert!(faults.is_empty(), "{faults:?}");
    assert!(
        looks.iter().any(|look| look.contains("keys forget")),
        "{looks:?}"
    );

    rotate::forget(&config).await.unwrap();
    let alone = key::read(&path).unwrap();
    assert!(alone.now == both.now && alone.former.is_empty());
    assert!(opens(&config).await);
    assert!(findings(&config).await.0.is_empty());
    let kept = std::fs::read_dir(folder.path()).unwrap().flatten();
    let kept: Vec<_> = kept
        .filter(|entry| entry.file_name().to_string_lossy().contains("former"))
        .collect();
    assert_eq!(kept.len(), 1);
    assert!(key::read(&kept[0].path()).unwrap().now == old.now);
    // the former key alone is another one
    std::fs::copy(kept[0].path(), &path).unwrap();
    assert!(serve::open(&config).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn ops_1_a_node_whose_key_was_changed_notices_and_one_with_the_new_key_runs_on() {
    let folder = tempfile::tempdir().unwrap();
    let db = db::testing::fresh(&World::system()).await;
    let mut config = config_in(folder.path(), "tresen.db");
    config
        .set("database.url", db.url().to_owned(), Origin::Demo)
        .unwrap();
    settled(&config).await;
    let (theirs, old) = serve::open_with_keys(&config).await.unwrap();
    let node = tokio::spawn(key::replaced(old.clone(), theirs));
    rotate::rotate(&config).await.unwrap();
    let (ours, new) = serve::open_with_keys(&config).await.unwrap();
    let other = tokio::spawn(key::replaced(new, ours.clone()));
    let noticed = tokio::time::timeout(Duration::from_secs(10), node).await;
    noticed.unwrap().unwrap();
    // what it sealed before it noticed opens after the former key is forgotten
    let stmt = db::sql!("UPDATE staff SET totp_sealed = $1");
    let mut tx = ours.begin().await.unwrap();
    let stmt_id = db::sql!((Uuid,), "SELECT id FROM staff");
    let id = tx.one(stmt_id, db::params![]).await.unwrap().0;
    let place = format!("staff/{}/totp", kernel::StaffId(id));
    let sealed = old.world().seal(&place, b"zwanzig Bytes Geheim").unwrap();
    tx.exec(stmt, db::params![sealed]).await.unwrap();
    tx.commit().await.unwrap();
    rotate::forget(&config).await.unwrap();
    assert!(opens(&config).await);
    assert!(!other.is_finished(), "the new key counts before and after");
    other.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn ops_1_a_server_whose_key_was_changed_ends_and_says_why() {
    let place = Place::new();
    let mut server = place.serve(&["serve"]).await;
    place.done(&["keys", "rotate"]).await;
    let status = server.ended().await;
    assert!(!status.success());
    assert!(
        server.said().contains("the master key was changed"),
        "{}",
        server.said()
    );
    // with the file it finds now it is one with the new key
    let server = place.serve(&["serve"]).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ops_1_a_change_of_keys_that_was_cut_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let config = config_in(folder.path(), "tresen.db");
    settled(&config).await;
    let path = folder.path().join("tresen.key");
    let old = key::read(&path).unwrap();
    // cut right after the new key was put on the disk, and after half of the rest
    let begun = key::Keys {
        now: [5; 32],
        former: vec![old.now],
    };
    key::replace(&path, &begun).unwrap();
    let (db, _) = serve::open(&config).await.unwrap();
    files::reseal(&db, &db::Reseal::new(&begun.now, &begun.former))
        .await
        .unwrap();
    assert!(opens(&config).await);
    let (faults, looks) = findings(&config).await;
    assert!(faults.is_empty(), "{faults:?}");
    assert!(
        looks.iter().any(|look| look.contains("not finished")),
        "{looks:?}"
    );
    assert!(rotate::forget(&config).await.is_err());
    rotate::rotate(&config).await.unwrap();
    assert!(key::read(&path).unwrap() == begun, "no third key");
    assert!(opens_with(&config, &World::system().with_key([5; 32])).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn ops_1_a_backup_holds_the_files_and_a_restore_brings_them() {
    let folder = tempfile::tempdir().unwrap();
    let config = config_in(folder.path(), "tresen.db");
    settled(&config).await;
    let copy = folder.path().join("copy.db");
    backup::backup(&config, Some(copy.clone())).await.unwrap();
    let kept = files::Place::disk(&folder.path().join("copy.db.files")).unwrap();
    assert!(kept.folder().is_some());
    std::fs::remove_dir_all(folder.path().join("tresen.db-files")).unwrap();
    let (faults, _) = findings(&config).await;
    assert!(
        faults
            .iter()
            .any(|fault| fault.contains("2 of 2 files are missing")),
        "{faults:?}"
    );
    let other = config_in(folder.path(), "new/tresen.db");
    backup::restore(&other, &copy).await.unwrap();
    assert!(opens(&other).await);
    assert!(findings(&other).await.0.is_empty());
}
