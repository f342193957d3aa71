//! The start page `/`: what one can do here. For who is signed in, the ways on.

use crate::registration::portal::REGISTER;
use crate::signin::portal::SIGN_OUT;
use serde::Serialize;
use web::{Guest, Page, Result, SIGN_IN};

/// All else stands in the frame: who is signed in, and the menus.
#[derive(Serialize)]
pub struct StartPage {
    sign_in: String,
    register: String,
    sign_out: String,
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
            sign_out: SIGN_OUT.url(),
        }
    }
}

pub async fn start(cx: Guest) -> Result {
    cx.page(StartPage::new())
}
