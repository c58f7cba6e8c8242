//! Opening a tip and closing it, under the person's lock.

use events::{Payload, v1};
use integrations::TaskList;
use kernel::{
    Timestamp, UserId,
    db::{self, Tx},
};
use uuid::Uuid;

use crate::{
    Error, Recommender,
    decide::{Decision, Snapshot},
    features::Moment,
    look::Scene,
    pool,
    reasons::reasons,
    store::{self, NewTip, OpenTip, State},
};

impl Recommender {
    /// Lets the open tip lapse, because the connector that it came from was disconnected.
    pub async fn disconnected(&self, user: UserId) -> Result<(), Error> {
        let mut tx = db::begin(&self.0.db).await?;
        store::lock(&mut tx, user).await?;
        if let Some(tip) = store::open_tip(&mut tx, user).await? {
            self.lapse(&mut tx, user, tip.id, v1::tip_lapsed::Cause::Disconnected).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Decides in a transaction of its own. `gone` is the open tip whose task is no longer there.
    pub(crate) async fn decide_anew(
        &self,
        user: UserId,
        gone: Option<Uuid>,
        tasks: &TaskList,
    ) -> Result<Scene, Error> {
        let mut tx = db::begin(&self.0.db).await?;
        store::lock(&mut tx, user).await?;
        let now = self.0.clock.now();

        if let Some(tip) = store::open_tip(&mut tx, user).await? {
            if tip.expires_at <= now {
                self.lapse(&mut tx, user, tip.id, v1::tip_lapsed::Cause::Expired).await?;
            } else if gone == Some(tip.id) {
                self.lapse(&mut tx, user, tip.id, v1::tip_lapsed::Cause::TaskGone).await?;
            } else if let Some(tip) = self.words(&tip, tasks, now) {
                // Another request decided while this one waited for the lock.
                return Ok(Scene::Tip(tip));
            } else {
                return Ok(Scene::Loading);
            }
        }
        let zone = profile::preferences(&mut *tx, user).await?.time_zone;
        let scene = self.decide_next(&mut tx, user, tasks, &Moment::new(now, zone)).await?;
        tx.commit().await?;
        // With tasks of an earlier connection: the next look has those of the present one.
        Ok(scene.unwrap_or(Scene::Loading))
    }

    /// Decides under the person's lock, and opens the tip; `None` when the tasks are not the person's any
    /// more.
    pub(crate) async fn decide_next(
        &self,
        tx: &mut Tx<'_>,
        user: UserId,
        tasks: &TaskList,
        moment: &Moment,
    ) -> Result<Option<Scene>, Error> {
        let parts = &*self.0;
        if !parts.integrations.is_current(tx, user, tasks).await? {
            return Ok(None);
        }
        let keys = pool::keys(tasks, &parts.library, moment);
        let last = store::last_reactions(tx, user, &keys).await?;
        let beliefs = store::beliefs(tx, user).await?;

        let seed = u64::from_le_bytes(parts.entropy.bytes());
        let mut rng = parts.entropy.fork();
        let candidates = pool::assemble(tasks, &parts.library, &last, moment, &mut rng);
        let snapshot = Snapshot::new(seed, moment, &beliefs, candidates);
        let Some(decision) = snapshot.decide(&parts.policies) else {
            return Ok(Some(Scene::Nothing));
        };
        let tip = self.open(tx, user, moment, &snapshot, &decision).await?;
        Ok(Some(self.words(&tip, tasks, moment.at).map_or(Scene::Nothing, Scene::Tip)))
    }

    async fn open(
        &self,
        tx: &mut Tx<'_>,
        user: UserId,
        moment: &Moment,
        snapshot: &Snapshot,
        decision: &Decision,
    ) -> Result<OpenTip, Error> {
        let parts = &*self.0;
        let Decision { chosen, scores } = decision;
        let propensity = scores.first().map_or(1.0, |score| score.propensity);
        let serving = parts.policies.serving.as_ref();
        let arm = chosen.features.arm();
        let belief = serving.belief(&arm, &snapshot.posterior(serving));
        let record = store::record(tx, user, &arm).await?;
        let tip = OpenTip {
            id: parts.entropy.id(moment.at),
            candidate: chosen.key.clone(),
            reasons: reasons(&chosen.features, propensity, belief, record),
            time_zone: moment.zone.name().to_owned(),
            expires_at: moment.at + parts.settings.tip_lifetime,
        };
        let new = NewTip {
            id: tip.id,
            candidate: &tip.candidate,
            features: &chosen.features,
            reasons: &tip.reasons,
            scores,
            snapshot,
            time_zone: &tip.time_zone,
            at: moment.at,
            expires_at: tip.expires_at,
        };
        store::insert_tip(tx, user, &new).await?;

        let decided = v1::TipDecided {
            tip_id: tip.id.to_string(),
            candidate: tip.candidate.clone(),
            arm,
            policy: serving.name().to_owned(),
            propensity,
            candidates: u32::try_from(snapshot.candidates.len()).unwrap_or(u32::MAX),
            expires_at_micros: tip.expires_at.timestamp_micros(),
        };
        self.append(tx, user, moment.at, Payload::TipDecided(decided)).await?;
        Ok(tip)
    }

    /// Closes an open tip that was not answered.
    pub(crate) async fn lapse(
        &self,
        tx: &mut Tx<'_>,
        user: UserId,
        tip: Uuid,
        cause: v1::tip_lapsed::Cause,
    ) -> Result<(), Error> {
        store::set_state(tx, user, tip, State::Lapsed).await?;
        let lapsed = v1::TipLapsed { tip_id: tip.to_string(), cause: cause.into() };
        self.append(tx, user, self.0.clock.now(), Payload::TipLapsed(lapsed)).await
    }

    pub(crate) async fn append(
        &self,
        tx: &mut Tx<'_>,
        user: UserId,
        at: Timestamp,
        payload: Payload,
    ) -> Result<(), Error> {
        Ok(events::append(tx, &self.0.entropy, user, at, &payload).await?)
    }
}
