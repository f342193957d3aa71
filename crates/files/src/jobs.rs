//! What happens to files after the commit: scanned, drawn anew, swept, deleted.

use crate::clamd::Verdict;
use crate::crypt::{Part, Sealing};
use crate::file::LOOSE;
use crate::intake::{picture_of, place_of};
use crate::store::{self, File, Picture, Scan};
use crate::{FILE_MAX, Failed, FileId, Store, key, picture, reading};
use db::audit::{self, Entry};
use jobs::{Job, JobCx, Outcome, Registry, Retry};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The jobs of this crate; they need [`Store`] in the worker's state.
pub fn registry() -> Registry {
    Registry::new()
        .job::<Examine>()
        .job::<RemoveBytes>()
        .schedule("41 * * * *", Sweep {})
        .schedule("17 3 * * *", ScanAgain {})
}

fn failed(error: &Failed) -> Outcome {
    match error {
        Failed::Broken(_) | Failed::TooLarge => Outcome::GiveUp(error.to_string()),
        Failed::Full | Failed::Away(_) | Failed::Db(_) => Outcome::Retry(error.to_string()),
    }
}

/// Draws a picture anew, and has the scanner look at the file.
#[derive(Serialize, Deserialize)]
pub(crate) struct Examine {
    pub file: FileId,
}

impl Job for Examine {
    const KIND: &'static str = "files.examine";
    const OUTSIDE: bool = true;

    async fn run(self, cx: &JobCx) -> Outcome {
        let Some(store) = cx.state::<Store>() else {
            return Outcome::GiveUp("no store of files was put in at start".into());
        };
        let file = match look(cx, self.file).await {
            Ok(Some(file)) => file,
            // taken away meanwhile
            Ok(None) => return Outcome::Done,
            Err(error) => return Outcome::Retry(error.to_string()),
        };
        if file.picture == Picture::Waiting
            && let Err(error) = draw(cx, &store, &file).await
        {
            return failed(&error);
        }
        let (Some(scanner), Scan::Unscanned) = (store.scanner(), file.scan) else {
            return Outcome::Done;
        };
        let content = match reading::stream(&store, &cx.ctx.world, &file).await {
            Ok(content) => content,
            Err(error) => return failed(&error),
        };
        match scanner.scan(content).await {
            Ok(verdict) => db::retry(|| note(cx, &file, &verdict)).await.into(),
            Err(why) => Outcome::Retry(why),
        }
    }
}

async fn look(cx: &JobCx, id: FileId) -> db::Result<Option<File>> {
    let mut tx = cx.db.read().await?;
    store::one(&mut tx, id).await
}

async fn note(cx: &JobCx, file: &File, verdict: &Verdict) -> db::Result<()> {
    let ctx = cx.now();
    let mut tx = cx.db.begin().await?;
    let (scan, finding) = match verdict {
        Verdict::Clean => (Scan::Clean, ""),
        Verdict::Infected(what) => (Scan::Infected, what.as_str()),
    };
    let first = store::scanned(&mut tx, file.id, scan, finding, ctx.now).await?;
    if first && scan == Scan::Infected {
        let line = Entry {
            act: "file.infected",
            customer: file.customer_id,
            subject: "file",
            subject_id: file.id.to_string(),
            detail: json!({ "of": file.owner_kind, "finding": finding }),
        };
        audit::record(&mut tx, &ctx, line).await?;
    }
    tx.commit().await
}

