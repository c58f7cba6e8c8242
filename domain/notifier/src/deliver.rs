//! Sending: what was decided reaches the person by every channel of theirs, or is too late.

use chrono::TimeDelta;
use futures::{StreamExt, stream};
use kernel::{Timestamp, log_failure};
use profile::{Consent, Profile};
use rand::RngExt;
use recommender::{Reaction, Scene, Tip};

use crate::{
    Error, Notifier, Outcome, Rhythm,
    channel::{Channel, Says, Word},
    outcome::retry_at,
    quiet,
    store::{self, Due, Settled},
    timing::STEP,
};

/// A tip is for its moment: after so long it is not told of any more, nor kept by a push service.
const TTL: TimeDelta = TimeDelta::minutes(30);

/// A morning is longer.
const TTL_MORNING: TimeDelta = TimeDelta::hours(3);

/// What a morning looks back on, where there was none before; and at most.
const DAY: TimeDelta = TimeDelta::days(1);
const LONG_DAY: TimeDelta = TimeDelta::hours(36);

/// So much is claimed at once.
const BATCH: i64 = 500;

/// What is claimed and not sent in time, since a process ended, is claimed again.
const CLAIM: TimeDelta = TimeDelta::minutes(2);

/// What cannot be told at the moment is tried again after this.
const UNTOLD: TimeDelta = TimeDelta::minutes(1);

/// As long as a sending can take.
const SENDING: TimeDelta = TimeDelta::seconds(30);

impl Notifier {
    /// Sends the pushes that are due, and tells how many were accepted.
    pub async fn deliver_pushes(&self) -> Result<usize, Error> {
        self.deliver(self.0.push.as_ref()).await
    }

    /// The same of letters, which wait for another service.
    pub async fn deliver_letters(&self) -> Result<usize, Error> {
        self.deliver(self.0.mail.as_ref()).await
    }

    async fn deliver<C: Channel>(&self, channel: Option<&C>) -> Result<usize, Error> {
        let Some(channel) = channel else { return Ok(0) };
        let mut accepted = 0;
        loop {
            let now = self.0.clock.now();
            let due = store::claim_due(&self.0.db, C::NAME, now, now + CLAIM, BATCH).await?;
            let claimed = due.len();
            accepted += stream::iter(due)
                .map(|due| async move {
                    let settled = self.send_due(channel, &due).await;
                    settled.inspect_err(|error| log_failure(error)).unwrap_or(false)
                })
                .buffer_unordered(C::AT_ONCE)
                .filter(|accepted| std::future::ready(*accepted))
                .count()
                .await;
            if i64::try_from(claimed).unwrap_or_default() < BATCH {
                return Ok(accepted);
            }
        }
    }

    /// Sends one, and writes down what came of it; whether it was accepted.
    async fn send_due<C: Channel>(&self, channel: &C, due: &Due) -> Result<bool, Error> {
        let parts = &*self.0;
        let now = parts.clock.now();
        if now + SENDING >= due.claimed {
            // It took too long, and may be somebody else's before it is sent.
            return Ok(false);
        }
        let profile = profile::profile(&parts.db, due.user).await?;
        let end = end(&profile, due.slot + STEP + ttl(due.rhythm), now);
        let words = if now < end { self.words(due).await? } else { Words::Gone };
        let settled = match words {
            Words::Gone => Settled::Expired,
            Words::NotNow => Settled::Again(now + UNTOLD),
            Words::Of(tip) => match self.send(channel, due, &tip, end - now).await? {
                Outcome::Accepted => Settled::Accepted,
                Outcome::Gone => {
                    store::remove(&parts.db, due.user, due.target.id).await?;
                    return Ok(false);
                }
                Outcome::TooLarge | Outcome::Refused { .. } => Settled::Refused,
                later @ Outcome::Later { .. } => {
                    let jitter = parts.entropy.fork().random();
                    let again = retry_at(due.attempt, &later, now, end, jitter);
                    again.map_or(Settled::Expired, Settled::Again)
                }
            },
        };
        store::settle(&parts.db, due, settled).await?;
        Ok(settled == Settled::Accepted)
    }

    /// What is to be said, which is kept nowhere: what the page would show at this moment.
    async fn words(&self, due: &Due) -> Result<Words, Error> {
        Ok(match self.0.recommender.peek(due.user).await? {
            Scene::Tip(tip) if tip.id == due.tip => Words::Of(Box::new(tip)),
            Scene::Loading | Scene::Trouble(_) => Words::NotNow,
            _ => Words::Gone,
        })
    }

    async fn send<C: Channel>(
        &self,
        channel: &C,
        due: &Due,
        tip: &Tip,
        left: TimeDelta,
    ) -> Result<Outcome, Error> {
        let parts = &*self.0;
        let key = parts.vault.key(&parts.db, due.user).await?;
        let Some(to) = channel.open(&key, &due.target)? else {
            return Ok(Outcome::Refused { status: None });
        };
        let says = match due.rhythm {
            Rhythm::Each => Says::Tip(tip),
            Rhythm::Morning => Says::Morning(tip, self.done_before(due).await?),
        };
        let (id, ttl) = (due.id(), left.to_std().unwrap_or_default());
        let word = Word { id, user: due.user, key: &key, to: due.target.id, says, ttl };
        Ok(channel.send(&to, &word).await)
    }

    /// How much was done since the last morning, or in the last day.
    async fn done_before(&self, due: &Due) -> Result<usize, Error> {
        let db = &self.0.db;
        let last = store::morning_before(db, due.user, due.slot).await?;
        let since = last.unwrap_or(due.slot - DAY).max(due.slot - LONG_DAY);
        let reactions = recommender::reactions_since(db, due.user, since).await?;
        Ok(reactions.iter().filter(|(_, reaction)| *reaction == Reaction::Done).count())
    }
}

/// For how long something is of use.
fn ttl(rhythm: Rhythm) -> TimeDelta {
    match rhythm {
        Rhythm::Each => TTL,
        Rhythm::Morning => TTL_MORNING,
    }
}

/// Until when something is of use: not into hours of quiet, whatever was meant when it was decided. Whoever changed their
/// mind meanwhile is told nothing.
fn end(profile: &Profile, latest: Timestamp, now: Timestamp) -> Timestamp {
    let Profile { hours, time_zone, consents, .. } = profile;
    if !consents.allow(Consent::Notify) || hours.most_a_day == 0 {
        return now;
    }
    // At a moment of quiet, that is the moment.
    quiet::closes(hours, time_zone, now).map_or(latest, |closes| closes.min(latest))
}

/// What there is to say about a tip.
enum Words {
    Of(Box<Tip>),
    /// Its task cannot be read at the moment.
    NotNow,
    /// It was answered, or has gone.
    Gone,
}
