//! What the page shows: the open tip in words, or the reason why there is none.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use events::{Payload, v1};
use integrations::{Due, Freshness, Task, TaskError, TaskList};
use kernel::{
    TimeZone, Timestamp, UserId,
    db::{self, Tx},
};
use uuid::Uuid;

use crate::{
    Error, Reaction, Recommender,
    decide::{Decision, Snapshot},
    features::Moment,
    pool,
    reasons::reasons,
    store::{self, NewTip, OpenTip, SeenReaction, State},
};

/// Tasks read this recently are taken for the present state.
const FRESH: Duration = Duration::from_mins(1);

/// A page waits this long for tasks. A fetch that takes longer goes on, for the next look.
const DEADLINE: Duration = Duration::from_millis(800);

/// All that the tip page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// The scene in the middle.
    pub scene: Scene,
    /// The newest reaction, while it can be taken back.
    pub answered: Option<Answered>,
    /// Set when the tasks could not be read and what is shown may be old.
    pub trouble: Option<Trouble>,
}

/// The scene in the middle of the page.
#[derive(Clone, Debug, PartialEq)]
pub enum Scene {
    /// No connector is connected.
    NotConnected,
    /// The tasks are still being fetched.
    Loading,
    /// One tip.
    Tip(Tip),
    /// There is no candidate at the moment.
    Nothing,
    /// The tasks cannot be read, and none are at hand.
    Trouble(Trouble),
}

/// One tip, in words. The words of a task live here and in the page, nowhere else.
#[derive(Clone, PartialEq)]
pub struct Tip {
    /// Its identifier.
    pub id: Uuid,
    /// Task or advice.
    pub kind: TipKind,
    /// The sentence.
    pub text: String,
    /// The quiet line below it; may be empty.
    pub context: String,
    /// Why this one, in sentences.
    pub reasons: Vec<String>,
    /// The IANA time zone that it was chosen for.
    pub time_zone: String,
}

/// Where a tip comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TipKind {
    /// A task of the person's own.
    Todo,
    /// The shipped library.
    Advice,
}

/// A reaction that can still be taken back.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// The tip that was answered.
    pub tip: Uuid,
    /// How.
    pub reaction: Reaction,
    /// For how much longer it can be taken back.
    pub undo_for: TimeDelta,
}

/// Why the tasks cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The access was refused: the person has to connect again.
    Reconnect,
    /// The provider asked us to wait.
    Throttled,
    /// The provider cannot be reached, or fails.
    Unavailable,
    /// The provider's answer is not its protocol.
    Garbled,
}

/// The tasks that a look can use.
struct AtHand {
    list: Arc<TaskList>,
    /// Whether the list is the present state.
    fresh: bool,
    trouble: Option<Trouble>,
}

