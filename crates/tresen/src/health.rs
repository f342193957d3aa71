//! `/healthz`: the process lives. `/readyz`: it can answer, the database included, and is not about to end.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use db::Db;
use std::time::Duration;
use tokio::sync::watch;

/// Whoever asks wants to know now.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Clone)]
struct Health {
    db: Db,
    ending: watch::Receiver<bool>,
}

/// Adds both to a router.
pub fn with_health(router: axum::Router, db: Db, ending: watch::Receiver<bool>) -> axum::Router {
    let probes = axum::Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .with_state(Health { db, ending });
    router.merge(probes)
}

async fn ready(State(health): State<Health>) -> (StatusCode, &'static str) {
    if *health.ending.borrow() {
        return (StatusCode::SERVICE_UNAVAILABLE, "ending\n");
    }
    match tokio::time::timeout(PATIENCE, health.db.ping()).await {
        Ok(Ok(())) => (StatusCode::OK, "ready\n"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "no database\n"),
    }
}
