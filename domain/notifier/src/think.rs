//! Whether to speak up: for each person whose time has come, once.

use chrono::TimeDelta;
use futures::{StreamExt, stream};
use jiff::{SignedDuration, civil::Time};
use kernel::{TimeZone, Timestamp, UserId, db, log_failure};
use profile::{Consent, Profile};
use recommender::Scene;
use uuid::Uuid;

use crate::{
    Error, Notifier, Rhythm, Verdict,
    learn::may_learn,
    points::{self, LOOK_BACK, Recently},
    quiet::{self, Quiet},
    store::{self, Known, NewDecision},
    timing::{Belief, Chooser, STEP, Shadow},
};

/// So many people are claimed at once,
const BATCH: i64 = 500;

/// and of so many is thought at the same time: fewer than there are connections, since pages need some too.
const AT_ONCE: usize = 3;

/// Whoever is claimed and not thought of in time, since a process ended, is claimed again.
const CLAIM: TimeDelta = TimeDelta::minutes(2);

/// After an answer, oO has nothing to say for so long.
const AFTER_ANSWER: TimeDelta = TimeDelta::minutes(45);

/// It is thought of everybody this often at least: they may have travelled.
const LONGEST: TimeDelta = TimeDelta::hours(6);

/// When a morning is over.
const NOON: Time = Time::constant(12, 0, 0, 0);

/// For so long after quiet hours it is morning, if that is later.
const AWAKE: SignedDuration = SignedDuration::from_hours(3);

/// Whoever had oO open within this has it open.
const HERE: TimeDelta = TimeDelta::minutes(5);

/// What a tick did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Of so many people it was thought.
    pub thought: usize,
    /// Of these, oO spoke to so many.
    pub spoke: usize,
}

impl Notifier {
    /// Thinks of everybody whose time has come. What is to be said is in the database then ([`Notifier::deliver`]).
    pub async fn tick(&self) -> Result<Ticked, Error> {
        let mut ticked = Ticked::default();
        if !self.speaks() {
            return Ok(ticked);
        }
        loop {
            let now = self.0.clock.now();
            let until = now + CLAIM;
            let users = store::claim(&self.0.db, now, until, BATCH).await?;
            let claimed = users.len();
            let spoke = stream::iter(users)
                .map(|user| async move {
                    let thought = self.think(user, until).await;
                    thought.inspect_err(|error| log_failure(error)).unwrap_or(false)
                })
                .buffer_unordered(AT_ONCE)
                .filter(|spoke| std::future::ready(*spoke))
                .count()
                .await;
            ticked.thought += claimed;
            ticked.spoke += spoke;
            if i64::try_from(claimed).unwrap_or_default() < BATCH {
                return Ok(ticked);
            }
        }
    }

