//! `oo lab train` and what follows: priors from the answers that this instance has, and which of them serves.

use std::{error::Error, fmt::Write as _, sync::Arc};

use bandit::estimate::{Interval, Weighted};
use clap::Subcommand;
use kernel::{Clock, SystemClock, http::Http};
use lab::{
    artefact::{Artefact, Artefacts},
    evaluate::Own,
    mlflow::Mlflow,
    models::{self, Model},
    train::{simulated, train},
};
use recommender::prior::{Table, shipped};
use sqlx::PgPool;

use super::lab::tell;
use crate::{
    config::{Config, ConfigError},
    database::Database,
};

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Models {
    /// Fits what is believed of people in general to the answers that are here, and tells what that would gain. It serves
    /// only if it is sure to be better.
    Train {
        /// Fits it to simulated people instead, and prints the table that oO is shipped with.
        #[arg(long)]
        simulated: bool,
        /// How many simulated worlds of each family.
        #[arg(long, default_value_t = 4, requires = "simulated")]
        seeds: u64,
    },
    /// Lets a version that was trained serve.
    Promote {
        /// Its number.
        version: i64,
    },
    /// Lets what served before serve again.
    Rollback,
    /// Lists the versions that were trained.
    List,
}

/// Does it, with a database of its own; what is simulated needs none.
pub(super) async fn run(
    task: Models,
    config: impl FnOnce() -> Result<Config, ConfigError>,
) -> Result<(), Box<dyn Error>> {
    if let Models::Train { simulated: true, seeds } = task {
        tell(simulated(seeds)?.trim_end());
        return Ok(());
    }
    let config = config()?;
    let database = Database::connect(&config.database).await?;
    let desk = Desk::new(&database.pool, &config)?;
    let done = match task {
        Models::Train { .. } => desk.train(&config.recommender.policy).await,
        Models::Promote { version } => desk.promote(version).await,
        Models::Rollback => desk.rollback().await,
        Models::List => desk.list().await,
    };
    database.close().await?;
    done
}

/// What every policy would have earned here.
pub(super) async fn evaluate(config: Config) -> Result<Own, Box<dyn Error>> {
    let database = Database::connect(&config.database).await?;
    let own = async {
        let prior = Arc::new(present(&database.pool).await?.prior()?);
        Ok(Own::of(&lab::rounds(&database.pool).await?, &prior)?)
    };
    let own = own.await;
    database.close().await?;
    own
}

/// The prior that serves.
async fn present(db: &PgPool) -> Result<Table, Box<dyn Error>> {
    let serving = models::serving(db).await?;
    let usable = serving.map(|model| model.table).filter(|table| table.prior().is_ok());
    Ok(usable.unwrap_or_else(|| Table::of(&shipped())))
}

struct Desk<'a> {
    db: &'a PgPool,
    artefacts: Artefacts,
    mlflow: Option<Mlflow>,
}

impl<'a> Desk<'a> {
    fn new(db: &'a PgPool, config: &Config) -> Result<Self, Box<dyn Error>> {
        let http = Http::new(config.hosts.clone())?;
        let place = config.lab.artefacts.clone();
        let artefacts = Artefacts::new(place, http.clone(), Arc::new(SystemClock));
        let mlflow = config.lab.mlflow.clone();
        let mlflow = mlflow.map(|(base, access)| Mlflow::new(http, base, access));
        Ok(Self { db, artefacts, mlflow })
    }

    async fn train(&self, serving: &str) -> Result<(), Box<dyn Error>> {
        let people = lab::rounds(self.db).await?;
        let rounds: Vec<_> = people.into_iter().map(|(_, rounds)| rounds).collect();
        let present = present(self.db).await?;
        let trained = train(&rounds, serving, &present.prior()?)?;

        let artefact = Artefact::of(&Table::of(&trained.prior))?;
        let place = self.artefacts.put(artefact.clone()).await?;
        let mut model =
            models::register(self.db, &trained, &present, &place, SystemClock.now()).await?;
        tell(&told(&model));
        let logged = self.log(&mut model, artefact).await;
        if model.is_better() {
            self.promote(model.version).await?;
        } else {
            let Model { version, .. } = model;
            tell(&format!(
                "It does not serve, since it is not sure to be better. `oo lab promote {version}` lets it."
            ));
        }
        logged
    }

    /// Tells MLflow, where there is one. What is registered stays registered when that fails.
    async fn log(&self, model: &mut Model, artefact: Artefact) -> Result<(), Box<dyn Error>> {
        let Some(mlflow) = &self.mlflow else { return Ok(()) };
        let logged = mlflow.log(model, artefact).await?;
        models::is_at_mlflow(self.db, model.version, &logged.run, &logged.version).await?;
        tell(&format!("MLflow has it as version {}, of run {}.", logged.version, logged.run));
        model.mlflow_version = Some(logged.version);
        Ok(())
    }

    async fn promote(&self, version: i64) -> Result<(), Box<dyn Error>> {
        let model = models::promote(self.db, version, SystemClock.now()).await?;
        tell(&format!("Version {version} serves; running servers follow within half a minute."));
        self.alias(Some(&model)).await
    }

    async fn rollback(&self) -> Result<(), Box<dyn Error>> {
        let serving = models::rollback(self.db, SystemClock.now()).await?;
        let what = serving.as_ref().map_or_else(
            || "The prior that is shipped".to_owned(),
            |model| format!("Version {}", model.version),
        );
        tell(&format!("{what} serves again; running servers follow within half a minute."));
        self.alias(serving.as_ref()).await
    }

    /// Lets MLflow's alias follow.
    async fn alias(&self, serving: Option<&Model>) -> Result<(), Box<dyn Error>> {
        let version = serving.and_then(|model| model.mlflow_version.as_deref());
        match &self.mlflow {
            Some(mlflow) if version.is_some() || serving.is_none() => {
                Ok(mlflow.serves(version).await?)
            }
            _ => Ok(()),
        }
    }

    async fn list(&self) -> Result<(), Box<dyn Error>> {
        let models = models::list(self.db).await?;
        let mut text =
            String::from("version  trained           people  answers  gain   95 % interval");
        for model in &models {
            let Model { version, trained_at, people, answers, gain, serves, .. } = model;
            let gain = gain.map_or_else(|| "?".to_owned(), |gain| bounds(&gain));
            let serves = if *serves { "  serves" } else { "" };
            let at = trained_at.format("%Y-%m-%d %H:%M");
            write!(text, "\n{version:>7}  {at}  {people:>6}  {answers:>7}  {gain}{serves}")?;
        }
        if models.iter().all(|model| !model.serves) {
            text.push_str("\nThe prior that is shipped serves.");
        }
        tell(&text);
        Ok(())
    }
}

fn bounds(Weighted { value, interval: Interval { low, high } }: &Weighted) -> String {
    format!("{value:+.3}  {low:+.3} to {high:+.3}")
}

fn told(model: &Model) -> String {
    let Model { version, people, answers, artefact, .. } = model;
    let place = artefact.as_deref().unwrap_or_default();
    let gain = model.gain.map_or_else(
        || "What it would gain cannot be told from so few answers.".to_owned(),
        |gain| {
            let bounds = bounds(&gain);
            format!("A tip would earn {bounds} more (95 %) than with the prior that serves.")
        },
    );
    let who = if *people == 1 { "one person" } else { &format!("{people} people") };
    format!("Version {version}, from {answers} answers of {who}, is at {place}.\n{gain}")
}
