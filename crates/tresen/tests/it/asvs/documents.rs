//! The handbook says what the program does: tables that are drawn from the program, and the page of this standard.
//!
//! Where a table is behind the program: run the test again with `TRESEN_WRITE_DOCS=1`, and read what changed.

use super::{fields, files, root};
use crate::whole;
use identity::throttle;
use kernel::Locale;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::time::Duration;
use web::{Access, Method};

/// Compares (or writes) what stands between the two remarks of this name.
fn block(page: &str, name: &str, table: &str) {
    let path = root().join("docs").join(page);
    let text = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = (
        format!("<!-- {name}: begin -->\n"),
        format!("<!-- {name}: end -->"),
    );
    let (before, rest) = text
        .split_once(&begin)
        .unwrap_or_else(|| panic!("docs/{page} has no block {name}"));
    let (stands, after) = rest.split_once(&end).unwrap();
    if stands == table {
        return;
    }
    assert!(
        std::env::var_os("TRESEN_WRITE_DOCS").is_some(),
        "docs/{page}, block {name}, is behind the program; TRESEN_WRITE_DOCS=1 writes it. It should say:\n{table}"
    );
    std::fs::write(path, format!("{before}{begin}{table}{end}{after}")).unwrap();
}

fn words(time: Duration) -> String {
    let seconds = time.as_secs();
    let (number, unit) = match seconds {
        s if s % 86_400 == 0 && s > 172_800 => (s / 86_400, "days"),
        s if s % 3600 == 0 && s >= 7200 => (s / 3600, "hours"),
        3600 => (1, "hour"),
        s if s % 60 == 0 => (s / 60, "minutes"),
        s => (s, "seconds"),
    };
    format!("{number} {unit}")
}

fn table(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "| {} |", head.join(" | "));
    let _ = writeln!(out, "|{}", "---|".repeat(head.len()));
    for row in rows {
        let _ = writeln!(out, "| {} |", row.join(" | "));
    }
    out
}

#[test]
fn v6_1_1_doc_login_throttle_matches_code() {
    let rows = [
        ("account", "a user, by address and customer number together; a name nobody has; a member of staff; codes of the second factor"),
        ("device", "a device on which this user has signed in before, instead of the user's count"),
        ("network", "a network (/24, /64 in IPv6), at sign-in"),
        ("desk", "sign-ins of one member of staff, from all networks together"),
        ("passkey-network", "what one network asks of passkeys, before it is known whose"),
        ("mail", "mails to one address that anybody can cause"),
        ("mail-network", "mails that one network causes"),
        ("feedback", "what one network says of articles"),
        ("ticket", "tickets of one address of somebody who is not signed in"),
        ("ticket-network", "the same, from one network"),
    ]
    .map(|(key, what)| {
        let rule = throttle::rule(key);
        let then = if rule.doubling {
            format!(
                "{}, doubling up to {}; forgotten {} after the last try",
                words(throttle::FIRST),
                words(throttle::LONGEST),
                words(Duration::from_secs(3600))
            )
        } else {
            "nothing until that time is over".to_owned()
        };
        vec![what.to_owned(), rule.free.to_string(), words(rule.window), then]
    });
    let head = ["Counted", "Free tries", "In", "Then"];
    block("handbook/security.md", "throttle", &table(&head, rows));
}

#[test]
fn v7_1_1_doc_session_times() {
    use identity::{sessions, staff};
    let rows = [
        ("customers, without use", sessions::IDLE),
        ("customers, in all", sessions::TOTAL),
        (
            "customers: so long a sign-in is fresh enough for sensitive acts",
            sessions::FRESH,
        ),
        (
            "customers, from the password to the second factor",
            identity::factors::halves::GOOD_FOR,
        ),
        (
            "what a passkey is asked",
            identity::factors::passkeys::GOOD_FOR,
        ),
        ("a known device, without use", identity::devices::KEPT),
        ("staff, without use", staff::IDLE),
        ("staff, in all", staff::TOTAL),
        ("staff, from the password to the code", staff::HALF),
        (
            "staff, looking at the portal as a customer",
            identity::views::LONGEST,
        ),
    ]
    .map(|(what, time)| vec![what.to_owned(), words(time)]);
    block(
        "handbook/security.md",
        "sessions",
        &table(&["Session", "Ends after"], rows),
    );
}

