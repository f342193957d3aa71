//! SQL texts that are known when the program is built.

use kernel::data::{Column, FromRow};
use std::marker::PhantomData;

/// One SQL statement: its text for both engines and where it stands. Made by [`sql!`](crate::sql) only.
#[derive(Debug)]
pub struct Source {
    pub sqlite: &'static str,
    pub postgres: &'static str,
    pub file: &'static str,
    pub line: u32,
    /// Columns of the row type, in order; empty for statements without rows.
    pub columns: fn() -> Vec<Column>,
}

/// A statement that yields rows of type `R`.
#[derive(Debug)]
pub struct Stmt<R = ()> {
    pub(crate) source: Source,
    row: PhantomData<fn() -> R>,
}

impl<R: FromRow> Stmt<R> {
    #[doc(hidden)]
    pub const fn new(
        sqlite: &'static str,
        postgres: &'static str,
        file: &'static str,
        line: u32,
    ) -> Self {
        let source = Source {
            sqlite,
            postgres,
            file,
            line,
            columns: R::columns,
        };
        Stmt {
            source,
            row: PhantomData,
        }
    }
}

/// An entry in the list of all statements of the program.
#[doc(hidden)]
pub struct Registered(&'static Source);

impl Registered {
    pub const fn of<R>(stmt: &'static Stmt<R>) -> Self {
        Registered(&stmt.source)
    }
}

inventory::collect!(Registered);

/// All statements that were linked into this program.
pub fn statements() -> impl Iterator<Item = &'static Source> {
    inventory::iter::<Registered>
        .into_iter()
        .map(|entry| entry.0)
}

/// Writes `$1` as `?1`: SQLite numbers `$1` by first appearance, which would swap parameters silently.
#[doc(hidden)]
pub const fn rewrite<const N: usize>(text: &str) -> [u8; N] {
    let mut out = [0; N];
    rewrite_into(text.as_bytes(), &mut out);
    out
}

#[expect(
    clippy::indexing_slicing,
    reason = "runs in the compiler: a wrong index stops the build"
)]
pub(crate) const fn rewrite_into(bytes: &[u8], out: &mut [u8]) {
    let mut used: u128 = 0;
    let mut highest: u32 = 0;
    let mut quote = 0;
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        assert!(quote != 0 || byte != b'?', "markers are written $1, $2, …");
        out[at] = byte;
        at += 1;
        if quote != 0 {
            if byte == quote {
                quote = 0;
            }
        } else if byte == b'\'' || byte == b'"' {
            quote = byte;
        } else if byte == b'$' {
            out[at - 1] = b'?';
            let mut number: u32 = 0;
            while at < bytes.len() && bytes[at].is_ascii_digit() {
                out[at] = bytes[at];
                number = number * 10 + (bytes[at] - b'0') as u32;
                at += 1;
            }
            assert!(number >= 1 && number <= 100, "a marker is $1 to $100");
            used |= 1 << number;
            if number > highest {
                highest = number;
            }
        }
    }
    assert!(quote == 0, "a quote is not closed");
    // bits 1 to `highest` and no other
    assert!(
        used == (1 << (highest + 1)) - 2,
        "a marker number is left out"
    );
}

/// The text of rewritten bytes.
#[doc(hidden)]
pub const fn utf8(bytes: &'static [u8]) -> &'static str {
    match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(_) => "",
    }
}

/// A statement: `sql!("DELETE …")`, or `sql!(RowType, "SELECT …")` for one that yields rows.
///
/// Takes a literal only, gives a `&'static Stmt`, and enters it in the list that one test prepares on both
/// engines. Markers are `$1`, `$2`, …, in any order and as often as needed. Where the engines truly differ:
/// `sql!(RowType, sqlite = "…", postgres = "…")`. Where a part of the text belongs to another crate, that crate gives it
/// as a macro, and the parts stand in brackets: `sql!(RowType, ["SELECT …", other::part!(), "…"])`.
///
/// What differs between the engines and is therefore always written out:
/// - `CAST(SUM(x) AS BIGINT)`: PostgreSQL's sum of integers is a numeric.
/// - `NULLS FIRST` or `NULLS LAST` where a sorted column may be NULL.
/// - `(x = $1 OR $1 IS NULL)` in this order, and `CAST($1 AS BIGINT)` for a marker that stands alone: PostgreSQL
///   takes a marker's type from its first use.
#[macro_export]
macro_rules! sql {
    (@joined $row:ty, $text:expr) => {{
        const TEXT: &str = $text;
        const BYTES: [u8; TEXT.len()] = $crate::__private::rewrite::<{ TEXT.len() }>(TEXT);
        static STMT: $crate::Stmt<$row> =
            $crate::Stmt::new($crate::__private::utf8(&BYTES), TEXT, file!(), line!());
        $crate::__private::inventory::submit! { $crate::__private::Registered::of(&STMT) }
        &STMT
    }};
    ($text:literal $(,)?) => {
        $crate::sql!((), sqlite = $text, postgres = $text)
    };
    (sqlite = $sqlite:literal, postgres = $postgres:literal $(,)?) => {
        $crate::sql!((), sqlite = $sqlite, postgres = $postgres)
    };
    ($row:ty, $text:literal $(,)?) => {
        $crate::sql!($row, sqlite = $text, postgres = $text)
    };
    ($row:ty, [$($part:tt)+] $(,)?) => {
        $crate::sql!(@joined $row, concat!($($part)+))
    };
    ($row:ty, sqlite = $sqlite:literal, postgres = $postgres:literal $(,)?) => {{
        const BYTES: [u8; $sqlite.len()] = $crate::__private::rewrite::<{ $sqlite.len() }>($sqlite);
        static STMT: $crate::Stmt<$row> =
            $crate::Stmt::new($crate::__private::utf8(&BYTES), $postgres, file!(), line!());
        $crate::__private::inventory::submit! { $crate::__private::Registered::of(&STMT) }
        &STMT
    }};
}

/// The values of a statement's markers, in order of their numbers.
#[macro_export]
macro_rules! params {
    () => {
        [const { $crate::Value::Null }; 0]
    };
    ($($value:expr),+ $(,)?) => {
        [$($crate::Value::from($value)),+]
    };
}
