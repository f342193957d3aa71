//! The start page `/`: what one can do here. For who is signed in, what is new, and the ways on.

use crate::registration::portal::REGISTER;
use serde::Serialize;
use web::{Guest, Page, Result, SIGN_IN};

/// All else stands in the frame: who is signed in, for whom, and the menus with what is new behind their entries.
#[derive(Serialize)]
pub struct StartPage {
    sign_in: String,
    register: String,
    /// Parts of other contexts, as HTML: what is open.
    tiles: Vec<String>,
}

impl Page for StartPage {
    const TEMPLATE: &'static str = "customers/start.html";
    fn samples() -> Vec<Self> {
        let tile = "<article><h2 class=\"label\">Nachrichten</h2></article>".to_owned();
        vec![StartPage::of(Vec::new()), StartPage::of(vec![tile])]
    }
}

impl StartPage {
    fn of(tiles: Vec<String>) -> Self {
        StartPage {
            sign_in: SIGN_IN.url(),
            register: REGISTER.url(),
            tiles,
        }
    }
}

pub async fn start(cx: Guest) -> Result {
    let Some(acting) = cx.user().and_then(|session| session.acting.as_ref()) else {
        return cx.page(StartPage::of(Vec::new()));
    };
    let mut tx = cx.read().await?;
    let mut tiles = Vec::new();
    for (_, right, tile) in cx.app.overview() {
        if cx.may(*right) {
            let tile = tile(&cx, &mut tx, acting.customer).await?;
            tiles.extend(tile.map(|tile| cx.draw(&tile)).transpose()?);
        }
    }
    drop(tx);
    cx.page(StartPage::of(tiles))
}
