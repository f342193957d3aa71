//! The application for jobs: they are registered before it is there, and some of them draw mails.

use crate::app::App;
use jobs::JobCx;
use std::sync::{Arc, OnceLock};

/// Given to the worker at start, filled when the application stands.
#[derive(Clone, Default)]
pub struct LateApp(Arc<OnceLock<App>>);

impl LateApp {
    pub fn fill(&self, app: &App) {
        self.0.get_or_init(|| app.clone());
    }

    /// `None` when the start-up code forgot it.
    pub fn of(cx: &JobCx) -> Option<App> {
        cx.state::<LateApp>()?.0.get().cloned()
    }
}
