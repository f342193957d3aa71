//! The knowledge base at its pages: what readers find and say, what editors write.
#![allow(
    clippy::unwrap_used,
    clippy::string_slice,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests may fail"
)]

mod desk;
mod files;
mod read;
mod search;
mod transfer;

use kernel::{Actor, Ctx};
use knowledge::Shelf;
use knowledge::transfer::{File, Report};
use std::path::Path;
use std::sync::Arc;
use testkit::TestApp;

async fn app() -> TestApp {
    TestApp::with(
        vec![knowledge::module()],
        vec![Arc::new(Shelf::in_memory())],
    )
    .await
}

/// With the articles of the demo.
async fn full() -> TestApp {
    let t = app().await;
    import(&t, &demo()).await;
    t
}

fn demo() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tresen/demo/articles");
    let mut files = Vec::new();
    for folder in std::fs::read_dir(&root).unwrap() {
        let folder = folder.unwrap().path();
        if folder.is_file() {
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            files.push((name, std::fs::read_to_string(&folder).unwrap()));
            continue;
        }
        for file in std::fs::read_dir(&folder).unwrap() {
            let file = file.unwrap().path();
            let name = file
                .strip_prefix(&root)
                .unwrap()
                .to_string_lossy()
                .into_owned();
            files.push((name, std::fs::read_to_string(&file).unwrap()));
        }
    }
    files.sort();
    files
}

async fn import(t: &TestApp, files: &[File]) -> Report {
    let ctx: Ctx = t.ctx(Actor::System);
    let mut tx = t.db().begin().await.unwrap();
    let report = knowledge::transfer::import(&mut tx, &ctx, files)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    report
}

/// One article as a file.
fn file(path: &str, head: &str, body: &str) -> File {
    (path.into(), format!("---\n{head}\n---\n\n{body}\n"))
}
