//! Opening a tip and closing it, under the person's lock.

use events::{
    Payload,
    v1::{self, tip_lapsed::Cause},
};
use integrations::TaskList;
use kernel::UserId;
use uuid::Uuid;

use crate::{
    Error, Reason, Recommender,
    decide::{Decision, Snapshot},
    free,
    look::{Scene, not_yet},
    pool,
    reasons::{Record, reasons},
    store::{self, NewTip, OpenTip, State},
    turn::Turn,
};

impl Recommender {
    /// Forgets what a language model wrote about tasks of another connection than the one that there is now.
    pub async fn connected(&self, user: UserId) -> Result<(), Error> {
        let mut turn = self.turn(user).await?;
        advice::forget(&mut turn.tx, user).await?;
        turn.commit().await
    }

    /// Lets the open tip lapse, because the connector that it came from was disconnected. What a language model wrote
    /// about its tasks is gone.
    pub async fn disconnected(&self, user: UserId) -> Result<(), Error> {
        let mut turn = self.turn(user).await?;
        if let Some(tip) = store::open_tip(&mut turn.tx, user).await? {
            self.lapse(&mut turn, tip.id, Cause::Disconnected).await?;
        }
        advice::forget(&mut turn.tx, user).await?;
        turn.commit().await
    }

    /// Decides in a transaction of its own. `gone` is the open tip whose task is no longer there.
    pub(crate) async fn decide_anew(
        &self,
        user: UserId,
        gone: Option<Uuid>,
        tasks: &TaskList,
    ) -> Result<Scene, Error> {
        let mut turn = self.turn(user).await?;
        let now = turn.moment.at;
        if let Some(tip) = store::open_tip(&mut turn.tx, user).await? {
            if tip.expires_at <= now {
                self.lapse(&mut turn, tip.id, Cause::Expired).await?;
            } else if gone == Some(tip.id) {
                self.lapse(&mut turn, tip.id, Cause::TaskGone).await?;
            } else if let Some(tip) = self.words(&mut turn, &tip, tasks).await? {
                // Another request decided while this one waited for the lock.
                return Ok(Scene::Tip(tip));
            } else {
                return Ok(Scene::Loading);
            }
        }
        let scene = self.decide_next(&mut turn, tasks).await?;
        turn.commit().await?;
        self.seek_ideas(user);
        // With tasks of an earlier connection: the next look has those of the present one.
        Ok(scene.unwrap_or(Scene::Loading))
    }

    /// Decides, and opens the tip; `None` when the tasks are not the person's any more.
    pub(crate) async fn decide_next(
        &self,
        turn: &mut Turn,
        tasks: &TaskList,
    ) -> Result<Option<Scene>, Error> {
        let parts = &*self.0;
        if let Some(scene) = not_yet(&turn.consents) {
            return Ok(Some(scene));
        }
        if !parts.integrations.is_current(&mut turn.tx, turn.user, tasks).await? {
            return Ok(None);
        }
        let ideas = self.ideas(turn, tasks).await?;
        let sources = pool::Sources { tasks, library: &parts.library, ideas: &ideas };
        let keys = sources.keys(&turn.moment);
        let last = store::last_reactions(&mut *turn.tx, turn.user, &keys).await?;
        let (lessons, history) = turn.remembered(&keys).await?;

        let seed = u64::from_le_bytes(parts.entropy.bytes());
        let mut rng = parts.entropy.fork();
        let sign = |words: &str| parts.advisor.sign(words);
        let mut candidates = sources.assemble(&last, &history, &turn.moment, sign, &mut rng);
        let busy = parts.integrations.busy_at_hand(turn.user).await;
        let free = free::minutes(busy.as_deref(), turn.moment.at);
        let is_short = free::keep_what_fits(&mut candidates, free);
        let policies = parts.policies();
        let snapshot = Snapshot::new(seed, &turn.moment, &policies, lessons, candidates);
        let Some(decision) = snapshot.decide(&policies) else {
            return Ok(Some(Scene::Nothing));
        };
        let tip = self.open(turn, &snapshot, &decision, is_short).await?;
        Ok(Some(self.words_of_new(turn, &tip, tasks).await?.map_or(Scene::Nothing, Scene::Tip)))
    }

    /// `is_short`: time is short, and what takes too long was left out.
    async fn open(
        &self,
        turn: &mut Turn,
        snapshot: &Snapshot,
        decision: &Decision,
        is_short: bool,
    ) -> Result<OpenTip, Error> {
        let parts = &*self.0;
        let Decision { chosen, grounds, learned, scores } = decision;
        let at = turn.moment.at;
        let propensity = scores.first().map_or(1.0, |score| score.propensity);
        let arm = chosen.features.arm();
        let record = if turn.keeps_history() {
            store::record(&mut turn.tx, turn.user, &arm).await?
        } else {
            Record::default()
        };
        let mut reasons = reasons(&chosen.features, propensity, grounds, record);
        if is_short && chosen.features.minutes.is_some() {
            reasons.insert(0, Reason::BeforeMeeting);
        }
        reasons.extend(learned.map(Reason::Learned));
        let lifetime = parts.settings.tip_lifetime;
        let tip = OpenTip {
            id: parts.entropy.id(at),
            candidate: chosen.key.clone(),
            reasons,
            time_zone: turn.moment.zone.name().to_owned(),
            expires_at: at + if chosen.origin.is_some() { self.idea_lifetime() } else { lifetime },
        };
        let new = NewTip {
            id: tip.id,
            candidate: &tip.candidate,
            features: turn.keeps_history().then_some(&chosen.features),
            reasons: &tip.reasons,
            scores,
            time_zone: &tip.time_zone,
            at,
            expires_at: tip.expires_at,
        };
        store::insert_tip(&mut turn.tx, turn.user, &new).await?;
        if turn.keeps_history() {
            store::insert_snapshot(&mut turn.tx, turn.user, tip.id, snapshot, scores).await?;
        }
        if let Some(idea) = pool::idea_id(&tip.candidate) {
            let is_remembered = turn.keeps_history();
            advice::shown(&mut turn.tx, turn.user, idea, at, is_remembered).await?;
        }

        let decided = v1::TipDecided {
            tip_id: tip.id.to_string(),
            candidate: tip.candidate.clone(),
            arm,
            policy: scores.first().map_or_else(String::new, |score| score.policy.to_owned()),
            propensity,
            candidates: u32::try_from(snapshot.candidates.len()).unwrap_or(u32::MAX),
            expires_at_micros: tip.expires_at.timestamp_micros(),
        };
        self.append(turn, Payload::TipDecided(decided)).await?;
        Ok(tip)
    }

    /// Closes an open tip that was not answered.
    pub(crate) async fn lapse(
        &self,
        turn: &mut Turn,
        tip: Uuid,
        cause: Cause,
    ) -> Result<(), Error> {
        turn.set_state(tip, State::Lapsed).await?;
        let lapsed = v1::TipLapsed { tip_id: tip.to_string(), cause: cause.into() };
        self.append(turn, Payload::TipLapsed(lapsed)).await
    }
}
