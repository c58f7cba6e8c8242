//! The form of an export.

use kernel::personal::{Table, Told};
use serde_json::{Map, Value, json};

use crate::tables;

/// What an export calls its form.
pub const NAME: &str = "oo-export";

/// The version of the form. It grows when a section or a column comes, goes, or means something else; a test fails
/// when one does and it has not.
pub const VERSION: u32 = 4;

/// The form as JSON Schema (2020-12): what `docs/export.schema.json` holds.
pub fn schema() -> Value {
    let titles: Vec<&str> = tables().rev().map(|table| table.title).collect();
    let sections = tables().rev().map(|table| (table.title.to_owned(), section(table)));
    let text = json!({ "type": "string" });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "All that oO knows of a person",
        "type": "object",
        "required": ["schema", "exported_at", "person", "kept_back", "sections"],
        "additionalProperties": false,
        "properties": {
            "schema": {
                "type": "object",
                "required": ["name", "version"],
                "additionalProperties": false,
                "properties": { "name": { "const": NAME }, "version": { "const": VERSION } },
            },
            "exported_at": { "type": "string", "format": "date-time" },
            "person": { "type": "string", "format": "uuid" },
            "kept_back": {
                "description": "What is kept and not told, and why.",
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["what", "why"],
                    "additionalProperties": false,
                    "properties": { "what": text, "why": text },
                },
            },
            "sections": {
                "type": "object",
                "required": titles,
                "additionalProperties": false,
                "properties": sections.collect::<Map<_, _>>(),
            },
        },
    })
}

fn section(table: &Table) -> Value {
    let told = table.columns.iter().filter(|column| !matches!(column.told, Told::KeptBack(_)));
    let names: Vec<&str> = told.map(|column| column.name).collect();
    let properties: Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), json!({}))).collect();
    json!({
        "description": table.about,
        "type": "object",
        "required": ["about", "rows"],
        "additionalProperties": false,
        "properties": {
            "about": { "type": "string" },
            "rows": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": names,
                    "additionalProperties": false,
                    "properties": properties,
                },
            },
        },
    })
}
