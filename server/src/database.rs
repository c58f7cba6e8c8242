//! The database: the configured one, or an embedded Postgres.

use std::error::Error;

use oo_postgres::Postgres;
use secrecy::{ExposeSecret, SecretString};
use sqlx::PgPool;

use crate::config;

/// The database of an embedded Postgres.
const NAME: &str = "oo";

/// A database, and the Postgres that runs for it.
pub(crate) struct Database {
    /// The connections to it.
    pub(crate) pool: PgPool,
    postgres: Option<Postgres>,
}

impl Database {
    /// Connects, and makes the tables: ours, and those of the jobs.
    pub(crate) async fn open(config: &config::Database) -> Result<Self, Box<dyn Error>> {
        let database = Self::connect(config).await?;
        kernel::db::MIGRATOR.run(&database.pool).await?;
        integrations::jobs::migrate_jobs(&database.pool).await?;
        Ok(database)
    }

    /// Connects, starting an embedded Postgres where none is configured. The tables stay as they are.
    pub(crate) async fn connect(config: &config::Database) -> Result<Self, Box<dyn Error>> {
        let (postgres, url) = if let Some(url) = &config.url {
            (None, url.clone())
        } else {
            let settings = oo_postgres::Settings {
                binaries: config.postgres_bin.clone(),
                ..oo_postgres::Settings::new(config.data_dir.join("postgres"))
            };
            let postgres = Postgres::start(settings).await?;
            postgres.create_database_if_missing(NAME).await?;
            let url = SecretString::from(postgres.url(NAME));
            (Some(postgres), url)
        };
        let pool = kernel::db::connect(url.expose_secret(), config.connections)
            .await
            .map_err(|error| format!("the database does not answer (DATABASE_URL): {error}"))?;
        Ok(Self { pool, postgres })
    }

    /// Connects for as long as `work` takes.
    pub(crate) async fn during<T>(
        config: &config::Database,
        work: impl AsyncFnOnce(&PgPool) -> Result<T, Box<dyn Error>>,
    ) -> Result<T, Box<dyn Error>> {
        let database = Self::connect(config).await?;
        let done = work(&database.pool).await;
        database.close().await?;
        done
    }

    /// Closes the connections; an embedded Postgres stops when they are closed.
    pub(crate) async fn close(self) -> Result<(), Box<dyn Error>> {
        self.pool.close().await;
        if let Some(postgres) = self.postgres {
            postgres.stop().await?;
        }
        Ok(())
    }
}

/// Brings the database up to date, and ends.
pub(crate) async fn migrate(config: &config::Database) -> Result<(), Box<dyn Error>> {
    Database::open(config).await?.close().await
}
