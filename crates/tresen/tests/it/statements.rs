use crate::whole;

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_prepares_and_fits_its_row_type() {
    let t = whole().await;
    let problems = db::testing::prepare_all(t.db()).await.unwrap();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(
        db::statements().count() > 80,
        "the statements of the contexts are linked in"
    );
}

/// Tables that grow with every customer, ticket or mail.
const LONG: [&str; 22] = [
    "addresses",
    "article_votes",
    "audit",
    "contacts",
    "customers",
    "entry_files",
    "files",
    "inbound_html",
    "inbound_ids",
    "inbound_mails",
    "links",
    "mails",
    "memberships",
    "passwords",
    "sessions",
    "ticket_entries",
    "ticket_mails",
    "ticket_participants",
    "ticket_secrets",
    "ticket_unread",
    "tickets",
    "users",
];

/// What may read all of a long table: the file, the table, why.
const ALLOWED: [(&str, &str, &str); 9] = [
    (
        "db/src/audit/chain.rs",
        "audit",
        "an index of the few lines without a seal",
    ),
    (
        "customers/src/customer/store.rs",
        "customers",
        "a part of the statement has the same name",
    ),
    ("identity/src/users.rs", "users", "whether there is any"),
    (
        "knowledge/src/feedback/store.rs",
        "article_votes",
        "the desk's sums",
    ),
    (
        "mail/src/desk.rs",
        "mails",
        "the desk's counts, from an index",
    ),
    (
        "support/src/desk/follow.rs",
        "tickets",
        "an index of words is filled anew",
    ),
    ("tresen/src/demo/seed.rs", "mails", "the demo"),
    (
        "tresen/src/doctor/store.rs",
        "memberships",
        "the doctor looks at everything",
    ),
    (
        "tresen/src/doctor/store.rs",
        "addresses",
        "the doctor looks at everything",
    ),
];

/// By which name a statement reads each long table.
fn read_as(text: &str) -> Vec<(&'static str, String)> {
    let apart = text.replace(['(', ')', ','], " ");
    let words: Vec<&str> = apart.split_whitespace().collect();
    let keywords = [
        "ON",
        "WHERE",
        "JOIN",
        "LEFT",
        "CROSS",
        "INNER",
        "SET",
        "ORDER",
        "GROUP",
        "LIMIT",
        "UNION",
        "SELECT",
        "FOR",
        "RETURNING",
        "VALUES",
        "AND",
    ];
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let Some(table) = LONG.iter().find(|table| *table == word) else {
            continue;
        };
        let alias = words[at + 1..].iter().find(|word| **word != "AS");
        let alias = alias.filter(|alias| !keywords.contains(alias) && alias.len() < 12);
        found.push((*table, (*alias.unwrap_or(word)).to_owned()));
        found.push((*table, (*table).to_string()));
    }
    found
}

/// A plan made without figures about the tables, as a new house has it: what reads all of a long table there does so for
/// years. On SQLite, whose plans stay as they are.
#[tokio::test]
async fn no_statement_reads_all_of_a_long_table() {
    let db = db::testing::fresh(&kernel::World::system()).await;
    let Some(path) = db.url().strip_prefix("sqlite:") else {
        return;
    };
    let conn = rusqlite::Connection::open(path).unwrap();
    let mut problems = Vec::new();
    let of_product = db::statements().filter(|source| !source.file.contains("/tests/"));
    for source in of_product {
        let Ok(mut plan) = conn.prepare(&format!("EXPLAIN QUERY PLAN {}", source.sqlite)) else {
            continue;
        };
        let mut rows = plan.raw_query();
        while let Some(row) = rows.next().unwrap() {
            let step: String = row.get("detail").unwrap();
            let Some(name) = step
                .strip_prefix("SCAN ")
                .and_then(|rest| rest.split(' ').next())
            else {
                continue;
            };
            let of = read_as(source.sqlite);
            let Some((table, _)) = of.iter().find(|(_, alias)| alias == name) else {
                continue;
            };
            let allowed =
                |(file, of, _): &(&str, &str, &str)| source.file.ends_with(file) && of == table;
            if !ALLOWED.iter().any(allowed) {
                problems.push(format!("{}:{}: {table}: {step}", source.file, source.line));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
