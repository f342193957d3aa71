//! Every target stands its seeds, what was found before, and a few inputs more.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may fail")]

use fuzz::hunt::{hunt, run};
use fuzz::targets::{TARGETS, Target};
use std::path::Path;
use std::time::Duration;

/// Inputs that failed once; each file begins with the name of its target.
fn finds() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("finds");
    let Ok(files) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    files
        .map(|file| {
            let file = file.unwrap();
            let name = file.file_name().to_string_lossy().into_owned();
            (name, std::fs::read(file.path()).unwrap())
        })
        .collect()
}

#[test]
fn what_was_found_before_does_no_harm_any_more() {
    for (name, input) in finds() {
        let target = TARGETS
            .iter()
            .filter(|target| name.starts_with(target.name))
            .max_by_key(|target| target.name.len())
            .unwrap_or_else(|| panic!("{name} belongs to no target"));
        if let Err(why) = run(target, &input) {
            panic!("{name}: {why}");
        }
    }
}

#[test]
fn every_target_stands_some_inputs() {
    for target in TARGETS {
        let report = hunt(target, 7, Duration::from_secs(20), 60, None).unwrap();
        if let Some(find) = report.find {
            panic!(
                "{}: {} {:?}",
                target.name,
                find.why,
                String::from_utf8_lossy(&find.input)
            );
        }
        assert!(
            report.kept > (target.seeds)().len(),
            "{}: nothing new is seen",
            target.name
        );
    }
}

#[test]
fn a_fault_is_found_and_made_small() {
    let target = Target {
        name: "planted",
        seeds: || vec![b"abcdefgh".to_vec()],
        words: &["x", "y"],
        run: |input| {
            let at = input.iter().position(|byte| *byte == b'x');
            match at {
                Some(_) if input.contains(&b'y') => Err("x and y".into()),
                at => Ok(u64::from(at.is_some())),
            }
        },
    };
    let report = hunt(&target, 1, Duration::from_secs(20), 100_000, None).unwrap();
    let mut input = report.find.unwrap().input;
    input.sort_unstable();
    assert_eq!(input, b"xy");
}

#[test]
fn a_panic_is_a_find() {
    let target = Target {
        name: "planted",
        seeds: || vec![b"a".to_vec()],
        words: &[],
        run: |_| panic!("planted"),
    };
    let report = hunt(&target, 1, Duration::from_secs(20), 10, None).unwrap();
    assert!(report.find.unwrap().why.contains("planted"));
}
