//! Figures for Prometheus, on a listener of their own. Labels hold patterns, states and versions, never an id.

use crate::health;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use identity::Hasher;
use std::fmt::Write;
use std::fs;
use tokio::sync::watch;
use web::{App, Metered};

const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// `/metrics`, and the probes of [`health`], which stay to be asked here while the portal's own listener is closed.
pub fn router(app: App, ending: watch::Receiver<bool>) -> axum::Router {
    let db = app.db().clone();
    let figures = axum::Router::new()
        .route("/metrics", get(figures))
        .with_state(app);
    health::with_health(figures, db, ending)
}

async fn figures(State(app): State<App>) -> Response {
    let mut response = text(&app).await.into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"),
    );
    response
}

/// Everything in Prometheus' text format.
pub async fn text(app: &App) -> String {
    let mut sheet = Sheet::default();
    process(&mut sheet);
    requests(&mut sheet, &app.metered());
    sheet.one(
        "tresen_db_statements_total",
        "counter",
        "SQL statements sent.",
        app.db().queries() as f64,
    );
    let pool = app.db().pool();
    sheet.head(
        "tresen_db_connections",
        "gauge",
        "Connections for reading (SQLite) or for all (PostgreSQL).",
    );
    for (state, count) in [("busy", pool.busy), ("most", pool.most)] {
        sheet.line("tresen_db_connections", &[("state", state)], count as f64);
    }
    if let Some(hasher) = app.state::<Hasher>() {
        sheet.one(
            "tresen_password_hashes",
            "gauge",
            "Passwords that are being hashed now.",
            hasher.in_use() as f64,
        );
    }
    let stored = stored(app, &mut sheet).await;
    if let Err(error) = &stored {
        tracing::debug!(%error, "figures from the database are missing");
    }
    sheet.one(
        "tresen_database_up",
        "gauge",
        "Whether the database answered this question.",
        if stored.is_ok() { 1.0 } else { 0.0 },
    );
    sheet.0
}

fn process(sheet: &mut Sheet) {
    sheet.head("tresen_build_info", "gauge", "Which program this is.");
    let version = [("version", env!("CARGO_PKG_VERSION"))];
    sheet.line("tresen_build_info", &version, 1.0);
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.trim().strip_suffix(" kB"))
        .and_then(|kilobytes| kilobytes.trim().parse::<f64>().ok());
    if let Some(kilobytes) = resident {
        sheet.one(
            "process_resident_memory_bytes",
            "gauge",
            "Memory in use.",
            kilobytes * 1024.0,
        );
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        let open = open.count() as f64;
        sheet.one(
            "process_open_fds",
            "gauge",
            "Open files and connections.",
            open,
        );
    }
}

fn requests(sheet: &mut Sheet, all: &[Metered]) {
    let name = "tresen_http_requests_total";
    sheet.head(
        name,
        "counter",
        "Requests answered; no route: an unknown path.",
    );
    for meter in all {
        for (class, count) in CLASSES.iter().zip(meter.classes) {
            if count > 0 {
                let labels = [
                    ("method", meter.method),
                    ("route", meter.route),
                    ("status", class),
                ];
                sheet.line(name, &labels, count as f64);
            }
        }
    }
    let name = "tresen_http_request_duration_seconds";
    sheet.head(
        name,
        "histogram",
        "From the end of a request's head to its answer.",
    );
    for meter in all {
        let labels = [("method", meter.method), ("route", meter.route)];
        let [method, route] = labels;
        let bucket = format!("{name}_bucket");
        for (bound, count) in web::BOUNDS.iter().zip(meter.within) {
            let bound = (*bound as f64 / 1e6).to_string();
            sheet.line(&bucket, &[method, route, ("le", &bound)], count as f64);
        }
        let count = meter.classes.iter().sum::<u64>() as f64;
        sheet.line(&bucket, &[method, route, ("le", "+Inf")], count);
        sheet.line(&format!("{name}_sum"), &labels, meter.micros as f64 / 1e6);
        sheet.line(&format!("{name}_count"), &labels, count);
    }
}

/// What is known only by asking the database.
async fn stored(app: &App, sheet: &mut Sheet) -> db::Result<()> {
    let now = app.world().now();
    let mut tx = app.db().read().await?;
    let jobs = jobs::counts(&mut tx).await?;
    let oldest = jobs::due_since(&mut tx, now).await?;
    let mails = mail::unsent(&mut tx).await?;
    drop(tx);
    sheet.head("tresen_jobs", "gauge", "Jobs by state; done ones are gone.");
    for (state, count) in [
        ("waiting", jobs.waiting),
        ("running", jobs.running),
        ("dead", jobs.dead),
    ] {
        sheet.line("tresen_jobs", &[("state", state)], count as f64);
    }
    sheet.one(
        "tresen_jobs_oldest_due_seconds",
        "gauge",
        "How long the job that is due the longest has been due.",
        oldest.map_or(0.0, |at| now.since(at).as_secs_f64()),
    );
    sheet.head(
        "tresen_mails",
        "gauge",
        "Mails that have not been sent, by state.",
    );
    for (state, count) in [
        ("queued", mails.queued),
        ("failed", mails.failed),
        ("dead", mails.dead),
    ] {
        sheet.line("tresen_mails", &[("state", state)], count as f64);
    }
    Ok(())
}

#[derive(Default)]
struct Sheet(String);

impl Sheet {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        self.write(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(label, value)| format!("{label}=\"{}\"", escaped(value)))
            .collect();
        let labels = labels.join(",");
        self.write(format_args!("{name}{{{labels}}} {value}\n"));
    }

    /// A figure without labels.
    fn one(&mut self, name: &str, kind: &str, help: &str, value: f64) {
        self.head(name, kind, help);
        self.write(format_args!("{name} {value}\n"));
    }

    fn write(&mut self, text: std::fmt::Arguments<'_>) {
        // writing to a String does not fail
        self.0.write_fmt(text).unwrap_or_default();
    }
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}
