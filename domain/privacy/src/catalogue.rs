//! All that is kept of a person, and whether that is all.

use std::{collections::BTreeSet, fmt};

use kernel::personal::{BY_USER_ID, Table};
use sqlx::PgPool;

use crate::store;

/// What every module keeps of a person, children before parents. An erasure goes through it in this order, an export
/// in the opposite one.
pub const CATALOGUE: &[&[Table]] = &[
    lab::PERSONAL,
    notifier::PERSONAL,
    recommender::PERSONAL,
    advice::PERSONAL,
    events::PERSONAL,
    integrations::PERSONAL,
    profile::PERSONAL,
    vault::PERSONAL,
    auth::PERSONAL,
];

/// Every table of the [`CATALOGUE`].
pub fn tables() -> impl DoubleEndedIterator<Item = &'static Table> {
    CATALOGUE.iter().flat_map(|module| module.iter())
}

/// Where the catalogue and the database do not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Undeclared {
    /// A column of a person that is neither told nor kept back.
    Column(String),
    /// A column that is declared, and is not there.
    Missing(String),
}

impl fmt::Display for Undeclared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Column(name) => write!(f, "{name} is of a person, and in no catalogue"),
            Self::Missing(name) => write!(f, "{name} is in a catalogue, and not in the database"),
        }
    }
}

/// Compares the catalogue with the database: every column of every table with a `user_id` has to be declared.
///
/// # Errors
/// When the database fails.
pub async fn undeclared(db: &PgPool) -> Result<Vec<Undeclared>, sqlx::Error> {
    let personal: BTreeSet<String> = store::personal_columns(db).await?.into_iter().collect();
    let all: BTreeSet<String> = store::columns(db).await?.into_iter().collect();
    let declared = |table: &Table| {
        let own = (table.whose == BY_USER_ID).then_some("user_id");
        let columns = table.columns.iter().map(|column| column.name).chain(own);
        columns.map(|column| format!("{}.{column}", table.name)).collect::<Vec<_>>()
    };
    let declared: BTreeSet<String> = tables().flat_map(declared).collect();

    let columns = personal.difference(&declared).cloned().map(Undeclared::Column);
    let missing = declared.difference(&all).cloned().map(Undeclared::Missing);
    Ok(columns.chain(missing).collect())
}
