//! What is kept of a person in the schema `lab`.

use kernel::personal::{BY_USER_ID, Table, told};

/// Its tables, children before parents.
pub const PERSONAL: &[Table] = &[Table {
    name: "lab.model_person",
    title: "models",
    about: "Which versions of what is believed of people in general were learned from your answers too.",
    whose: BY_USER_ID,
    order: "version",
    columns: &[told("version")],
}];
