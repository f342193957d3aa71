//! The start page `/`: what one can do here. For who is signed in, the ways on.

use crate::registration::portal::REGISTER;
use serde::Serialize;
use web::{Guest, Page, Result, SIGN_IN};

/// All else stands in the frame: who is signed in, and the menus.
#[derive(Serialize)]
pub struct StartPage {
    sign_in: String,
    register: String,
}

impl Page for StartPage {
    const TEMPLATE: &'static str = "customers/start.html";
    fn samples() -> Vec<Self> {
        vec![StartPage::new()]
    }
}

impl StartPage {
    fn new() -> Self {
        StartPage {
            sign_in: SIGN_IN.url(),
            register: REGISTER.url(),
        }
    }
}

pub async fn start(cx: Guest) -> Result {
    cx.page(StartPage::new())
}
