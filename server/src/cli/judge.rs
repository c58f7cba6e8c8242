//! `oo lab judge`: simulated persons react to candidates, before anybody has seen them.

use std::{
    error::Error,
    io::{self, IsTerminal, Write as _},
    path::PathBuf,
    sync::Arc,
};

use advice::model::Model;
use clap::Args;
use kernel::{SystemClock, http::Http};
use lab::judge::{Cost, Panel, Plan};

use super::tell;
use crate::{config::Config, database::Database};

/// The folder in `OO_DATA_DIR` for what was answered.
const FOLDER: &str = "judge";

#[derive(Clone, Debug, Args)]
pub(super) struct Judge {
    /// The versions of the prompt, with commas between; all that ship, where none is named.
    #[arg(long, value_delimiter = ',')]
    prompts: Vec<String>,
    /// How often each person is met.
    #[arg(long, default_value_t = 2)]
    rounds: u32,
    /// The same seed and answers give the same report.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The folder for what was answered, so that nothing is asked twice; unless named: judge in `OO_DATA_DIR`.
    #[arg(long)]
    cache: Option<PathBuf>,
    /// What a million tokens cost that are read.
    #[arg(long, requires = "price_out")]
    price_in: Option<f64>,
    /// What a million tokens cost that are written.
    #[arg(long, requires = "price_in")]
    price_out: Option<f64>,
    /// Goes on without a question.
    #[arg(long)]
    yes: bool,
    /// Compares nothing with how people have answered here: no database is needed.
    #[arg(long)]
    without_people: bool,
}

/// Asks, unless all was asked before, and tells what came out.
pub(super) async fn run(judge: Judge, config: Config) -> Result<(), Box<dyn Error>> {
    let Judge { prompts, rounds, seed, cache, price_in, price_out, yes, without_people } = judge;
    let people = if without_people {
        None
    } else {
        let read = Database::during(&config.database, async |db| Ok(lab::advised(db).await?));
        Some(read.await?)
    };
    let cache = cache.unwrap_or_else(|| config.database.data_dir.join(FOLDER));
    let panel = Panel::new(Plan { prompts, rounds, seed, cache, people })?;
    let cost = panel.cost().await?;
    let report = if cost.questions == 0 {
        panel.kept().await?
    } else {
        let model = model(&config)?;
        tell(&cost.told(price_in.zip(price_out)));
        if !yes && !goes_on(&cost)? {
            return Ok(());
        }
        panel.judge(&model).await?
    };
    tell(&report.table());
    Ok(())
}

fn model(config: &Config) -> Result<Model, Box<dyn Error>> {
    let model = config.advice.model.as_ref();
    let model = model.ok_or(
        "there is nobody to ask: LITELLM_BASE_URL is not set. It is where LiteLLM is, with the aliases tip-generator and \
         judge",
    )?;
    Ok(Model::new(model, &Http::new(config.hosts.clone())?, Arc::new(SystemClock)))
}

/// Asks the person at the terminal.
fn goes_on(cost: &Cost) -> Result<bool, Box<dyn Error>> {
    if !io::stdin().is_terminal() {
        let questions = cost.questions;
        return Err(format!(
            "nobody is at the terminal to be asked: --yes lets it ask {questions} questions"
        )
        .into());
    }
    let mut out = io::stdout();
    write!(out, "Go on? [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    Ok(["y", "yes"].contains(&answer.trim().to_lowercase().as_str()))
}
