//! `oo lab`: the engine at work, and what comes of it.

use std::{error::Error, fs, io, path::PathBuf};

use clap::Subcommand;
use lab::{
    compare::{By, Comparison},
    evaluate::Evaluation,
    play::{self, Engine},
    raw::{self, Raw},
    simulate::{Plan, report, simulate, table},
};

use super::{
    judge::{self, Judge},
    models::{self, Models},
    tell,
};
use crate::config::{Config, ConfigError};

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Lab {
    /// Plays the engine: one JSON object a line on the standard input, one answer a line.
    ///
    /// `{"op":"decide","user":"u7","at":"2026-01-05T08:30:00Z","tz":"Europe/Berlin","candidates":[{"id":"t1"},…]}` is
    /// answered by `{"chosen":"t1","propensity":0.42}`, and
    /// `{"op":"react","user":"u7","id":"t1","reaction":"done","at":"…"}` (done, snooze, dismiss or none) by nothing. A zone that is missing or unknown is UTC. A malformed line,
    /// an empty one too, is answered by {"error":"…"}.
    Play {
        /// The policy.
        #[arg(long, default_value = "personal")]
        policy: String,
        /// The same seed and lines give the same answers.
        #[arg(long, default_value_t = 0)]
        seed: u64,
    },
    /// Plays a bandit over raw vectors, in the same way.
    ///
    /// `{"op":"decide","context":[0.3,12],"arms":["0","1"]}` is answered by `{"chosen":"0","propensity":0.5}`, and
    /// `{"op":"react","arm":"0","context":[0.3,12],"reward":1}` by nothing.
    Bandit {
        /// The policy: kernel (also called personal), `linear_thompson`, `lin_ucb`, thompson, `epsilon_greedy` or random.
        #[arg(long, default_value = "kernel")]
        policy: String,
        /// The least probability of an arm.
        #[arg(long, default_value_t = raw::FLOOR)]
        floor: f64,
        /// The same seed and lines give the same answers.
        #[arg(long, default_value_t = 0)]
        seed: u64,
    },
    /// Lets policies live with simulated persons.
    Simulate {
        /// The families, with commas between; `test` and `training` are sets of them.
        #[arg(long, value_delimiter = ',', default_value = "test")]
        families: Vec<String>,
        /// The policies, with commas between.
        #[arg(long, value_delimiter = ',', default_value = "personal,random")]
        policies: Vec<String>,
        /// How many worlds of each family.
        #[arg(long, default_value_t = 3)]
        seeds: u64,
        /// How many persons in a world.
        #[arg(long, default_value_t = 12)]
        persons: usize,
        /// How many reactions of each person.
        #[arg(long, default_value_t = 200)]
        reactions: usize,
        /// Writes a page with regret curves to this file.
        #[arg(long)]
        report: Option<PathBuf>,
    },
    /// Tells what other policies would have earned, from the log of the one that chose: this instance's own.
    Evaluate {
        /// Another log, as JSON with one entry a round: action, reward, pscore, `action_dist`, `q_hat`, and lambda; `-` is
        /// the standard input.
        #[arg(long)]
        log: Option<String>,
        /// Prints the estimates as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Tells what other choosers of moments would have earned, from the log of when oO spoke up and when it was silent.
    ///
    /// The log goes back for thirty days, and has those who let their history be kept.
    Moments {
        /// Prints the estimates as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Tells which version of a prompt makes the better tips, and how sure that is: from those that language models wrote.
    ///
    /// A tip that was chosen with the probability p counts 1/p times, so that no version gains by what the policy prefers.
    Compare {
        /// What they are told apart by.
        #[arg(long, value_enum, default_value_t = By::PromptVersion)]
        by: By,
        /// How often an interval may miss.
        #[arg(long, default_value_t = 0.05)]
        alpha: f64,
        /// What the others are compared with; without it, what was answered most.
        #[arg(long)]
        baseline: Option<String>,
        /// The same seed and answers give the same intervals.
        #[arg(long, default_value_t = 0)]
        seed: u64,
    },
    /// Lets people who were made up react to candidates before anybody sees them: to what each version of the prompt makes a
    /// language model write for them, and to the shipped advice.
    ///
    /// Another model, behind the alias judge, tells what they would do. What was answered is kept, so that a run that was
    /// cut off goes on where it stopped. Nothing of the people who are here is sent to anybody.
    Judge(Judge),
    #[command(flatten)]
    Models(Models),
}

/// Only what reads or writes the database needs a configuration, and asks for it.
pub(super) async fn run(
    lab: Lab,
    config: impl FnOnce() -> Result<Config, ConfigError>,
) -> Result<(), Box<dyn Error>> {
    match lab {
        Lab::Play { policy, seed } => {
            let mut engine = Engine::new(lab::policy(&policy)?, seed);
            play::run(&mut engine, io::stdin().lock(), io::stdout().lock())?;
        }
        Lab::Bandit { policy, floor, seed } => {
            let mut raw = Raw::new(&policy, floor, seed)?;
            raw::run(&mut raw, io::stdin().lock(), io::stdout().lock())?;
        }
        Lab::Simulate { families, policies, seeds, persons, reactions, report: file } => {
            let outcomes = simulate(&Plan { families, policies, seeds, persons, reactions })?;
            tell(&table(&outcomes));
            if let Some(file) = file {
                fs::write(&file, report(&outcomes)?)
                    .map_err(|error| format!("{}: {error}", file.display()))?;
            }
        }
        Lab::Evaluate { log: Some(log), json } => {
            let evaluation = Evaluation::of_file(&log)?;
            tell(&if json { evaluation.json() } else { evaluation.table() });
        }
        Lab::Evaluate { log: None, json } => {
            let own = models::evaluate(config()?).await?;
            tell(&if json { own.json() } else { own.table() });
        }
        Lab::Moments { json } => {
            let moments = models::moments(config()?).await?;
            tell(&if json { moments.json() } else { moments.table() });
        }
        Lab::Compare { by, alpha, baseline, seed } => {
            let people = models::written(config()?).await?;
            let comparison = Comparison::of(&people, by, baseline.as_deref(), alpha, seed)?;
            tell(&comparison.table());
        }
        Lab::Judge(task) => judge::run(task, config()?).await?,
        Lab::Models(task) => models::run(task, config).await?,
    }
    Ok(())
}
