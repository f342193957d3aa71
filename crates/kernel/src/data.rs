//! The bridge between our types and both databases: one value type, no I/O.

use std::vec::IntoIter;
use uuid::Uuid;

/// What a column can hold, the same on SQLite and PostgreSQL.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Int(i64),
    Bool(bool),
    Text(String),
    Bytes(Vec<u8>),
    Uuid(Uuid),
}

/// The kind of a column, as the statement test compares it with the schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Int,
    Bool,
    Text,
    Bytes,
    Uuid,
    Any,
}

/// A stored value that does not fit the type that reads it.
#[derive(Debug, thiserror::Error)]
#[error("column {column}: {found} does not fit {wanted}")]
pub struct BadValue {
    pub column: usize,
    pub found: &'static str,
    pub wanted: &'static str,
}

impl BadValue {
    pub fn new(found: &Value, wanted: &'static str) -> Self {
        BadValue {
            column: 0,
            found: found.name(),
            wanted,
        }
    }
}

impl Value {
    /// The variant's name: the content is never printed.
    pub fn name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Int(_) => "integer",
            Value::Bool(_) => "boolean",
            Value::Text(_) => "text",
            Value::Bytes(_) => "bytes",
            Value::Uuid(_) => "uuid",
        }
    }
}

/// A type read from one column.
pub trait FromValue: Sized {
    const KIND: Kind;
    fn from_value(value: Value) -> Result<Self, BadValue>;
}

/// One column of a row type: its name (empty for tuples) and kind.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
}

/// The values of one row, taken in column order.
pub struct Cells {
    values: IntoIter<Value>,
    at: usize,
}

impl Cells {
    pub fn new(values: Vec<Value>) -> Self {
        Cells {
            values: values.into_iter(),
            at: 0,
        }
    }

    /// The next column as `T`.
    pub fn take<T: FromValue>(&mut self) -> Result<T, BadValue> {
        self.at += 1;
        let value = self.values.next().unwrap_or(Value::Null);
        T::from_value(value).map_err(|bad| BadValue {
            column: self.at,
            ..bad
        })
    }
}

/// A type read from one row, by column order; names are compared by a test.
pub trait FromRow: Sized {
    fn columns() -> Vec<Column>;
    fn from_row(cells: &mut Cells) -> Result<Self, BadValue>;
}

impl FromRow for () {
    fn columns() -> Vec<Column> {
        Vec::new()
    }
    fn from_row(_: &mut Cells) -> Result<Self, BadValue> {
        Ok(())
    }
}

macro_rules! tuple_row {
    ($($t:ident),+) => {
        impl<$($t: FromValue),+> FromRow for ($($t,)+) {
            fn columns() -> Vec<Column> {
                vec![$(Column { name: "", kind: <$t>::KIND }),+]
            }
            fn from_row(cells: &mut Cells) -> Result<Self, BadValue> {
                Ok(($(cells.take::<$t>()?,)+))
            }
        }
    };
}
tuple_row!(A);
tuple_row!(A, B);
tuple_row!(A, B, C);
tuple_row!(A, B, C, D);
tuple_row!(A, B, C, D, E);

/// A struct that is one row of a result. `#[row]` fields are rows themselves and take as many columns as they have.
///
/// `row! { pub struct Entry { pub id: AddressId, pub default: bool; pub address: Address } }`:
/// after the semicolon stand the nested rows.
#[macro_export]
macro_rules! row {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($fvis:vis $field:ident : $ty:ty),* $(,)? $(; $($nvis:vis $nested:ident : $nty:ty),* $(,)?)? }) => {
        $(#[$meta])*
        $vis struct $name { $($fvis $field: $ty,)* $($($nvis $nested: $nty,)*)? }
        impl $crate::data::FromRow for $name {
            fn columns() -> Vec<$crate::data::Column> {
                #[allow(unused_mut)]
                let mut all = vec![$($crate::data::Column { name: stringify!($field), kind: <$ty as $crate::data::FromValue>::KIND }),*];
                $($(all.extend(<$nty as $crate::data::FromRow>::columns());)*)?
                all
            }
            fn from_row(cells: &mut $crate::data::Cells) -> ::std::result::Result<Self, $crate::data::BadValue> {
                Ok($name { $($field: cells.take()?,)* $($($nested: <$nty as $crate::data::FromRow>::from_row(cells)?,)*)? })
            }
        }
    };
}