    /// Thinks of `user`, claimed until `claimed`; whether oO speaks.
    async fn think(&self, user: UserId, claimed: Timestamp) -> Result<bool, Error> {
        let parts = &*self.0;
        let now = parts.clock.now();
        let profile = profile::profile(&parts.db, user).await?;
        let standing = parts.recommender.standing(user).await?;
        let known = store::known(&parts.db, user, standing.open, &self.channels()).await?;
        if !may_ever(&profile, &known) {
            store::unwatch(&parts.db, user, claimed).await?;
            return Ok(false);
        }
        if !known.each && !is_morning(&profile, known.last_morning, now) {
            let next = now + until_morning(&profile, now);
            return self.await_morning(user, known.last, claimed, next).await;
        }
        let belief = self.learned(user, &profile, now).await?;
        let empty = NewDecision::at(points::current(user, now), now);
        let next = empty.slot + STEP;
        let quiet = match quiet_for(&profile, &known, standing.answered_at, now) {
            None => {
                let until = parts.recommender.busy_until(user).await?;
                until.map(|until| (Verdict::InMeeting, until))
            }
            quiet => quiet,
        };
        let (decision, next) = if let Some((verdict, until)) = quiet {
            (NewDecision { verdict, ..empty }, next.max(until))
        } else if let Some(decision) = self.morning(user, &profile, &known, &empty).await? {
            (decision, next)
        } else if !known.each {
            (NewDecision { verdict: Verdict::AwaitsMorning, ..empty }, next)
        } else {
            let pushes = store::pushes(&parts.db, user, now - LOOK_BACK).await?;
            let reaction = standing.answered_at.filter(|_| may_learn(&profile));
            let recently = Recently { pushes, reaction };
            // Since it was looked and there was nothing, there has been no tip: what is drawn then is no choice.
            let is_bare = standing.open.is_none() && known.last == Some(Verdict::Nothing);
            let decision = self.draw(user, &profile, &belief, &recently, empty).await?;
            let decision = if is_bare { decision.undrawn() } else { decision };
            let is_over = decision.verdict == Verdict::EnoughToday;
            (decision, if is_over { tomorrow(&profile.time_zone, now) } else { next })
        };
        let is_news = known.last != Some(decision.verdict)
            || decision.probability.is_some()
            || decision.tip.is_some();
        let spoke = is_news && self.write(user, &decision).await?;
        store::look_again(&parts.db, user, claimed, next.min(now + LONGEST)).await?;
        Ok(spoke)
    }

    /// The word of a morning, which is not drawn: where there is anything to say, it is said.
    async fn morning(
        &self,
        user: UserId,
        profile: &Profile,
        known: &Known,
        empty: &NewDecision,
    ) -> Result<Option<NewDecision>, Error> {
        let &NewDecision { slot, at, .. } = empty;
        if !known.morning || !is_morning(profile, known.last_morning, at) {
            return Ok(None);
        }
        let pushes = store::pushes(&self.0.db, user, at - LOOK_BACK).await?;
        let Profile { hours, time_zone, .. } = profile;
        let day = |at| time_zone.local(at).date();
        let today = pushes.iter().filter(|push| day(push.at) == day(at)).count();
        if today >= usize::from(hours.most_a_day) {
            return Ok(None);
        }
        let (verdict, rhythm) = (Verdict::Spoke, Rhythm::Morning);
        let tip = self.tip(user).await?;
        Ok(tip.map(|tip| NewDecision {
            verdict,
            rhythm,
            tip: Some(tip),
            ..NewDecision::at(slot, at)
        }))
    }

    /// Of somebody who is spoken to in the morning alone, there is nothing to think before.
    async fn await_morning(
        &self,
        user: UserId,
        last: Option<Verdict>,
        claimed: Timestamp,
        next: Timestamp,
    ) -> Result<bool, Error> {
        let now = self.0.clock.now();
        let verdict = Verdict::AwaitsMorning;
        if last != Some(verdict) {
            let empty = NewDecision::at(points::current(user, now), now);
            self.write(user, &NewDecision { verdict, ..empty }).await?;
        }
        store::look_again(&self.0.db, user, claimed, next).await?;
        Ok(false)
    }

    /// Draws whether to speak, as nothing is against it.
    async fn draw(
        &self,
        user: UserId,
        profile: &Profile,
        belief: &Belief,
        recently: &Recently,
        empty: NewDecision,
    ) -> Result<NewDecision, Error> {
        let ahead = points::ahead(&profile.hours, &profile.time_zone, empty.at, recently);
        let choice = Chooser::Learned.choose(belief, &ahead, &mut self.0.entropy.fork());
        let moment = ahead.first().copied();
        let Some(choice) = choice else {
            let is_enough = moment.is_some_and(|moment| moment.today >= moment.most_a_day);
            // Else the last word has not had its hour.
            let verdict = if is_enough { Verdict::EnoughToday } else { Verdict::ToldAlready };
            return Ok(NewDecision { verdict, ..empty });
        };
        let tip = if choice.speak { self.tip(user).await? } else { None };
        let verdict = match (choice.speak, tip) {
            (false, _) => Verdict::DrewSilence,
            (true, None) => Verdict::Nothing,
            (true, Some(_)) => Verdict::Spoke,
        };
        let moment = moment.filter(|_| may_learn(profile));
        let shadows = moment.map(|_| Shadow::ask_all(&ahead));
        let probability = Some(choice.probability);
        Ok(NewDecision { verdict, probability, moment, shadows, tip, ..empty })
    }

