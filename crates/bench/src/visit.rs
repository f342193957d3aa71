//! What a browser that was never here loads: a page, and everything the page names.

use crate::http::{Connection, get};
use anyhow::Result;
use flate2::read::GzDecoder;
use std::collections::BTreeSet;
use std::io::Read;
use std::net::SocketAddr;

/// One file of a first visit, with its bytes on the wire (head and body).
pub struct Loaded {
    pub path: String,
    pub bytes: usize,
}

/// Everything that `path` needs, the page itself first.
pub async fn first(server: SocketAddr, path: &str) -> Result<Vec<Loaded>> {
    let mut connection = Connection::open(server).await?;
    let mut loaded = Vec::new();
    let mut wanted = BTreeSet::from([path.to_owned()]);
    let mut done = BTreeSet::new();
    while let Some(path) = wanted.pop_first() {
        let answer = connection.page(&get(server, &path, None)).await?;
        let head = connection.head().to_ascii_lowercase();
        // a picture names nothing, and what a script names is fetched later if at all
        if head.contains("text/html") || head.contains("text/css") {
            let text = unpacked(connection.body(), head.contains("content-encoding: gzip"))?;
            // a page writes the slash as a character reference
            wanted.extend(assets(&text.replace("&#x2f;", "/")));
        }
        done.insert(path.clone());
        wanted.retain(|path| !done.contains(path));
        loaded.push(Loaded {
            path,
            bytes: answer.head + answer.body,
        });
    }
    Ok(loaded)
}

fn unpacked(body: &[u8], gzip: bool) -> Result<String> {
    let mut text = String::new();
    if gzip {
        GzDecoder::new(body).read_to_string(&mut text)?;
    } else {
        text.push_str(&String::from_utf8_lossy(body));
    }
    Ok(text)
}

/// Links to our files, without the part that names a picture within one.
fn assets(text: &str) -> BTreeSet<String> {
    text.match_indices("/assets/")
        .filter_map(|(at, _)| {
            text.get(at..)?
                .split(['"', '\'', ')', '#', '>', ' '])
                .next()
        })
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::assets;
    use std::collections::BTreeSet;

    #[test]
    fn what_a_page_names_is_found_once() {
        let page = "<link href=\"/assets/app.1.css\"><use href=\"/assets/icons.2.svg#a\"/><use href='/assets/icons.2.svg#b'/>";
        let wanted = ["/assets/app.1.css", "/assets/icons.2.svg"].map(str::to_owned);
        assert_eq!(assets(page), BTreeSet::from(wanted));
    }
}