macro_rules! plain {
    ($t:ty, $variant:ident, $wanted:literal) => {
        impl FromValue for $t {
            const KIND: Kind = Kind::$variant;
            fn from_value(value: Value) -> Result<Self, BadValue> {
                match value {
                    Value::$variant(inner) => Ok(inner),
                    other => Err(BadValue::new(&other, $wanted)),
                }
            }
        }
        impl From<$t> for Value {
            fn from(inner: $t) -> Value {
                Value::$variant(inner)
            }
        }
    };
}
plain!(i64, Int, "integer");
plain!(String, Text, "text");
plain!(Vec<u8>, Bytes, "bytes");

impl From<bool> for Value {
    fn from(inner: bool) -> Value {
        Value::Bool(inner)
    }
}
impl FromValue for bool {
    const KIND: Kind = Kind::Bool;
    fn from_value(value: Value) -> Result<Self, BadValue> {
        match value {
            Value::Bool(inner) => Ok(inner),
            // SQLite has no boolean of its own
            Value::Int(inner) => Ok(inner != 0),
            other => Err(BadValue::new(&other, "boolean")),
        }
    }
}
impl From<Uuid> for Value {
    fn from(inner: Uuid) -> Value {
        Value::Uuid(inner)
    }
}
impl FromValue for Uuid {
    const KIND: Kind = Kind::Uuid;
    fn from_value(value: Value) -> Result<Self, BadValue> {
        match value {
            Value::Uuid(inner) => Ok(inner),
            Value::Bytes(ref bytes) => {
                Uuid::from_slice(bytes).map_err(|_| BadValue::new(&value, "uuid"))
            }
            other => Err(BadValue::new(&other, "uuid")),
        }
    }
}
impl From<&str> for Value {
    fn from(inner: &str) -> Value {
        Value::Text(inner.to_owned())
    }
}
impl From<&String> for Value {
    fn from(inner: &String) -> Value {
        Value::Text(inner.clone())
    }
}
impl From<&[u8]> for Value {
    fn from(inner: &[u8]) -> Value {
        Value::Bytes(inner.to_vec())
    }
}
impl<const N: usize> From<[u8; N]> for Value {
    fn from(inner: [u8; N]) -> Value {
        Value::Bytes(inner.to_vec())
    }
}
impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(inner: Option<T>) -> Value {
        inner.map_or(Value::Null, Into::into)
    }
}
impl<T: Clone + Into<Value>> From<&Option<T>> for Value {
    fn from(inner: &Option<T>) -> Value {
        inner.clone().map_or(Value::Null, Into::into)
    }
}
impl<T: FromValue> FromValue for Option<T> {
    const KIND: Kind = T::KIND;
    fn from_value(value: Value) -> Result<Self, BadValue> {
        match value {
            Value::Null => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}

/// A newtype over a UUID that is one kind of id and no other.
#[macro_export]
macro_rules! typed_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub $crate::Uuid);
        impl From<$crate::Uuid> for $name {
            fn from(id: $crate::Uuid) -> Self {
                $name(id)
            }
        }
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(&self.0.simple(), f)
            }
        }
        impl ::std::str::FromStr for $name {
            type Err = ();
            fn from_str(text: &str) -> ::std::result::Result<Self, ()> {
                $crate::Uuid::try_parse(text).map($name).map_err(|_| ())
            }
        }
        impl From<$name> for $crate::data::Value {
            fn from(id: $name) -> Self {
                $crate::data::Value::Uuid(id.0)
            }
        }
        impl $crate::data::FromValue for $name {
            const KIND: $crate::data::Kind = $crate::data::Kind::Uuid;
            fn from_value(value: $crate::data::Value) -> ::std::result::Result<Self, $crate::data::BadValue> {
                <$crate::Uuid as $crate::data::FromValue>::from_value(value).map($name)
            }
        }
    };
}

/// A fieldless enum stored as a word and sent to templates as that word.
#[macro_export]
macro_rules! words {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        $vis enum $name { $($(#[$vmeta])* $variant),+ }
        impl $name {
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some($name::$variant),)+ _ => None }
            }
        }
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, s: S) -> ::std::result::Result<S::Ok, S::Error> {
                s.serialize_str(self.as_str())
            }
        }
        impl From<$name> for $crate::data::Value {
            fn from(word: $name) -> Self {
                $crate::data::Value::Text(word.as_str().to_owned())
            }
        }
        impl $crate::data::FromValue for $name {
            const KIND: $crate::data::Kind = $crate::data::Kind::Text;
            fn from_value(value: $crate::data::Value) -> ::std::result::Result<Self, $crate::data::BadValue> {
                match &value {
                    $crate::data::Value::Text(word) => $name::parse(word).ok_or_else(|| $crate::data::BadValue::new(&value, stringify!($name))),
                    other => Err($crate::data::BadValue::new(other, stringify!($name))),
                }
            }
        }
    };
}
