//! Prints the fitted prior: `cargo run --release -p lab --example fit -- [seeds]`.

#[expect(clippy::print_stdout, reason = "it is what was asked for")]
fn main() -> Result<(), lab::LabError> {
    let seeds = std::env::args().nth(1).and_then(|seeds| seeds.parse().ok()).unwrap_or(3);
    print!("{}", lab::train::fitted(seeds)?);
    Ok(())
}
