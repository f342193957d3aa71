//! `/healthz`: the process lives. `/readyz`: it can answer, the database included.

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use db::Db;

pub fn with_health(router: axum::Router, db: Db) -> axum::Router {
    let probes = axum::Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .with_state(db);
    router.merge(probes)
}

async fn ready(State(db): State<Db>) -> (StatusCode, &'static str) {
    match db.ping().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "no database\n"),
    }
}