    /// The tip that there is to tell of: what the page would show now.
    async fn tip(&self, user: UserId) -> Result<Option<Uuid>, Error> {
        Ok(match self.0.recommender.look(user).await?.scene {
            Scene::Tip(tip) => Some(tip.id),
            _ => None,
        })
    }

    /// Writes a decision down, with all that is to be sent by it; whether anything is.
    async fn write(&self, user: UserId, decision: &NewDecision) -> Result<bool, Error> {
        let mut tx = db::begin(&self.0.db).await?;
        let is_new = store::decide(&mut tx, user, decision).await?;
        let speaks = is_new && decision.tip.is_some();
        if speaks {
            let &NewDecision { slot, at, rhythm, .. } = decision;
            store::spread(&mut tx, user, slot, at, rhythm, &self.channels()).await?;
        }
        tx.commit().await?;
        Ok(speaks)
    }
}

/// Whether there is any use in thinking of a person.
fn may_ever(profile: &Profile, known: &Known) -> bool {
    let Profile { hours, consents, .. } = profile;
    consents.allow(Consent::Notify)
        && (known.each || known.morning)
        && hours.most_a_day > 0
        && !hours.days_off.are_all()
}

/// Why oO stays quiet whatever there is to say, and until when at least.
fn quiet_for(
    profile: &Profile,
    known: &Known,
    answered_at: Option<Timestamp>,
    now: Timestamp,
) -> Option<(Verdict, Timestamp)> {
    let Profile { hours, time_zone, .. } = profile;
    if let Some(quiet) = quiet::quiet(hours, time_zone, now) {
        let verdict = match quiet {
            Quiet::Hours => Verdict::QuietHours,
            Quiet::DayOff => Verdict::DayOff,
        };
        let opens = quiet::opens(hours, time_zone, now).unwrap_or(now + LONGEST);
        return Some((verdict, opens));
    }
    if let Some(at) = answered_at.filter(|at| now - *at < AFTER_ANSWER) {
        return Some((Verdict::JustAnswered, at + AFTER_ANSWER));
    }
    if known.here_at.is_some_and(|at| now - at < HERE) {
        return Some((Verdict::IsHere, now));
    }
    known.told_already.then_some((Verdict::ToldAlready, now))
}

/// Whether it is the person's morning, and nothing was said in it.
fn is_morning(profile: &Profile, last: Option<Timestamp>, now: Timestamp) -> bool {
    let Profile { snooze_times, time_zone, hours, .. } = profile;
    let local = time_zone.local(now);
    let is_new = last.is_none_or(|last| time_zone.local(last).date() < local.date());
    // Whoever sleeps longer has it later.
    let end = hours.quiet_until.saturating_add(AWAKE).max(NOON);
    is_new && (snooze_times.morning()..end).contains(&local.time())
}

/// How long it is until the person's morning, or until it is thought of them anyhow.
fn until_morning(profile: &Profile, now: Timestamp) -> TimeDelta {
    let Profile { snooze_times, time_zone, .. } = profile;
    let until = snooze_times.morning().duration_since(time_zone.local(now).time());
    let until = TimeDelta::seconds(until.as_secs());
    if until > TimeDelta::zero() { until.min(LONGEST) } else { LONGEST }
}

/// When the person's next day begins.
fn tomorrow(zone: &TimeZone, now: Timestamp) -> Timestamp {
    let date = zone.local(now).date().tomorrow().ok();
    date.and_then(|date| zone.midnight(date)).unwrap_or(now + LONGEST)
}
