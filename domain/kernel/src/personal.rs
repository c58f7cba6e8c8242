//! What a module keeps of a person, as plain data: from it, all that is kept can be told, and erased.
//!
//! Each module that owns tables declares them in a constant `PERSONAL`. A test of `domain/privacy` compares the
//! declarations with the database, so that a column that is in none of them does not go unnoticed.

use serde_json::{Map, Value};
use sqlx::AssertSqlSafe;

/// The rows of one person, where the table is keyed by them.
pub const BY_USER_ID: &str = "user_id = $1";

/// A table in which something is kept of a person.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// With its schema.
    pub name: &'static str,
    /// What a person would call it, in snake case.
    pub title: &'static str,
    /// What it holds, in a sentence for the person.
    pub about: &'static str,
    /// Which rows are theirs, `$1` being their id: [`BY_USER_ID`], but for tables that are not ours.
    pub whose: &'static str,
    /// What its rows are sorted by.
    pub order: &'static str,
    /// All of its columns, but for `user_id`.
    pub columns: &'static [Column],
}

/// A column of a [`Table`].
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// How the person is told of it.
    pub told: Told,
}

/// How a person is told of a column.
#[derive(Clone, Copy, Debug)]
pub enum Told {
    /// As it is.
    AsIs,
    /// Made readable, from its bytes and what the row tells as it is. What cannot be read says so.
    Decoded(fn(&Map<String, Value>, &[u8]) -> Value),
    /// Opened with the person's own key, by whoever tells it.
    Sealed {
        /// The column that tells its row from their other ones, as it was sealed for.
        row: &'static str,
    },
    /// Not at all, for this reason.
    KeptBack(&'static str),
}

/// A column that is told as it is.
pub const fn told(name: &'static str) -> Column {
    Column { name, told: Told::AsIs }
}

/// A column that is told in a readable form.
pub const fn decoded(
    name: &'static str,
    decode: fn(&Map<String, Value>, &[u8]) -> Value,
) -> Column {
    Column { name, told: Told::Decoded(decode) }
}

/// A column that is sealed for the row that another column names.
pub const fn sealed(name: &'static str, row: &'static str) -> Column {
    Column { name, told: Told::Sealed { row } }
}

/// A column that is not told, for this reason.
pub const fn kept_back(name: &'static str, why: &'static str) -> Column {
    Column { name, told: Told::KeptBack(why) }
}

impl Table {
    /// Asks for the rows of a person (`$1`): what is told as it is, as one JSON object a row; beside it, the bytes
    /// of what is to be decoded, in the order of the columns.
    ///
    /// Made of nothing but the constants of this table.
    pub fn select(&self) -> AssertSqlSafe<String> {
        let Self { name, whose, order, .. } = self;
        let names = |wanted: fn(&Told) -> bool| {
            let columns = self.columns.iter().filter(|column| wanted(&column.told));
            columns.map(|column| column.name).collect::<Vec<_>>().join(", ")
        };
        let as_is = names(|told| matches!(told, Told::AsIs));
        let bytes = names(|told| matches!(told, Told::Decoded(_) | Told::Sealed { .. }));
        AssertSqlSafe(format!(
            "select (select to_json(told) from (select {as_is}) as told), array[{bytes}]::bytea[]
             from {name}
             where {whose}
             order by {order}"
        ))
    }

    /// Deletes the rows of a person (`$1`).
    ///
    /// Made of nothing but the constants of this table.
    pub fn delete(&self) -> AssertSqlSafe<String> {
        let Self { name, whose, .. } = self;
        AssertSqlSafe(format!("delete from {name} where {whose}"))
    }

    /// Those of its columns that are told, each with what is said of it: from what [`Table::select`] answered. What is
    /// sealed is opened by `open`, which is told the row and the column.
    pub fn row(
        &self,
        as_is: &Map<String, Value>,
        bytes: &[Option<Vec<u8>>],
        open: impl Fn(&str, &str, &[u8]) -> Value,
    ) -> Vec<(&'static str, Value)> {
        let mut bytes = bytes.iter().map(Option::as_deref);
        let mut tell = |column: &Column| match column.told {
            Told::AsIs => Some(as_is.get(column.name).cloned().unwrap_or_default()),
            Told::Decoded(decode) => {
                let bytes = bytes.next().flatten();
                Some(bytes.map_or(Value::Null, |bytes| decode(as_is, bytes)))
            }
            Told::Sealed { row } => {
                let row = as_is.get(row).and_then(Value::as_str).unwrap_or_default();
                let bytes = bytes.next().flatten();
                Some(bytes.map_or(Value::Null, |bytes| open(row, column.name, bytes)))
            }
            Told::KeptBack(_) => None,
        };
        self.columns.iter().filter_map(|column| Some((column.name, tell(column)?))).collect()
    }
}
