//! A few rounds of what `cargo xtask faults` does many of; and that a fault would be seen.

use std::process::{Command, Output};

/// The engine of all tests.
fn server() -> bool {
    std::env::var("TRESEN_TEST_DATABASE").is_ok_and(|url| url.starts_with("postgres"))
}

fn run(args: &[&str]) -> (Output, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_faults"));
    command.arg("run").args(args);
    if server() {
        command.arg("--postgres-only");
    }
    let out = command.output().expect("it starts");
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&out.stdout),
        String::from_utf8_lossy(&out.stderr)
    );
    (out, said)
}

#[test]
fn ops_2_sup_9_killed_under_load_nothing_is_lost_and_nothing_doubled() {
    let (out, said) = run(&["--kills", "2", "--cuts", "0"]);
    assert!(out.status.success(), "{said}");
    assert!(said.contains(" 0 lost, 0 doubled, 0 strange"), "{said}");
}

#[test]
fn ops_2_sup_9_an_answer_cut_at_commit_leaves_one_row() {
    if !server() {
        return;
    }
    let (out, said) = run(&["--kills", "0", "--cuts", "8"]);
    assert!(out.status.success(), "{said}");
    for round in ["PostgreSQL, cut", "PostgreSQL, mails, cut"] {
        let said = said.lines().find(|line| line.starts_with(round));
        let said = said.unwrap_or_else(|| panic!("no {round}"));
        assert!(said.contains("cut at COMMIT 8 times"), "{said}");
        assert!(said.contains(" 0 lost, 0 doubled, 0 strange"), "{said}");
    }
}

#[test]
fn a_planted_loss_is_reported() {
    let (out, said) = run(&["--kills", "1", "--cuts", "0", "--plant", "loss"]);
    assert_eq!(out.status.code(), Some(1), "{said}");
    assert!(
        said.contains(" 1 lost, 0 doubled") && said.contains("the planted Loss of Probe-"),
        "{said}"
    );
}

#[test]
fn sup_9_a_mail_planted_twice_or_taken_away_is_reported() {
    for (plant, word, counted) in [
        ("lost-mail", "LostMail", " 1 lost, 0 doubled"),
        ("doubled-mail", "DoubledMail", " 0 lost, 1 doubled"),
    ] {
        let (out, said) = run(&["--kills", "1", "--cuts", "0", "--plant", plant]);
        assert_eq!(out.status.code(), Some(1), "{said}");
        let found = format!("the planted {word} of Probe-");
        assert!(said.contains(counted) && said.contains(&found), "{said}");
    }
}

#[test]
fn a_planted_double_is_reported() {
    let (out, said) = run(&["--kills", "1", "--cuts", "0", "--plant", "double"]);
    assert_eq!(out.status.code(), Some(1), "{said}");
    assert!(
        said.contains(" 0 lost, 1 doubled") && said.contains("the planted Double of Probe-"),
        "{said}"
    );
}
