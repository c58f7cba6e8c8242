//! Sending: what was decided reaches the person's browsers, or is too late.

use chrono::TimeDelta;
use futures::{StreamExt, stream};
use kernel::{Timestamp, log_failure};
use profile::{Consent, Profile};
use rand::RngExt;
use recommender::{Scene, Tip};

use crate::{
    Error, Notifier,
    front::Outlet,
    push::{About, Message, Navigate, Note, Outcome, Topic, Urgency, retry_at},
    quiet,
    store::{self, Due, Settled},
    timing::STEP,
};

/// A tip is for its moment: after so long it is not told of any more, nor kept by a push service.
const TTL: TimeDelta = TimeDelta::minutes(30);

/// So much is claimed at once.
const BATCH: i64 = 500;

/// What is claimed and not sent in time, since a process ended, is claimed again.
const CLAIM: TimeDelta = TimeDelta::minutes(2);

/// What cannot be told at the moment is tried again after this.
const UNTOLD: TimeDelta = TimeDelta::minutes(1);

/// So many are prepared at the same time. How many are sent to one place at once is the pusher's to say.
const AT_ONCE: usize = 48;

impl Notifier {
    /// Sends what is due, and tells how much of it was accepted.
    pub async fn deliver(&self) -> Result<usize, Error> {
        let Some(push) = &self.0.push else { return Ok(0) };
        let mut accepted = 0;
        loop {
            let now = self.0.clock.now();
            let due = store::claim_due(&self.0.db, now, now + CLAIM, BATCH).await?;
            let claimed = due.len();
            accepted += stream::iter(due)
                .map(|due| async move {
                    let settled = self.send_due(push, &due).await;
                    settled.inspect_err(|error| log_failure(error)).unwrap_or(false)
                })
                .buffer_unordered(AT_ONCE)
                .filter(|accepted| std::future::ready(*accepted))
                .count()
                .await;
            if i64::try_from(claimed).unwrap_or_default() < BATCH {
                return Ok(accepted);
            }
        }
    }

    /// Sends one, and writes down what came of it; whether it was accepted.
    async fn send_due(&self, push: &Outlet, due: &Due) -> Result<bool, Error> {
        let parts = &*self.0;
        let now = parts.clock.now();
        if now >= due.claimed {
            // It took too long, and is somebody else's by now.
            return Ok(false);
        }
        let profile = profile::profile(&parts.db, due.user).await?;
        let end = end(&profile, due.slot + STEP + TTL, now);
        let words = if now < end { self.words(due).await? } else { Words::Gone };
        let settled = match words {
            Words::Gone => Settled::Expired,
            Words::NotNow => Settled::Again(now + UNTOLD),
            Words::Of(tip) => match self.send(push, due, &tip, end).await? {
                Outcome::Accepted => Settled::Accepted,
                Outcome::Gone => {
                    store::remove(&parts.db, due.user, due.subscription).await?;
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

    async fn send(
        &self,
        push: &Outlet,
        due: &Due,
        tip: &Tip,
        end: Timestamp,
    ) -> Result<Outcome, Error> {
        let parts = &*self.0;
        let now = parts.clock.now();
        let to = self.opened(push, due.user, &due.endpoint, &due.reach).await?;
        let Some(to) = to else { return Ok(Outcome::Refused { status: None }) };
        let about = About { tip_id: tip.id, key: parts.entropy.id(now), person: due.user };
        let message = Message {
            note: Note::new(&tip.text, &tip.context, Navigate::home(), about),
            ttl: (end - now).to_std().unwrap_or_default(),
            urgency: Urgency::Normal,
            topic: Some(Topic::of(&tip.id.to_string())),
        };
        Ok(push.fleet.send(&to, &message).await)
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
