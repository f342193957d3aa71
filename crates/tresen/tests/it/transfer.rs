//! `tresen articles import` and `export`, with the pictures and files of the articles.

use db::testing::TestDb;
use kernel::World;
use std::collections::BTreeMap;
use std::path::Path;
use tresen::config::{Config, Origin};
use tresen::{articles, house, serve};

type Tree = BTreeMap<String, Vec<u8>>;

/// A house of its own, without anything in it.
struct House {
    config: Config,
    _db: TestDb,
    folder: tempfile::TempDir,
}

impl House {
    async fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = db::testing::fresh(&World::system()).await;
        let mut config = Config::load(Some(Path::new("/dev/null")), std::iter::empty()).unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        for (key, value) in [
            ("database.url", db.url().to_owned()),
            ("secrets.master_key_file", path("tresen.key")),
            ("files.url", format!("file:{}", path("files"))),
        ] {
            config.set(key, value, Origin::Demo).unwrap();
        }
        House {
            config,
            _db: db,
            folder,
        }
    }

    async fn import(&self, tree: &Tree) -> anyhow::Result<()> {
        let dir = self.folder.path().join("in");
        let _ = std::fs::remove_dir_all(&dir);
        for (path, bytes) in tree {
            let file = dir.join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, bytes).unwrap();
        }
        articles::import(&self.config, &dir).await
    }

    async fn export(&self) -> Tree {
        let dir = self.folder.path().join("out");
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir(&dir).unwrap();
        articles::export(&self.config, &dir).await.unwrap();
        let (texts, hung) = articles::read(&dir).unwrap();
        let texts = texts.into_iter().map(|(path, _)| path);
        texts
            .chain(hung)
            .map(|path| (path.clone(), std::fs::read(dir.join(path)).unwrap()))
            .collect()
    }

    /// The lines of the log, and how many files lie in the store.
    async fn counts(&self) -> (i64, i64) {
        let (db, _) = serve::open(&self.config).await.unwrap();
        let mut tx = db.read().await.unwrap();
        let stmt = db::sql!(
            (i64, i64),
            "SELECT CAST(count(*) AS BIGINT), CAST((SELECT count(*) FROM files WHERE owner_kind = 'article') AS BIGINT) FROM audit"
        );
        tx.one(stmt, db::params![]).await.unwrap()
    }
}

fn tree() -> Tree {
    let article =
        |title: &str, text: &str| format!("---\ntitle: {title}\n---\n{text}").into_bytes();
    let mut picture = vec![0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a];
    picture.extend((0..=255).cycle().take(70_000));
    [
        (
            "e-mail/_ordner.md",
            b"---\nde: E-Mail\nposition: 10\n---\n".to_vec(),
        ),
        (
            "e-mail/einrichten.de.md",
            article("Einrichten", "![Menü](<Bild 1.png>) und [Plan](plan.txt)"),
        ),
        (
            "e-mail/einrichten.en.md",
            article("Set up", "![Menu](<Bild 1.png>)\n\n\n"),
        ),
        ("e-mail/einrichten/Bild 1.png", picture),
        (
            "e-mail/einrichten/plan.txt",
            b"Erst dies,\r\n\0 dann das.".to_vec(),
        ),
        ("e-mail/einrichten/leer.txt", b" ".to_vec()),
        ("e-mail/einrichten/notiz.md", "---\nkein: Artikel\n".into()),
        ("e-mail/voll.de.md", article("Voll", "[Plan](plan.txt)")),
        ("e-mail/voll/plan.txt", b"Ein anderer Plan.".to_vec()),
    ]
    .into_iter()
    .map(|(path, bytes)| (path.to_owned(), bytes))
    .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_articles_with_pictures_and_files_are_exported_unchanged() {
    let house = House::empty().await;
    house.import(&tree()).await.unwrap();
    assert_eq!(house.export().await, tree());
    // once more changes nothing
    let before = house.counts().await;
    assert_eq!(before.1, 5);
    house.import(&tree()).await.unwrap();
    assert_eq!(house.counts().await, before);
    // and into an empty house
    let other = House::empty().await;
    other.import(&house.export().await).await.unwrap();
    assert_eq!(other.export().await, tree());
    // another picture of the same name takes the place of the first; what is not named stays
    let path = "e-mail/einrichten/Bild 1.png";
    let changed: Tree = [(path.to_owned(), b"Neues Bild".to_vec())].into();
    house.import(&changed).await.unwrap();
    let mut now = tree();
    now.extend(changed);
    assert_eq!(house.export().await, now);
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_what_belongs_to_no_article_is_left_out_and_a_bad_text_leaves_nothing() {
    let house = House::empty().await;
    let mut with_strays = tree();
    for stray in [
        "e-mail/fehlt/bild.png",
        "e-mail/einrichten/tief/bild.png",
        "e-mail/einrichten/.versteckt",
        "bild.png",
    ] {
        with_strays.insert(stray.to_owned(), b"x".to_vec());
    }
    house.import(&with_strays).await.unwrap();
    assert_eq!(house.export().await, tree());
    let other = House::empty().await;
    let mut bad = tree();
    bad.insert("e-mail/schlecht.de.md".to_owned(), b"Kein Kopf".to_vec());
    let error = other.import(&bad).await.unwrap_err();
    assert!(error.to_string().contains("schlecht.de.md"), "{error:#}");
    assert_eq!(
        (other.export().await, other.counts().await.1),
        (Tree::new(), 0)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn kb_5_two_files_of_one_name_are_both_exported() {
    let house = House::empty().await;
    house.import(&tree()).await.unwrap();
    let (db, world) = serve::open(&house.config).await.unwrap();
    let store = house::store(&house.config).unwrap();
    let ctx = kernel::Ctx::system(&world);
    let up = files::take(
        &store,
        &db,
        &ctx,
        files::By::System,
        "plan.txt",
        b"Der neue Plan",
    )
    .await;
    let mut tx = db.begin().await.unwrap();
    let stmt = db::sql!(
        (kernel::Uuid,),
        "SELECT id FROM articles WHERE slug = 'voll'"
    );
    let id = tx.one(stmt, db::params![]).await.unwrap().0;
    let id = knowledge::article::ArticleId(id);
    knowledge::attachment::attach(&mut tx, &ctx, id, &[up.unwrap().id])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let all = house.export().await;
    let text = |path: &str| String::from_utf8(all[path].clone()).unwrap();
    assert_eq!(text("e-mail/voll/plan.txt"), "Der neue Plan");
    assert_eq!(text("e-mail/voll/plan (2).txt"), "Ein anderer Plan.");
    let other = House::empty().await;
    other.import(&all).await.unwrap();
    assert_eq!(other.export().await, all);
}