#[test]
fn v6_4_1_doc_link_times() {
    let rows = [
        ("activates a new account", customers::registration::GOOD_FOR),
        ("sets a new password", identity::reset::GOOD_FOR),
        ("proves an address", identity::emails::PROOF_GOOD_FOR),
        (
            "stops the change of an address",
            identity::emails::STOP_GOOD_FOR,
        ),
        (
            "invites somebody to act for a customer",
            customers::invitation::GOOD_FOR,
        ),
        (
            "invites a member of staff, or sets their sign-in anew",
            identity::staff::LINK,
        ),
    ]
    .map(|(what, time)| vec![what.to_owned(), words(time)]);
    block(
        "handbook/security.md",
        "links",
        &table(&["Link", "Good for"], rows),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn v2_1_1_doc_validation_rules_match_code() {
    let t = whole().await;
    let rows = fields(&t).into_iter().map(|(label, field)| {
        let word = t.app.texts().get(Locale::De, &label).into_owned();
        let kind = match field.kind.as_str() {
            "line" => "one line, no control characters",
            "text" => "several lines",
            "email" => "e-mail address",
            "phone" => "phone number",
            "password" => "any characters, taken as typed",
            "select" => "one of the choices",
            "tick" => "yes or no",
            "files" => "ten files of any kind, 25 MB each",
            "held" => "one file of any kind, 1 MB",
            other => other,
        };
        let max = match field.kind.as_str() {
            "select" | "tick" | "files" | "held" => String::new(),
            _ => field.max.to_string(),
        };
        let must = if field.required { "yes" } else { "" };
        vec![
            format!("`{label}`"),
            word,
            kind.to_owned(),
            max,
            must.to_owned(),
        ]
    });
    let head = [
        "Field",
        "On the screen",
        "Takes",
        "Characters",
        "Must be there",
    ];
    block("handbook/fields.md", "fields", &table(&head, rows));
}

#[tokio::test(flavor = "multi_thread")]
async fn v8_1_1_doc_permission_matrix_is_generated() {
    let t = whole().await;
    let mut rows = Vec::new();
    for route in t.app.routes() {
        if route.pattern.starts_with("/demo") {
            continue;
        }
        let may = match route.access.stale() {
            Access::Open | Access::DeskOpen => "anybody".to_owned(),
            Access::User | Access::FreshUser => "signed in".to_owned(),
            Access::Member(right) | Access::FreshMember(right) => format!("`{}`", right.0),
            Access::Staff(None) => "all staff".to_owned(),
            Access::Staff(Some(right)) => {
                let roles: Vec<&str> = identity::Role::ALL
                    .iter()
                    .filter(|role| role.rights().contains(&right))
                    .map(|role| role.as_str())
                    .collect();
                format!("`{}`: {}", right.0, roles.join(", "))
            }
        };
        let fresh = if route.access.is_fresh() {
            ", freshly"
        } else {
            ""
        };
        let method = match route.method {
            Method::Get => "GET",
            Method::Post => "POST",
        };
        rows.push(vec![
            format!("`{}`", route.pattern),
            method.to_owned(),
            format!("{may}{fresh}"),
        ]);
    }
    rows.sort();
    block(
        "handbook/rights.md",
        "routes",
        &table(&["Page", "", "Who"], rows),
    );
}

/// Whatever lets somebody in without a session: nothing else does (6.3.4).
#[tokio::test(flavor = "multi_thread")]
async fn v6_1_3_doc_all_login_paths() {
    let t = whole().await;
    let mut rows: Vec<Vec<String>> = t
        .app
        .routes()
        .iter()
        .filter(|route| route.method == Method::Post)
        .filter(|route| matches!(route.access, Access::Open | Access::DeskOpen))
        .filter(|route| !route.pattern.starts_with("/demo"))
        .map(|route| {
            let side = if route.access.is_desk() {
                "desk"
            } else {
                "portal"
            };
            vec![format!("`{}`", route.pattern), side.to_owned()]
        })
        .collect();
    rows.sort();
    let head = ["Form that anybody can send", "Side"];
    block("handbook/security.md", "doors", &table(&head, rows));
}

#[tokio::test(flavor = "multi_thread")]
async fn v16_1_1_doc_log_inventory_is_generated() {
    let t = whole().await;
    let rows = t
        .app
        .texts()
        .keys(Locale::En)
        .iter()
        .filter_map(|key| key.strip_prefix("act-"))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|act| {
            let key = format!("act-{act}");
            let word = |locale| t.app.texts().get(locale, &key).into_owned();
            vec![format!("`{act}`"), word(Locale::De), word(Locale::En)]
        })
        .collect::<Vec<_>>();
    assert!(rows.len() > 10);
    block(
        "handbook/log.md",
        "acts",
        &table(&["Act", "German", "English"], rows),
    );
}

/// The columns of all tables, as the migrations leave them.
fn schema() -> BTreeMap<String, BTreeSet<String>> {
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current: Option<String> = None;
    for (_, text) in files("migrations", ".sql") {
        for line in text.lines().map(str::trim) {
            let second = |after: &str| {
                let rest = line.strip_prefix(after)?;
                rest.split([' ', '(']).next().map(str::to_owned)
            };
            if let Some(table) = second("CREATE TABLE ") {
                tables.entry(table.clone()).or_default();
                current = Some(table);
            } else if let Some(table) = second("ALTER TABLE ") {
                if let Some((_, column)) = line.split_once(" ADD COLUMN ") {
                    let name = column.split(' ').next().unwrap_or_default();
                    tables.entry(table).or_default().insert(name.to_owned());
                }
            } else if let Some(table) = second("DROP TABLE ") {
                tables.remove(table.trim_end_matches(';'));
            } else if line.starts_with(')') {
                current = None;
            } else if let Some(table) = &current {
                let mut parts = line.split(' ');
                let (name, kind) = (
                    parts.next().unwrap_or_default(),
                    parts.next().unwrap_or_default(),
                );
                let kind = kind.trim_end_matches(',');
                if ["UUID", "BIGINT", "TEXT", "BOOLEAN", "BYTES"].contains(&kind) {
                    tables
                        .entry(table.clone())
                        .or_default()
                        .insert(name.to_owned());
                }
            }
        }
    }
    assert!(tables.len() > 15 && tables["users"].contains("locale"));
    tables
}

const CLASSES: [&str; 4] = ["secret", "personal", "content", "running"];

#[test]
fn v14_1_1_doc_data_classes() {
    let page = std::fs::read_to_string(root().join("docs/handbook/data.md")).unwrap();
    let mut listed: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    let mut of_table = BTreeMap::new();
    for line in page.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let table = cells[0].trim_matches('`').to_owned();
        assert!(CLASSES.contains(&cells[1]), "{line}");
        of_table.insert(table.clone(), cells[1].to_owned());
        let others = listed.entry(table).or_default();
        for other in cells[2].split(';').filter(|part| !part.trim().is_empty()) {
            let (class, columns) = other.split_once(':').unwrap();
            assert!(CLASSES.contains(&class.trim()), "{line}");
            for column in columns.split(',') {
                let column = column.trim().trim_matches('`');
                others.insert(column.to_owned(), class.trim().to_owned());
            }
        }
    }
    let schema = schema();
    let mut faults = Vec::new();
    for (table, columns) in &schema {
        let Some(class) = of_table.get(table) else {
            faults.push(format!(
                "docs/handbook/data.md does not know the table {table}"
            ));
            continue;
        };
        for column in columns {
            // what sounds secret is, or somebody has said that it is not
            let said = class == "secret" || listed[table].contains_key(column);
            let sounds_secret = ["hash", "sealed", "secret", "token", "pending"]
                .iter()
                .any(|word| column.contains(word));
            if sounds_secret && !said {
                faults.push(format!("{table}.{column} is called {class}"));
            }
        }
        for column in listed[table]
            .keys()
            .filter(|column| !columns.contains(*column))
        {
            faults.push(format!("{table} has no column {column}"));
        }
    }
    for table in of_table.keys().filter(|table| !schema.contains_key(*table)) {
        faults.push(format!("there is no table {table}"));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The requirements of the chapters that touch what is built.
const REQUIRED: &[(&str, &[u32])] = &[
    ("1.1", &[1, 2]),
    ("1.2", &[1, 2, 3, 4, 5, 6, 7, 8, 9]),
    ("1.3", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]),
    ("1.4", &[1, 2, 3]),
    ("1.5", &[1, 2]),
    ("2.1", &[1, 2, 3]),
    ("2.2", &[1, 2, 3]),
    ("2.3", &[1, 2, 3, 4]),
    ("2.4", &[1]),
    ("3.2", &[1, 2]),
    ("3.3", &[1, 2, 3, 4]),
    ("3.4", &[1, 2, 3, 4, 5, 6]),
    ("3.5", &[1, 2, 3, 4, 5]),
    ("3.7", &[1, 2]),
    ("6.1", &[1, 2, 3]),
    ("6.2", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    ("6.3", &[1, 2, 3, 4, 5, 7, 8]),
    ("6.4", &[1, 2, 3, 4, 6]),
    ("6.5", &[1, 2, 3, 4, 5, 6]),
    ("6.6", &[1, 2, 3]),
    ("6.8", &[1, 2, 3, 4]),
    ("7.1", &[1, 2, 3]),
    ("7.2", &[1, 2, 3, 4]),
    ("7.3", &[1, 2]),
    ("7.4", &[1, 2, 3, 4, 5]),
    ("7.5", &[1, 2]),
    ("7.6", &[1, 2]),
    ("8.1", &[1, 2]),
    ("8.2", &[1, 2, 3, 4]),
    ("8.3", &[1]),
    ("8.4", &[1, 2]),
    ("14.1", &[1, 2]),
    ("14.2", &[1, 2, 3, 4]),
    ("14.3", &[1, 2, 3]),
    ("16.1", &[1]),
    ("16.2", &[1, 2, 3, 4, 5]),
    ("16.3", &[1, 2, 3, 4]),
    ("16.4", &[1, 2, 3]),
    ("16.5", &[1, 2, 3]),
];

/// The names of all tests; journeys by the names of their files.
fn tests() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (_, text) in files("crates", ".rs").iter().chain(&files("xtask", ".rs")) {
        let mut marked = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                marked = true;
            } else if let Some(at) = line.find("fn ").filter(|_| marked) {
                let name = line[at + 3..].split('(').next().unwrap_or_default();
                names.insert(name.to_owned());
                marked = false;
            }
        }
    }
    for (name, _) in files("tests/browser", ".test.mjs") {
        names.extend(name.rsplit('/').next().map(str::to_owned));
    }
    names
}

#[test]
fn the_page_of_the_standard_is_whole_and_names_tests_that_exist() {
    let page = std::fs::read_to_string(root().join("docs/asvs.md")).unwrap();
    let tests = tests();
    assert!(tests.len() > 300, "{}", tests.len());
    let mut faults = Vec::new();
    let mut listed = BTreeSet::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let id = cells[0];
        if cells.len() < 3 || !id.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        if !listed.insert(id.to_owned()) {
            faults.push(format!("{id} stands twice"));
        }
        let named: Vec<&str> = cells[2].split('`').skip(1).step_by(2).collect();
        for name in &named {
            if !tests.contains(*name) {
                faults.push(format!("{id}: no test {name}"));
            }
        }
        let why = cells[2].starts_with("n/a: ") || cells[2].starts_with("later: ");
        if named.is_empty() && !why {
            faults.push(format!("{id}: neither a test nor a reason"));
        }
    }
    for (chapter, numbers) in REQUIRED {
        for number in *numbers {
            let id = format!("{chapter}.{number}");
            if !listed.contains(&id) {
                faults.push(format!("{id} is missing"));
            }
        }
    }
    assert!(faults.is_empty(), "docs/asvs.md:\n{}", faults.join("\n"));
}