impl std::fmt::Debug for Tip {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tip")
            .field("id", &self.id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl Recommender {
    /// What `user` sees now. An open tip stays; only without one is a new one decided.
    pub async fn look(&self, user: UserId) -> Result<Look, Error> {
        let now = self.0.clock.now();
        let seen = store::see(&self.0.db, user).await?;
        let answered = self.answered(seen.last, now);
        let open = seen.tip.filter(|tip| tip.expires_at > now);

        // The common case: advice needs no tasks.
        if let Some(tip) = open.as_ref().and_then(|tip| self.advice(tip)) {
            return Ok(Look { scene: Scene::Tip(tip), answered, trouble: None });
        }

        let at_hand = match self.tasks(user).await? {
            Ok(at_hand) => at_hand,
            Err(scene) => return Ok(Look { scene, answered, trouble: None }),
        };
        let trouble = at_hand.trouble;
        if let Some(tip) = &open {
            if let Some(tip) = listed(tip, &at_hand.list, now) {
                return Ok(Look { scene: Scene::Tip(tip), answered, trouble });
            }
            if !at_hand.fresh {
                let scene = trouble.map_or(Scene::Loading, Scene::Trouble);
                return Ok(Look { scene, answered, trouble: None });
            }
            // A long list holds the most urgent tasks only: this one may still be there.
            if let Some(tip) = self.unlisted(user, tip, &at_hand.list, now).await {
                return Ok(Look { scene: Scene::Tip(tip), answered, trouble });
            }
        }

        let scene = self.decide_anew(user, open.map(|tip| tip.id), &at_hand.list).await?;
        Ok(Look { scene, answered, trouble })
    }

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
    async fn decide_anew(
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
        Ok(scene)
    }

    /// Decides under the person's lock, and opens the tip.
    pub(crate) async fn decide_next(
        &self,
        tx: &mut Tx<'_>,
        user: UserId,
        tasks: &TaskList,
        moment: &Moment,
    ) -> Result<Scene, Error> {
        let parts = &*self.0;
        let keys = pool::keys(tasks, &parts.library, moment);
        let last = store::last_reactions(tx, user, &keys).await?;
        let beliefs = store::beliefs(tx, user).await?;

        let seed = u64::from_le_bytes(parts.entropy.bytes());
        let mut rng = parts.entropy.fork();
        let candidates = pool::assemble(tasks, &parts.library, &last, moment, &mut rng);
        let snapshot = Snapshot::new(seed, moment, &beliefs, candidates);
        let Some(decision) = snapshot.decide(&parts.policies) else { return Ok(Scene::Nothing) };
        let tip = self.open(tx, user, moment, &snapshot, &decision).await?;
        Ok(self.words(&tip, tasks, moment.at).map_or(Scene::Nothing, Scene::Tip))
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
        let tip = OpenTip {
            id: parts.entropy.id(moment.at),
            candidate: chosen.key.clone(),
            reasons: reasons(&chosen.features, propensity, serving, &snapshot.posterior(serving)),
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
            arm: chosen.features.arm(),
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

    /// The newest reaction, as long as it can be taken back.
    pub(crate) fn answered(&self, last: Option<SeenReaction>, now: Timestamp) -> Option<Answered> {
        let last = last?;
        let undo_for = last.at + self.0.settings.undo_window - now;
        (undo_for > TimeDelta::zero())
            .then(|| last.reaction().map(|reaction| Answered { tip: last.tip, reaction, undo_for }))
            .flatten()
    }

    /// The tasks, as fresh as the deadline allows; or the scene that tells why there are none.
    async fn tasks(&self, user: UserId) -> Result<Result<AtHand, Scene>, Error> {
        let integrations = &self.0.integrations;
        let fetch = integrations.tasks(user, Freshness::Within(FRESH));
        let trouble = match tokio::time::timeout(DEADLINE, fetch).await {
            Ok(Ok(list)) => return Ok(Ok(AtHand { list, fresh: true, trouble: None })),
            Ok(Err(TaskError::NotConnected)) => return Ok(Err(Scene::NotConnected)),
            Ok(Err(TaskError::Internal(error))) => return Err(Error::Tasks(error)),
            Ok(Err(TaskError::Reconnect)) => Some(Trouble::Reconnect),
            Ok(Err(TaskError::Throttled { .. })) => Some(Trouble::Throttled),
            Ok(Err(TaskError::Garbled)) => Some(Trouble::Garbled),
            Ok(Err(TaskError::Unavailable | TaskError::NotAtHand)) => Some(Trouble::Unavailable),
            Err(_elapsed) => None,
        };
        Ok(match integrations.tasks(user, Freshness::Cached).await {
            Ok(list) => Ok(AtHand { list, fresh: false, trouble }),
            Err(_) => Err(trouble.map_or(Scene::Loading, Scene::Trouble)),
        })
    }

    /// The tip of a task that was left out of a list too long to be held.
    async fn unlisted(
        &self,
        user: UserId,
        tip: &OpenTip,
        list: &TaskList,
        now: Timestamp,
    ) -> Option<Tip> {
        let id = pool::task_id(&tip.candidate).filter(|_| !list.is_complete())?;
        let task = self.0.integrations.task(user, id).await.ok()??;
        Some(task_tip(tip, &task, now))
    }

    fn words(&self, tip: &OpenTip, tasks: &TaskList, now: Timestamp) -> Option<Tip> {
        self.advice(tip).or_else(|| listed(tip, tasks, now))
    }

    fn advice(&self, tip: &OpenTip) -> Option<Tip> {
        let advice = self.0.library.get(pool::advice_id(&tip.candidate)?)?;
        Some(Tip {
            id: tip.id,
            kind: TipKind::Advice,
            text: advice.text.clone(),
            context: minutes(u32::from(advice.minutes)),
            reasons: sentences(tip),
            time_zone: tip.time_zone.clone(),
        })
    }
}

fn listed(tip: &OpenTip, tasks: &TaskList, now: Timestamp) -> Option<Tip> {
    Some(task_tip(tip, tasks.get(pool::task_id(&tip.candidate)?)?, now))
}

fn task_tip(tip: &OpenTip, task: &Task, now: Timestamp) -> Tip {
    let moment = Moment::new(now, tip.time_zone.parse().unwrap_or(TimeZone::UTC));
    let due = task.due.map(|due| due_words(due, &moment));
    let takes = task.duration_minutes.map(minutes);
    Tip {
        id: tip.id,
        kind: TipKind::Todo,
        text: task.content.clone(),
        context: [due, takes].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        reasons: sentences(tip),
        time_zone: tip.time_zone.clone(),
    }
}

fn sentences(tip: &OpenTip) -> Vec<String> {
    tip.reasons.iter().map(crate::Reason::sentence).collect()
}

fn due_words(due: Due, moment: &Moment) -> String {
    let date = due.date(&moment.zone);
    let days = moment.today().until(date).map_or(0, |span| span.get_days());
    match (days, due.time(&moment.zone)) {
        (0, Some(time)) => format!("due at {}", time.strftime("%-H:%M")),
        (0, None) => "due today".to_owned(),
        (1, _) => "due tomorrow".to_owned(),
        (-1, _) => "due yesterday".to_owned(),
        (2..=6, _) => format!("due on {}", date.strftime("%A")),
        (..=-2, _) => format!("due {} days ago", -days),
        _ => format!("due {}", date.strftime("%-d %B")),
    }
}

fn minutes(minutes: u32) -> String {
    match minutes {
        0 | 1 => "a minute".to_owned(),
        2..60 => format!("{minutes} min"),
        _ if minutes.is_multiple_of(60) => format!("{} h", minutes / 60),
        _ => format!("{} h {} min", minutes / 60, minutes % 60),
    }
}
