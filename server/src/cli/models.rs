//! `oo lab train` and what follows: priors from the answers that this instance has, and which of them serves.

use std::{error::Error, fmt::Write as _, sync::Arc};

use bandit::estimate::{Interval, Weighted};
use clap::Subcommand;
use kernel::{Clock, SystemClock, http::Http};
use lab::{
    artefact::{Artefact, Artefacts},
    evaluate::Own,
    mlflow::Mlflow,
    models::{self, Model, Serving},
    moments::Moments,
    train::{simulated, train},
};
use recommender::Written;
use sqlx::PgPool;

use super::tell;
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
        #[arg(long, default_value_t = 16, requires = "simulated")]
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
    Database::during(&config.database, async |db| {
        let registry = Registry::new(db, &config)?;
        match task {
            Models::Train { .. } => registry.train(&config.recommender.policy).await,
            Models::Promote { version } => registry.promote(version, None).await,
            Models::Rollback => registry.rollback().await,
            Models::List => registry.list().await,
        }
    })
    .await
}

/// What every policy would have earned here.
pub(super) async fn evaluate(config: Config) -> Result<Own, Box<dyn Error>> {
    Database::during(&config.database, async |db| {
        let people = lab::rounds(db).await?.into_iter();
        let people: Vec<_> = people.map(|(user, rounds)| (user.to_string(), rounds)).collect();
        Ok(Own::of(&people, &models::priors(db).await?)?)
    })
    .await
}

/// What every chooser of moments would have earned here.
pub(super) async fn moments(config: Config) -> Result<Moments, Box<dyn Error>> {
    Database::during(&config.database, async |db| Ok(Moments::of(lab::drawn(db).await?)?)).await
}

/// What language models wrote here.
pub(super) async fn written(config: Config) -> Result<Vec<Vec<Written>>, Box<dyn Error>> {
    Database::during(&config.database, async |db| Ok(lab::written(db).await?)).await
}

/// The versions, and who is told of them.
struct Registry<'a> {
    db: &'a PgPool,
    artefacts: Artefacts,
    mlflow: Option<Mlflow>,
}

impl<'a> Registry<'a> {
    fn new(db: &'a PgPool, config: &Config) -> Result<Self, Box<dyn Error>> {
        let http = Http::new(config.hosts.clone())?;
        let place = config.lab.artefacts.clone();
        let artefacts = Artefacts::new(place, http.clone(), Arc::new(SystemClock));
        let mlflow = config.lab.mlflow.clone();
        let mlflow = mlflow.map(|(base, access)| Mlflow::new(http, base, access));
        Ok(Self { db, artefacts, mlflow })
    }

    async fn train(&self, serving: &str) -> Result<(), Box<dyn Error>> {
        let (people, rounds): (Vec<_>, Vec<_>) = lab::rounds(self.db).await?.into_iter().unzip();
        let present = models::serving(self.db).await?.table;
        let baseline = present.fingerprint();
        let trained = train(&rounds, serving, &present.prior()?)?;
        let model =
            models::register(self.db, &trained, &people, &baseline, SystemClock.now()).await?;
        tell(&told(&model));
        // What was learned stays, whatever comes of the rest.
        let kept = self.keep(&model).await;
        let Model { version, .. } = model;
        let served = if model.is_better() {
            self.promote(version, Some(&baseline)).await
        } else {
            tell(&format!(
                "It does not serve, since it is not sure to be better. `oo lab promote {version}` lets it."
            ));
            Ok(())
        };
        kept.and(served)
    }

    /// Puts the artefact where it is to be, and tells MLflow, where there is one.
    async fn keep(&self, model: &Model) -> Result<(), Box<dyn Error>> {
        let artefact = Artefact::of(&model.table()?)?;
        let place = self.artefacts.put(artefact.clone()).await?;
        models::note_artefact(self.db, model.version, &place).await?;
        tell(&format!("Its artefact is {place}."));
        if let Some(mlflow) = &self.mlflow {
            let version = mlflow.log(model, artefact, &place, SystemClock.now()).await?;
            models::note_mlflow(self.db, model.version, &version).await?;
            tell(&format!("MLflow has it as version {version}."));
        }
        Ok(())
    }

    async fn promote(&self, version: i64, over: Option<&str>) -> Result<(), Box<dyn Error>> {
        models::promote(self.db, version, over, SystemClock.now()).await?;
        tell(&format!("Version {version} serves; running servers follow within half a minute."));
        self.name_champion(Some(version)).await
    }

    async fn rollback(&self) -> Result<(), Box<dyn Error>> {
        let Serving { version, .. } = models::rollback(self.db, SystemClock.now()).await?;
        tell(&format!(
            "{} serves again; running servers follow within half a minute.",
            name(version)
        ));
        self.name_champion(version).await
    }

    /// Lets MLflow know what serves.
    async fn name_champion(&self, version: Option<i64>) -> Result<(), Box<dyn Error>> {
        let Some(mlflow) = &self.mlflow else { return Ok(()) };
        let models = models::list(self.db).await?;
        let serving = models.iter().find(|model| Some(model.version) == version);
        let version = serving.and_then(|model| model.mlflow_version.as_deref());
        Ok(mlflow.name_champion(version).await?)
    }

    async fn list(&self) -> Result<(), Box<dyn Error>> {
        let serving = models::serving(self.db).await?.version;
        let mut text =
            String::from("version  trained           people  answers  gain (95 % interval)");
        for model in models::list(self.db).await? {
            let Model { version, trained_at, people, answers, gain, .. } = model;
            let gain = gain.map_or_else(|| "unknown".to_owned(), |gain| bounds(&gain));
            let serves = if serving == Some(version) { "  serves" } else { "" };
            let at = trained_at.format("%Y-%m-%d %H:%M");
            write!(text, "\n{version:>7}  {at}  {people:>6}  {answers:>7}  {gain}{serves}")?;
        }
        if serving.is_none() {
            write!(text, "\n{} serves.", name(None))?;
        }
        tell(&text);
        Ok(())
    }
}

fn name(version: Option<i64>) -> String {
    version.map_or_else(
        || "The prior that is shipped".to_owned(),
        |version| format!("Version {version}"),
    )
}

fn bounds(Weighted { value, interval: Interval { low, high } }: &Weighted) -> String {
    format!("{value:+.3} ({low:+.3} to {high:+.3})")
}

fn told(model: &Model) -> String {
    let Model { version, people, answers, .. } = model;
    let who = if *people == 1 { "one person" } else { &format!("{people} people") };
    let gain = model.gain.map_or_else(
        || "What it would gain cannot be told from so few answers.".to_owned(),
        |gain| format!("A tip would earn {} more than now, with 95 % confidence.", bounds(&gain)),
    );
    format!("Version {version} is from {answers} answers of {who}.\n{gain}")
}
