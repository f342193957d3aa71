//! `tresen check`: what is in force, from where, and what is doubtful.

use crate::config::Config;
use crate::{house, say};
use anyhow::Result;
use db::{Db, SchemaState};
use kernel::World;
use std::path::Path;

/// # Errors
/// Something without which `serve` would refuse to start.
pub async fn run(config: &Config) -> Result<()> {
    for (name, value, origin) in config.in_force() {
        say(&format!(
            "{name:<26} {:<40} ({origin})",
            if value.is_empty() { "–" } else { &value }
        ));
    }
    config.settings(false)?;
    config.listen()?;
    config.metrics()?;
    config.hours()?;
    config.lmtp()?;
    config.mailboxes()?;
    house::post(config)?;
    let sender = house::sender(config)?;
    house::ways(config)?;
    let dkim = house::dkim(config)?;
    let documents = house::documents(config)?;
    let mut doubts: Vec<String> = config.doubts().into_iter().map(str::to_owned).collect();
    // without a folder of one's own the configuration's doubt says it for all of them
    if !config.get("provider.legal_dir").is_empty() {
        let texts = documents.doubts();
        doubts.extend(texts.iter().map(|doubt| format!("legal text {doubt}")));
    }
    doubts.extend(database(config).await);
    say("");
    if let Some(dkim) = dkim {
        let (name, text) = dkim.record();
        say(&format!("The DNS must hold: {name}. TXT \"{text}\""));
        let own = dkim.domain();
        let from = sender.domain();
        if from != own && !from.ends_with(&format!(".{own}")) {
            doubts.push(format!(
                "mail.dkim_domain {own} is not the domain of mail.from ({from}): the signature proves nothing to others"
            ));
        }
        say("");
    }
    for doubt in &doubts {
        say(&format!("doubtful: {doubt}"));
    }
    say(if doubts.is_empty() {
        "Nothing is doubtful."
    } else {
        "Tresen starts with this; look at what is doubtful first."
    });
    Ok(())
}

async fn database(config: &Config) -> Vec<String> {
    let url = config.get("database.url");
    let file = url.strip_prefix("sqlite:");
    if file.is_some_and(|path| !Path::new(path).exists()) {
        return vec!["the database does not exist yet: `tresen serve` makes it".into()];
    }
    let state = async { Db::open(url, &World::system()).await?.schema_state().await };
    match state.await {
        Err(error) => vec![format!("the database does not answer: {error}")],
        Ok(SchemaState::UpToDate) => Vec::new(),
        Ok(SchemaState::Pending(files)) => {
            vec![format!("the schema is behind by {}", files.join(", "))]
        }
        Ok(SchemaState::Unknown(reason)) => vec![format!("the schema is not known: {reason}")],
    }
}
