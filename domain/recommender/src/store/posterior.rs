//! `recommender.posterior`: what the policies have learned about a person.

use bandit::{Beta, Policy};
use kernel::{Timestamp, UserId, db::Tx};

use crate::decide::Beliefs;

/// All that the policies have learned about `user`.
pub(crate) async fn beliefs(tx: &mut Tx<'_>, user: UserId) -> Result<Beliefs, sqlx::Error> {
    let rows = sqlx::query!(
        "select policy, arm, successes, failures
         from recommender.posterior
         where user_id = $1",
        user.uuid(),
    )
    .fetch_all(&mut **tx)
    .await?;

    let mut beliefs = Beliefs::new();
    for row in rows {
        let beta = Beta { successes: row.successes, failures: row.failures };
        beliefs.entry(row.policy).or_default().set(&row.arm, beta);
    }
    Ok(beliefs)
}

/// Lets every policy learn that `arm` earned `reward`.
pub(crate) async fn learn<'p>(
    tx: &mut Tx<'_>,
    user: UserId,
    policies: impl Iterator<Item = &'p dyn Policy>,
    arm: &str,
    reward: f64,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    let gains = policies.map(|policy| (policy.name(), policy.update(reward)));
    add(tx, user, arm, gains, at).await
}

/// Lets every policy forget that `arm` earned `reward`: the inverse of [`learn`], to the bit.
pub(crate) async fn unlearn<'p>(
    tx: &mut Tx<'_>,
    user: UserId,
    policies: impl Iterator<Item = &'p dyn Policy>,
    arm: &str,
    reward: f64,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    let losses = policies.map(|policy| {
        let Beta { successes, failures } = policy.update(reward);
        (policy.name(), Beta { successes: -successes, failures: -failures })
    });
    add(tx, user, arm, losses, at).await
}

async fn add(
    tx: &mut Tx<'_>,
    user: UserId,
    arm: &str,
    counts: impl Iterator<Item = (&'static str, Beta)>,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    let (mut names, mut successes, mut failures) = (Vec::new(), Vec::new(), Vec::new());
    for (name, beta) in counts {
        names.push(name.to_owned());
        successes.push(beta.successes);
        failures.push(beta.failures);
    }

    sqlx::query!(
        "insert into recommender.posterior as known
             (user_id, policy, arm, successes, failures, updated_at)
         select $1, gain.policy, $2, gain.successes, gain.failures, $3
         from unnest($4::text[], $5::float8[], $6::float8[]) as gain (policy, successes, failures)
         on conflict (user_id, policy, arm) do update
         set successes = known.successes + excluded.successes,
             failures = known.failures + excluded.failures,
             updated_at = excluded.updated_at",
        user.uuid(),
        arm,
        at,
        &names,
        &successes,
        &failures,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}
