//! One search over everything (DESK-3): each context answers for its own, and only what the role may see.

use kernel::is_blank;
use serde::Serialize;
use web::{DESK_SEARCH, Hit, Page, Result, Staff};

/// The hits of one context.
#[derive(Debug, Serialize)]
pub struct Group {
    pub id: String,
    pub label: String,
    pub hits: Vec<Hit>,
}

#[derive(Debug, Serialize)]
pub struct SearchPage {
    pub text: String,
    pub groups: Vec<Group>,
    pub action: String,
}

impl Page for SearchPage {
    const TEMPLATE: &'static str = "operations/search.html";
    fn samples() -> Vec<Self> {
        let hit = Hit {
            href: "/desk/kunden/1".into(),
            title: "Jana <Petersen>".into(),
            note: "K-10001".into(),
        };
        let bare = Hit {
            note: String::new(),
            ..hit.clone()
        };
        let group = Group {
            id: "g1".into(),
            label: "Kunden".into(),
            hits: vec![hit, bare],
        };
        let page = |text: &str, groups| SearchPage {
            text: text.into(),
            groups,
            action: DESK_SEARCH.url(),
        };
        vec![
            page("pet", vec![group]),
            page("xyz", Vec::new()),
            page("", Vec::new()),
        ]
    }
}

pub async fn show(cx: Staff) -> Result {
    let typed: String = cx
        .query("suche")
        .unwrap_or_default()
        .trim()
        .chars()
        .take(200)
        .collect();
    // what holds no letter would find everything
    let text = if is_blank(&typed) {
        String::new()
    } else {
        typed
    };
    let mut tx = cx.read().await?;
    let mut groups = Vec::new();
    for (label, right, search) in cx.app.search() {
        if text.is_empty() || !cx.may(*right) {
            continue;
        }
        let hits = search(&cx, &mut tx, &text).await?;
        if !hits.is_empty() {
            groups.push(Group {
                id: format!("g{}", groups.len()),
                label: cx.text(label),
                hits,
            });
        }
    }
    cx.page(SearchPage {
        text,
        groups,
        action: DESK_SEARCH.url(),
    })
}
