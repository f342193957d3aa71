//! Forty statements and what each must answer, byte for byte, on both engines.

use crate::{database, world};
use db::{Error, Value, params, sql};
use kernel::Uuid;
use kernel::data::{BadValue, Cells, Column, FromRow, FromValue, Kind};
use std::fmt::Write;

/// A cell shown as it came, but for what SQLite has no type of its own for.
struct Shown(String);

impl FromValue for Shown {
    const KIND: Kind = Kind::Any;
    fn from_value(value: Value) -> Result<Self, BadValue> {
        Ok(Shown(match value {
            Value::Null => "∅".into(),
            Value::Int(inner) => inner.to_string(),
            Value::Bool(inner) => i64::from(inner).to_string(),
            Value::Text(inner) => format!("»{inner}«"),
            Value::Bytes(inner) => hex(&inner),
            Value::Uuid(inner) => hex(inner.as_bytes()),
        }))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold("x".to_owned(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// `N` columns, shown and joined.
struct Row<const N: usize>(String);

impl<const N: usize> FromRow for Row<N> {
    fn columns() -> Vec<Column> {
        let any = Column {
            name: "",
            kind: Kind::Any,
        };
        vec![any; N]
    }
    fn from_row(cells: &mut Cells) -> Result<Self, BadValue> {
        let shown: Result<Vec<_>, _> = (0..N)
            .map(|_| cells.take::<Shown>().map(|cell| cell.0))
            .collect();
        Ok(Row(shown?.join(" ")))
    }
}

const TABLES: &str = "CREATE TABLE people (
  id UUID PRIMARY KEY NOT NULL,
  name TEXT NOT NULL,
  nick TEXT NULL,
  age BIGINT NULL,
  member BOOLEAN NOT NULL DEFAULT FALSE,
  photo BYTES NULL
);
CREATE UNIQUE INDEX people_name ON people (name);
CREATE TABLE pets (
  owner_id UUID NOT NULL REFERENCES people (id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (owner_id, kind)
);
";

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A statement with rows, and the rows it must give.
macro_rules! gives {
    ($tx:ident, $columns:literal, $text:literal, [$($param:expr),*], $expected:expr) => {
        let rows = $tx.all(sql!(Row<$columns>, $text), params![$($param),*]).await.expect($text);
        let rows: Vec<String> = rows.into_iter().map(|row| row.0).collect();
        let expected: &[&str] = &$expected;
        assert_eq!(rows, expected, "{}", $text);
    };
}

/// A statement without rows, and how many rows it must change.
macro_rules! changes {
    ($tx:ident, $text:literal, [$($param:expr),*], $expected:literal) => {
        let changed = $tx.exec(sql!($text), params![$($param),*]).await.expect($text);
        assert_eq!(changed, $expected, "{}", $text);
    };
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forty_statements_answer_the_same() {
    let db = database().await;
    db::testing::create(&db, TABLES).await.expect("the tables");
    let mut tx = db.begin().await.unwrap();

    // inserting, RETURNING, defaults, NULL
    changes!(
        tx,
        "INSERT INTO people (id, name) VALUES ($1, $2)",
        [id(1), "anna"],
        1
    );
    changes!(
        tx,
        "INSERT INTO people (name, id, age, member, photo) VALUES ($2, $1, $4, $3, $5)",
        [id(2), "Bernd", true, 41, vec![0_u8, 255, 16]],
        1
    );
    gives!(
        tx,
        3,
        "INSERT INTO people (id, name, nick) VALUES ($1, $2, $3) RETURNING id, member, age",
        [id(3), "Ärger", "Ä"],
        ["x00000000000000000000000000000003 0 ∅"]
    );
    gives!(
        tx,
        2,
        "INSERT INTO people (id, name, age) VALUES ($1, $2, $3), ($4, $5, $3) RETURNING name, age",
        [id(4), "Zoë", 7, id(5), "zoe"],
        ["»Zoë« 7", "»zoe« 7"]
    );
    changes!(
        tx,
        "INSERT INTO people (id, name, nick, photo) VALUES ($1, $2, $3, $4)",
        [id(6), "", None::<String>, Vec::<u8>::new()],
        1
    );
    gives!(
        tx,
        6,
        "SELECT id, name, nick, age, member, photo FROM people WHERE id = $1",
        [id(2)],
        ["x00000000000000000000000000000002 »Bernd« ∅ 41 1 x00ff10"]
    );
    gives!(
        tx,
        3,
        "SELECT name, nick, photo FROM people WHERE id = $1",
        [id(6)],
        ["»« ∅ x"]
    );

    // order by text compares bytes
    gives!(
        tx,
        1,
        "SELECT name FROM people ORDER BY name",
        [],
        ["»«", "»Bernd«", "»Zoë«", "»anna«", "»zoe«", "»Ärger«"]
    );
    gives!(
        tx,
        1,
        "SELECT name FROM people ORDER BY name DESC LIMIT $1",
        [2],
        ["»Ärger«", "»zoe«"]
    );
    gives!(
        tx,
        1,
        "SELECT name FROM people WHERE name >= $1 AND name < $2 ORDER BY name",
        ["Z", "b"],
        ["»Zoë«", "»anna«"]
    );
    gives!(
        tx,
        1,
        "SELECT name FROM people WHERE name = $1",
        ["ANNA"],
        []
    );
    gives!(
        tx,
        1,
        "SELECT id FROM people ORDER BY id DESC LIMIT 1",
        [],
        ["x00000000000000000000000000000006"]
    );

    // markers: repeated, out of order, beside quoted ones
    gives!(
        tx,
        1,
        "SELECT name FROM people WHERE nick = $1 OR name = $1 ORDER BY name",
        ["Ä"],
        ["»Ärger«"]
    );
    gives!(
        tx,
        3,
        "SELECT CAST($3 AS BIGINT), CAST($1 AS BIGINT), CAST($2 AS BIGINT)",
        [1, 2, 3],
        ["3 1 2"]
    );
    gives!(
        tx,
        4,
        "SELECT CAST($2 AS TEXT), CAST($1 AS TEXT), CAST($2 AS TEXT), CAST($1 AS TEXT)",
        ["a", "b"],
        ["»b« »a« »b« »a«"]
    );
    gives!(
        tx,
        2,
        "SELECT '$1 $9 ''?', CAST($1 AS TEXT)",
        ["x"],
        ["»$1 $9 '?« »x«"]
    );
    gives!(
        tx,
        2,
        "SELECT CAST($10 AS BIGINT) - CAST($1 AS BIGINT), CAST($2 AS BIGINT) + CAST($3 AS BIGINT) + CAST($4 AS BIGINT) \
        + CAST($5 AS BIGINT) + CAST($6 AS BIGINT) + CAST($7 AS BIGINT) + CAST($8 AS BIGINT) + CAST($9 AS BIGINT)",
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 100],
        ["99 44"]
    );
    gives!(
        tx,
        1,
        "SELECT name FROM people WHERE (age = $1 OR $1 IS NULL) AND member = $2 ORDER BY name",
        [None::<i64>, true],
        ["»Bernd«"]
    );
    gives!(
        tx,
        1,
        "SELECT name FROM people WHERE (age = $1 OR $1 IS NULL) ORDER BY name",
        [7],
        ["»Zoë«", "»zoe«"]
    );

    // sums and counts
    gives!(tx, 1, "SELECT COUNT(*) FROM people", [], ["6"]);
    gives!(
        tx,
        2,
        "SELECT CAST(SUM(age) AS BIGINT), COUNT(age) FROM people",
        [],
        ["55 3"]
    );
    gives!(
        tx,
        2,
        "SELECT CAST(SUM(age) AS BIGINT), COUNT(*) FROM people WHERE name = $1",
        ["nobody"],
        ["∅ 0"]
    );
    gives!(
        tx,
        3,
        "SELECT age, COUNT(*), MIN(name) FROM people GROUP BY age ORDER BY age IS NULL, age",
        [],
        ["7 2 »Zoë«", "41 1 »Bernd«", "∅ 3 »«"]
    );
    gives!(
        tx,
        1,
        "SELECT age FROM people GROUP BY age HAVING COUNT(*) > $1 ORDER BY age NULLS LAST",
        [1],
        ["7", "∅"]
    );
    gives!(
        tx,
        2,
        "SELECT MAX(age), COALESCE(MAX(nick), $1) FROM people",
        ["none"],
        ["41 »Ä«"]
    );

    // conditions on NULL and booleans
    gives!(
        tx,
        1,
        "SELECT name FROM people WHERE member ORDER BY name",
        [],
        ["»Bernd«"]
    );
    gives!(
        tx,
        1,
        "SELECT COUNT(*) FROM people WHERE NOT member AND nick IS NULL",
        [],
        ["4"]
    );
    gives!(
        tx,
        1,
        "SELECT EXISTS (SELECT 1 FROM people WHERE member = $1)",
        [true],
        ["1"]
    );
    gives!(
        tx,
        2,
        "SELECT name, CASE WHEN age > $1 THEN 'old' ELSE 'young' END FROM people WHERE age IS NOT NULL ORDER BY name",
        [40],
        ["»Bernd« »old«", "»Zoë« »young«", "»zoe« »young«"]
    );
    gives!(
        tx,
        1,
        "SELECT photo FROM people WHERE photo = $1",
        [vec![0_u8, 255, 16]],
        ["x00ff10"]
    );

    // changing and deleting
    changes!(
        tx,
        "UPDATE people SET nick = $2, member = $3 WHERE id = $1",
        [id(1), "Änne", true],
        1
    );
    changes!(
        tx,
        "UPDATE people SET nick = $1 WHERE id = $2",
        [None::<String>, id(77)],
        0
    );
    gives!(
        tx,
        2,
        "UPDATE people SET age = COALESCE(age, 0) + $1 WHERE age IS NULL AND member = $2 RETURNING name, age",
        [30, true],
        ["»anna« 30"]
    );

    // ON CONFLICT
    changes!(
        tx,
        "INSERT INTO people (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        [id(8), "zoe"],
        0
    );
    gives!(
        tx,
        2,
        "INSERT INTO people (id, name, age) VALUES ($2, $1, $3) ON CONFLICT (name) \
        DO UPDATE SET age = excluded.age + people.age RETURNING id, age",
        ["zoe", id(8), 3],
        ["x00000000000000000000000000000005 10"]
    );
    changes!(
        tx,
        "INSERT INTO pets (owner_id, kind, name) SELECT id, $1, name FROM people WHERE member",
        ["dog"],
        2
    );
    gives!(
        tx,
        2,
        "INSERT INTO pets (owner_id, kind, name) VALUES ($1, $2, $3) ON CONFLICT (owner_id, kind) \
        DO UPDATE SET name = excluded.name WHERE pets.name <> excluded.name RETURNING kind, name",
        [id(1), "dog", "Rex"],
        ["»dog« »Rex«"]
    );

    // joins, CTEs, windows, row values
    gives!(
        tx,
        2,
        "SELECT p.name, t.name FROM people p LEFT JOIN pets t ON t.owner_id = p.id WHERE p.age > $1 ORDER BY p.name",
        [9],
        ["»Bernd« »Bernd«", "»anna« »Rex«", "»zoe« ∅"]
    );
    gives!(
        tx,
        2,
        "WITH grown AS (SELECT id, name FROM people WHERE age >= $1) \
        SELECT name, ROW_NUMBER() OVER (ORDER BY name) FROM grown ORDER BY name",
        [18],
        ["»Bernd« 1", "»anna« 2"]
    );
    gives!(
        tx,
        1,
        "SELECT name FROM people WHERE (name, id) > ($1, $2) ORDER BY name, id LIMIT 2",
        ["Zoë", id(4)],
        ["»anna«", "»zoe«"]
    );
    gives!(
        tx,
        1,
        "SELECT name FROM people WHERE id IN ($3, $1, $2) ORDER BY id",
        [id(1), id(2), id(3)],
        ["»anna«", "»Bernd«", "»Ärger«"]
    );
    gives!(
        tx,
        1,
        "SELECT name || $1 || name FROM people WHERE id = $2",
        ["&", id(1)],
        ["»anna&anna«"]
    );
    gives!(
        tx,
        1,
        "DELETE FROM pets WHERE owner_id = $1 RETURNING name",
        [id(2)],
        ["»Bernd«"]
    );
    changes!(tx, "DELETE FROM people WHERE age < $1", [9], 1);
    gives!(
        tx,
        2,
        "SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT)",
        [i64::MIN, i64::MAX],
        ["-9223372036854775808 9223372036854775807"]
    );

    tx.commit().await.unwrap();
    let mut tx = db.read().await.unwrap();
    gives!(tx, 1, "SELECT COUNT(*) FROM pets", [], ["1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_unique_violation_names_table_and_columns() {
    let db = database().await;
    db::testing::create(&db, TABLES).await.expect("the tables");
    let add = sql!("INSERT INTO people (id, name) VALUES ($1, $2)");
    let pet = sql!("INSERT INTO pets (owner_id, kind, name) VALUES ($1, $2, $3)");
    let mut tx = db.begin().await.unwrap();
    tx.exec(add, params![id(1), "anna"]).await.unwrap();
    tx.exec(pet, params![id(1), "dog", "Rex"]).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = db.begin().await.unwrap();
    let error = tx.exec(add, params![id(2), "anna"]).await.unwrap_err();
    assert!(error.conflict_on("people.name"), "{error}");
    assert!(!error.conflict_on("people.id"));
    // over is over, on both engines
    assert!(matches!(
        tx.exec(add, params![id(2), "bernd"]).await,
        Err(Error::Other(_))
    ));
    assert!(matches!(tx.commit().await, Err(Error::Other(_))));

    let mut tx = db.begin().await.unwrap();
    let error = tx.exec(add, params![id(1), "bernd"]).await.unwrap_err();
    assert!(error.conflict_on("people.id"), "{error}");
    let mut tx = db.begin().await.unwrap();
    let error = tx
        .exec(pet, params![id(1), "dog", "Max"])
        .await
        .unwrap_err();
    assert!(error.conflict_on("pets.owner_id,kind"), "{error}");
    let mut tx = db.begin().await.unwrap();
    let error = tx.exec(pet, params![id(9), "dog", "Max"]).await;
    // PostgreSQL looks at once, SQLite at once too: the owner does not exist
    assert!(matches!(error, Err(Error::Other(_))), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_row_does_not_end_the_transaction() {
    let db = database().await;
    let mut tx = db.begin().await.unwrap();
    let stmt = sql!((i64,), "SELECT value FROM counters WHERE name = $1");
    assert!(matches!(
        tx.one(stmt, params!["none"]).await,
        Err(Error::Missing)
    ));
    assert!(tx.opt(stmt, params!["none"]).await.unwrap().is_none());
    assert_eq!(
        db::next_number(&mut tx, "customer", 10001).await.unwrap(),
        10001
    );
    assert_eq!(
        db::next_number(&mut tx, "customer", 10001).await.unwrap(),
        10002
    );
    tx.commit().await.unwrap();
    let mut tx = db.read().await.unwrap();
    assert_eq!(tx.one(stmt, params!["customer"]).await.unwrap().0, 10002);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_calls_are_refused_with_their_place() {
    let db = database().await;
    let put = sql!("INSERT INTO counters (name, value) VALUES ($1, $2)");
    // too few values
    let mut tx = db.begin().await.unwrap();
    let error = tx.exec(put, params!["a"]).await.unwrap_err();
    assert!(error.to_string().contains("facade.rs:"), "{error}");
    // NULL where none may be
    let mut tx = db.begin().await.unwrap();
    let error = tx.exec(put, params!["a", None::<i64>]).await.unwrap_err();
    assert!(matches!(error, Error::Other(_)), "{error}");
    // writing in a read
    let mut tx = db.read().await.unwrap();
    let error = tx.exec(put, params!["a", 1]).await.unwrap_err();
    assert!(matches!(error, Error::Other(_)), "{error}");
    let mut tx = db.read().await.unwrap();
    let give = sql!(
        (i64,),
        "INSERT INTO counters (name, value) VALUES ($1, $2) RETURNING value"
    );
    let error = tx.one(give, params!["a", 1]).await.unwrap_err();
    assert!(matches!(error, Error::Other(_)), "{error}");
    // a type that does not fit
    let mut tx = db.read().await.unwrap();
    let error = tx
        .one(sql!((i64,), "SELECT CAST('x' AS TEXT)"), params![])
        .await
        .unwrap_err();
    assert!(error.to_string().contains("column 1"), "{error}");
    drop(tx);

    let mut tx = db.begin().await.unwrap();
    tx.exec(put, params!["a", 1]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(world().now(), crate::START);
}

const IN_A_CONST: &db::Stmt<(i64,)> = sql!((i64,), "SELECT CAST($1 AS BIGINT)");

#[tokio::test]
async fn constants_counters_and_plain_runtimes_work() {
    let db = database().await;
    let own = db.counted();
    let before = db.queries();
    let mut tx = own.begin().await.unwrap();
    assert_eq!(tx.one(IN_A_CONST, params![5]).await.unwrap().0, 5);
    assert_eq!(tx.one(IN_A_CONST, params![6]).await.unwrap().0, 6);
    tx.commit().await.unwrap();
    assert_eq!(own.count(), 2);
    assert_eq!(db.queries() - before, 2);
    assert_eq!(db.counted().count(), 0);
    db.ping().await.unwrap();
}