async fn draw(cx: &JobCx, store: &Store, file: &File) -> Result<(), Failed> {
    let Ok(_room) = store.drawing().acquire().await else {
        return Ok(());
    };
    let world = &cx.ctx.world;
    let bytes = match reading::read(store, world, file, FILE_MAX).await {
        Ok(bytes) => bytes,
        Err(error) => return Err(error),
    };
    let drawn = tokio::task::spawn_blocking(move || picture::redraw(&bytes)).await;
    // what the decoder stumbles over is not shown
    let state = match drawn.ok().flatten() {
        Some(drawn) => {
            let file_key = key::unwrap(world, file.id, &file.wrapped)?;
            let mut sealing = Sealing::new(world, &file_key, file.id, Part::Picture);
            let broken = |_| Failed::Broken(file.id);
            let mut putting = store.place().put(&picture_of(file.id));
            putting
                .write(&sealing.push(&drawn).map_err(broken)?)
                .await?;
            putting.write(&sealing.finish().map_err(broken)?).await?;
            putting.finish().await?;
            Picture::Ready
        }
        None => Picture::Refused,
    };
    db::retry(|| async {
        let mut tx = cx.db.begin().await?;
        store::drawn(&mut tx, file.id, state).await?;
        tx.commit().await
    })
    .await?;
    Ok(())
}

/// Deletes the bytes of a file whose key is wiped already.
#[derive(Serialize, Deserialize)]
pub(crate) struct RemoveBytes {
    pub file: FileId,
}

impl Job for RemoveBytes {
    const KIND: &'static str = "files.remove";
    const OUTSIDE: bool = true;

    async fn run(self, cx: &JobCx) -> Outcome {
        let Some(place) = cx.state::<Store>().map(|store| store.place().clone()) else {
            return Outcome::GiveUp("no store of files was put in at start".into());
        };
        let gone = async {
            let mut tx = cx.db.read().await?;
            store::is_gone(&mut tx, self.file).await
        };
        match gone.await {
            Ok(true) => {}
            Ok(false) => return Outcome::GiveUp("the file is not gone".into()),
            Err(error) => return Outcome::Retry(error.to_string()),
        }
        for name in [place_of(self.file), picture_of(self.file)] {
            if let Err(error) = place.delete(&name).await {
                return Outcome::Retry(error.to_string());
            }
        }
        db::retry(|| async {
            let mut tx = cx.db.begin().await?;
            store::forget(&mut tx, self.file).await?;
            tx.commit().await
        })
        .await
        .into()
    }
}

/// Takes away what was sent and never attached.
#[derive(Serialize, Deserialize)]
struct Sweep {}

impl Job for Sweep {
    const KIND: &'static str = "files.sweep";
    const RETRY: Retry = Retry::backoff(Duration::from_secs(60), Duration::from_secs(3600));

    async fn run(self, cx: &JobCx) -> Outcome {
        loop {
            let swept = db::retry(|| async {
                let mut tx = cx.db.begin().await?;
                let old = store::to_sweep(&mut tx, cx.ctx.now - LOOSE).await?;
                let mut wiped = 0;
                for (id,) in &old {
                    // one that is wiped already has its job
                    if store::wipe(&mut tx, *id).await? {
                        jobs::enqueue(&mut tx, &cx.ctx, &RemoveBytes { file: *id }).await?;
                        wiped += 1;
                    }
                }
                tx.commit().await?;
                Ok(wiped)
            });
            match swept.await {
                Ok(0) => return Outcome::Done,
                Ok(_) => {}
                Err(error) => return Outcome::Retry(error.to_string()),
            }
        }
    }
}

/// Asks once more for what the scanner did not answer for.
#[derive(Serialize, Deserialize)]
struct ScanAgain {}

impl Job for ScanAgain {
    const KIND: &'static str = "files.scan-again";
    const RETRY: Retry = Retry::backoff(Duration::from_secs(60), Duration::from_secs(3600));

    async fn run(self, cx: &JobCx) -> Outcome {
        if cx
            .state::<Store>()
            .is_none_or(|store| store.scanner().is_none())
        {
            return Outcome::Done;
        }
        db::retry(|| async {
            let mut tx = cx.db.begin().await?;
            let now = cx.ctx.now;
            for (id,) in store::to_scan(&mut tx, now - 30 * DAY, now - DAY).await? {
                jobs::enqueue(&mut tx, &cx.ctx, &Examine { file: id }).await?;
            }
            tx.commit().await
        })
        .await
        .into()
    }
}
