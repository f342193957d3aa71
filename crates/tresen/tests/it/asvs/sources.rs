//! What the sources must not hold.

use super::{files, product_sources, root};

/// Lines of these files that hold one of the words.
fn lines(files: &[(String, String)], words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, text) in files {
        for (number, line) in text.lines().enumerate() {
            let remark = line.trim_start().starts_with("//");
            if !remark && words.iter().any(|word| line.contains(word)) {
                found.push(format!("{name}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    found
}

#[track_caller]
fn none(files: &[(String, String)], words: &[&str]) {
    let found = lines(files, words);
    assert!(
        !files.is_empty() && found.is_empty(),
        "{}",
        found.join("\n")
    );
}

fn script() -> Vec<(String, String)> {
    files("assets/js", ".js")
}

/// The names of all crates that are built in.
fn locked() -> Vec<String> {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let names: Vec<String> = lock
        .lines()
        .filter_map(|line| line.strip_prefix("name = \""))
        .filter_map(|rest| rest.strip_suffix('"'))
        .map(str::to_owned)
        .collect();
    assert!(names.len() > 100);
    names
}

#[track_caller]
fn not_built_in(parts: &[&str]) {
    let found: Vec<String> = locked()
        .into_iter()
        .filter(|name| parts.iter().any(|part| name.contains(part)))
        .collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn the_search_for_words_finds_them() {
    let planted = [(
        "a.rs".to_owned(),
        "// eval(\nlet x = eval(\"1\");".to_owned(),
    )];
    assert_eq!(
        lines(&planted, &["eval("]),
        ["a.rs:2: let x = eval(\"1\");"]
    );
}

/// A statement is a literal (`sql!` takes nothing else); text is put together in the façade and its tools only.
#[test]
fn v1_2_4_sql_values_are_bound() {
    let mut found = Vec::new();
    for (name, text) in product_sources() {
        if name.starts_with("crates/db/") {
            continue;
        }
        for call in text.split("format!(").skip(1) {
            let literal = call.split(';').next().unwrap_or_default();
            let sql = [
                "SELECT ",
                "INSERT INTO",
                "UPDATE ",
                "DELETE FROM",
                " WHERE ",
            ];
            if sql.iter().any(|word| literal.contains(word)) {
                found.push(format!("{name}: {literal}"));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn v1_2_5_no_shell_is_started() {
    none(
        &product_sources(),
        &["process::Command", "Command::new(", "sh -c", "libc::system"],
    );
}

#[test]
fn v1_2_6_no_ldap_is_built_in() {
    not_built_in(&["ldap"]);
}

#[test]
fn v1_2_7_no_xpath_is_built_in() {
    not_built_in(&["xpath", "xslt"]);
}

#[test]
fn v1_2_9_search_text_is_never_a_regex() {
    let manifests = files("crates", "Cargo.toml");
    none(&manifests, &["regex"]);
    // nor a pattern: the search goes by the beginning of a key
    none(&product_sources(), &[" LIKE ", " GLOB ", " SIMILAR TO "]);
}

#[test]
fn v1_3_2_no_eval_in_js_or_templates() {
    let words = [
        "eval(",
        "new Function",
        "setTimeout(\"",
        "setInterval(\"",
        "import(",
        "document.write",
    ];
    none(&script(), &words);
    none(&files("crates", ".html"), &words);
}

/// Addresses that staff typed are called from one place, which checks them again as it connects; the store of files
/// calls the operator's S3.
#[test]
fn v1_3_6_foreign_addresses_are_called_from_one_place() {
    not_built_in(&["ureq", "isahc", "curl", "surf", "attohttpc"]);
    let others: Vec<_> = product_sources()
        .into_iter()
        .filter(|(name, _)| name != "crates/support/src/critical/webhook.rs")
        .collect();
    none(&others, &["reqwest::", "hyper_util::client"]);
}

#[test]
fn v1_4_1_forbid_unsafe_code() {
    let own = files("crates", "Cargo.toml");
    assert!(own.len() >= 13);
    for (name, text) in own.iter().chain(&files("xtask", "Cargo.toml")) {
        assert!(
            text.contains("[lints]\nworkspace = true") || text.contains("unsafe_code = \"forbid\""),
            "{name} goes its own way"
        );
    }
    let workspace = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(workspace.contains("unsafe_code = \"forbid\""));
}

/// One parser is built in, for what S3 answers: it knows no entity but the five of XML and fetches nothing.
#[test]
fn v1_5_1_no_xml_is_read_but_what_s3_answers() {
    not_built_in(&["roxmltree", "xml-rs", "libxml", "minidom"]);
    none(&product_sources(), &["quick_xml::"]);
}

#[test]
fn v3_2_2_text_is_set_as_text() {
    none(
        &script(),
        &["innerHTML", "outerHTML", "insertAdjacentHTML", "srcdoc"],
    );
}

#[test]
fn v3_5_5_no_messages_between_windows() {
    none(&script(), &["postMessage", "window.opener", "\"message\""]);
}

#[test]
fn v3_7_1_no_dead_browser_technology() {
    none(
        &files("crates", ".html"),
        &[
            "<applet",
            "<embed",
            "<object",
            "<marquee",
            "<frameset",
            ".swf",
        ],
    );
}

/// Chance has one source, the system's: everything else asks the world for it, in tests a seeded one.
#[test]
fn v6_5_3_codes_come_from_the_os_rng() {
    let files: Vec<_> = product_sources()
        .into_iter()
        .filter(|(name, _)| name != "crates/kernel/src/world.rs")
        // signing takes a source by its interface, and draws nothing for this padding
        .map(|(name, text)| (name, text.replace("aws_lc_rs::rand::SystemRandom", "")))
        .collect();
    let words = [
        "rand::",
        "fastrand",
        "thread_rng",
        "SmallRng",
        "StdRng",
        "getrandom",
    ];
    none(&files, &words);
    let world = std::fs::read_to_string(root().join("crates/kernel/src/world.rs")).unwrap();
    assert!(world.contains("getrandom::"), "the system's source");
}

/// The one thing kept in the browser is whether the desk's keys are on.
#[test]
fn v14_3_3_nothing_personal_in_browser_storage() {
    none(
        &script(),
        &["sessionStorage", "indexedDB", "caches.", "document.cookie"],
    );
    let kept = lines(&script(), &["localStorage.setItem"]);
    assert!(
        kept.iter()
            .all(|line| line.contains("setItem(store, choice.checked ?")),
        "{kept:?}"
    );
    assert!(kept.len() <= 1, "{kept:?}");
}
