//! `tresen keys rotate` and `forget`: another master key, for everything that is sealed.

use crate::config::Config;
use crate::key::{self, Keys};
use crate::{again, say};
use anyhow::{Context, Result, bail};
use db::audit::{self, Entry};
use db::{Db, Reseal, Resealed, SchemaState};
use kernel::jiff::tz::TimeZone;
use kernel::{Ctx, World};
use serde_json::json;
use std::path::Path;

/// Makes a new key and seals everything anew under it; goes on where an earlier run was cut. The former key stays in
/// the file, so that everything can be opened at every moment.
///
/// # Errors
/// A key that is not this database's.
pub async fn rotate(config: &Config) -> Result<()> {
    let path = Path::new(config.get("secrets.master_key_file"));
    let keys = key::read(path)?;
    let db = open(config, &keys).await?;
    let keys = if key::settled(&keys, &db).await? {
        let mut former = vec![keys.now];
        former.extend(&keys.former);
        let new = Keys {
            now: World::system().bytes::<32>(),
            former,
        };
        // first on the disk, then in use
        key::replace(path, &new)?;
        new
    } else {
        say("Going on with a change that was begun.");
        keys
    };
    let sum = seal_all(&db, &keys).await?;
    finish(&db, &keys, "keys.rotated", sum).await?;
    say(&format!(
        "{} holds a new master key, and behind it the former one. Copy the file to every node and start the service \
         anew. Nodes that still run with the former key end by themselves within seconds.",
        path.display()
    ));
    say(
        "The former key still counts: for what such a node has sealed since, and for answers to mails sent before. When \
         neither matters any more, or at once if the key has become known: `tresen keys forget`.",
    );
    Ok(())
}

/// Takes the former keys out of the file, once nothing needs them.
///
/// # Errors
/// A change of keys that is not finished.
pub async fn forget(config: &Config) -> Result<()> {
    let path = Path::new(config.get("secrets.master_key_file"));
    let keys = key::read(path)?;
    if keys.former.is_empty() {
        say("There is no former key.");
        return Ok(());
    }
    let db = open(config, &keys).await?;
    if !key::settled(&keys, &db).await? {
        bail!("the change of keys is not finished: run `tresen keys rotate` first");
    }
    // what a node sealed that was started anew too late, up to the moment at which it noticed
    key::noticed(&db).await?;
    let sum = seal_all(&db, &keys).await?;
    let now = World::system().now().timestamp().to_zoned(TimeZone::UTC);
    let aside = Keys {
        now: *keys.former.first().context("a former key")?,
        former: keys.former.iter().skip(1).copied().collect(),
    };
    let aside = key::put_aside(path, &aside, &now.strftime("%Y-%m-%dT%H%M%SZ").to_string())?;
    let alone = Keys {
        now: keys.now,
        former: Vec::new(),
    };
    key::replace(path, &alone)?;
    finish(&db, &alone, "keys.forgotten", sum).await?;
    say(&format!(
        "The former keys count no more. Backups made with them can be opened with {} only: keep it with them, not here.",
        aside.display()
    ));
    Ok(())
}

async fn open(config: &Config, keys: &Keys) -> Result<Db> {
    let db = Db::open(config.get("database.url"), &keys.world()).await?;
    if !matches!(db.schema_state().await?, SchemaState::UpToDate) {
        bail!("the database's schema is not up to date: run `tresen migrate` first");
    }
    key::bind(keys, &db).await?;
    Ok(db)
}

/// Everything that is sealed with the master key, each by its owner.
async fn seal_all(db: &Db, keys: &Keys) -> Result<Resealed> {
    let reseal = Reseal::new(&keys.now, &keys.former);
    let mut sum = Resealed::default();
    for (what, found) in [
        ("end of the log", audit::chain::reseal(db, &reseal).await?),
        ("links in mails", mail::reseal(db, &reseal).await?),
        ("second factors", identity::reseal(db, &reseal).await?),
        ("files", files::reseal(db, &reseal).await?),
        (
            "sensible data and webhooks of tickets",
            support::reseal(db, &reseal).await?,
        ),
    ] {
        say(&format!(
            "{what}: {} sealed anew, {} were already",
            found.done, found.fine
        ));
        if found.lost > 0 {
            say(&format!("{what}: {} open with no key there is", found.lost));
        }
        sum += found;
    }
    Ok(sum)
}

async fn finish(db: &Db, keys: &Keys, act: &'static str, sum: Resealed) -> Result<()> {
    let ctx = Ctx::system(&keys.world());
    again(|| async {
        let mut tx = db.begin().await?;
        key::settle(keys, &mut tx).await?;
        let line = Entry {
            act,
            customer: None,
            subject: "keys",
            subject_id: String::new(),
            detail: json!({ "sealed": sum.done, "lost": sum.lost }),
        };
        audit::record(&mut tx, &ctx, line).await?;
        Ok(tx.commit().await?)
    })
    .await
}
