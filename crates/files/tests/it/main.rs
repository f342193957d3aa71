//! Files from the form to the disk and back; `TRESEN_TEST_DATABASE=postgres://…` moves every test to PostgreSQL.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests fail as tests do"
)]

mod download;
mod keys;
mod lines;
mod places;
mod probe;
mod scan;
mod sweep;
mod upload;
