//! The form of an export: `cargo run -q -p privacy --example schema > docs/export.schema.json`.

use std::io::Write;

fn main() -> std::io::Result<()> {
    writeln!(std::io::stdout(), "{:#}", privacy::schema())
}
