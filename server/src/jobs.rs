//! The worker of jobs: what follows from a reaction and is done elsewhere, such as closing a task.

use std::{error::Error, time::Duration};

use graphile_worker::WorkerOptions;
use integrations::Integrations;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

/// How many jobs run at the same time.
const CONCURRENCY: usize = 2;

/// A new job wakes the worker; it also looks by itself, since such a call can be lost.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// A worker that failed, since the database did, starts again after this.
const RESTART_AFTER: Duration = Duration::from_secs(5);

/// Runs jobs until `stop` is cancelled. Those that have begun may end; what does not in time is tried again
/// after the next start.
pub(crate) async fn run(db: PgPool, integrations: Integrations, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = work(&db, &integrations, &stop).await {
            tracing::error!(%error, "the worker of jobs failed, and starts again");
        }
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(RESTART_AFTER) => {}
        }
    }
}

async fn work(
    db: &PgPool,
    integrations: &Integrations,
    stop: &CancellationToken,
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let options = WorkerOptions::default()
        .pg_pool(db.clone())
        .concurrency(CONCURRENCY)
        .poll_interval(LOOK_EVERY)
        .listen_os_shutdown_signals(false)
        .shutdown_signal(stop.clone().cancelled_owned());
    integrations::jobs::register(options, integrations).init().await?.run().await?;
    Ok(())
}
