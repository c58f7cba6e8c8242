//! What a language model is told of a person.

use advice::{OpenTask, PastReaction, Situation};
use chrono::TimeDelta;
use integrations::{Task, TaskList};
use kernel::hours_between;

use crate::{
    Error, Recommender,
    features::{Features, Moment},
    learned::learned,
    pool,
    store::{self, RecentAnswer},
    turn::Turn,
};

/// Answers are told of so far back.
const RECENT: TimeDelta = TimeDelta::days(30);

/// So many of them.
const ANSWERS: usize = 8;

impl Recommender {
    /// What a model is told of a person: what they may have need of a smaller step for, and how they answered.
    pub(super) async fn situation(
        &self,
        turn: &mut Turn,
        tasks: &TaskList,
    ) -> Result<Situation, Error> {
        let (mut answers, mut patterns) = (Vec::new(), Vec::new());
        let user = turn.user;
        if turn.keeps_history() {
            let since = turn.moment.at - RECENT;
            answers = store::recent_answers(&mut *turn.tx, user, since).await?;
            let (lessons, _) = turn.remembered(&[]).await?;
            let mut posterior = self.0.policies().serving.posterior_after(&lessons);
            patterns.extend(learned(&posterior.weights()).map(|learned| learned.to_string()));
        }
        let keys: Vec<String> = tasks.tasks.iter().map(|task| pool::task_key(&task.id)).collect();
        let last = store::last_reactions(&mut *turn.tx, user, &keys).await?;
        let moment = &turn.moment;
        let awake = tasks.tasks.iter().filter(|task| pool::is_task_awake(task, &last, moment));
        Ok(Situation {
            tasks: open_tasks(awake, &answers, moment),
            reactions: answers.iter().take(ANSWERS).map(|it| past_reaction(it, moment)).collect(),
            patterns,
            part: moment.part(),
            weekday: moment.local.strftime("%A").to_string(),
        })
    }
}

/// The tasks that a smaller step may help with first: what was put off, is overdue, or has been waiting.
fn open_tasks<'a>(
    tasks: impl Iterator<Item = &'a Task>,
    answers: &[RecentAnswer],
    moment: &Moment,
) -> Vec<OpenTask> {
    let mut open: Vec<(f64, OpenTask)> = tasks
        .map(|task| {
            let features = Features::of_task(task, moment);
            let key = pool::task_key(&task.id);
            let put_off =
                answers.iter().filter(|it| it.candidate == key && it.reaction == "snooze");
            let put_off = u32::try_from(put_off.count()).unwrap_or(u32::MAX);
            let overdue = features.due_in_days.map_or(0, |days| (-days).clamp(0, 14));
            let age = features.age_days.unwrap_or_default().min(60.0);
            let need = 2.0 * f64::from(put_off) + f64::from(overdue) / 7.0 + age / 30.0;
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "days")]
            let told = OpenTask {
                id: task.id.clone(),
                title: task.content.clone(),
                due_in_days: features.due_in_days,
                open_for_days: features.age_days.map(|days| days as u32),
                minutes: task.duration_minutes,
                important: task.priority > 2,
                put_off,
            };
            (need, told)
        })
        .collect();
    open.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    open.into_iter().map(|(_, task)| task).take(advice::MOST_TASKS).collect()
}

fn past_reaction(answer: &RecentAnswer, moment: &Moment) -> PastReaction {
    let mut arm = answer.arm.split('/');
    let (source, kind) = (arm.next().unwrap_or_default(), arm.next().unwrap_or_default());
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a month of hours")]
    let hours_ago = hours_between(answer.at, moment.at).max(0.0) as u32;
    let source = if source == "todoist" { "task" } else { "advice" };
    PastReaction { tip: format!("{source}: {kind}"), reaction: answer.reaction.clone(), hours_ago }
}
