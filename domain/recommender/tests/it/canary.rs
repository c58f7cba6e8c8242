//! No word of a task and no token reaches the database.

use recommender::{Reaction, Snooze, TipKind};
use sqlx::PgPool;
use testkit::todoist::{Deadline, Due, Edit, Fault, FaultRule, NewTask};

use crate::house::House;

const CANARY: &str = "CANARY";

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn no_word_of_a_task_reaches_the_database(db: PgPool) {
    let mut house = House::new(db, tasks()).await;
    let user = house.newcomer().await;
    let token = house.connect(user).await;

    let mut tasks_seen = 0;
    let reactions = [
        Reaction::Done,
        Reaction::Snooze(Snooze::Tomorrow),
        Reaction::Dismiss,
        Reaction::Snooze(Snooze::Later),
    ];
    for (round, reaction) in reactions.into_iter().cycle().take(16).enumerate() {
        let tip = house.tip(user).await;
        if tip.kind == TipKind::Todo {
            assert!(tip.text.contains(CANARY));
            tasks_seen += 1;
        }
        house.react(user, tip.id, reaction).await;
        house.recommender.undo(user, tip.id).await.unwrap();
        house.react(user, tip.id, reaction).await;
        match round {
            3 => house.restart(),
            5 => house.advance(7 * 3_600),
            7 => {
                for task in house.todoist().tasks(&house.account) {
                    let content = Some(format!("{CANARY} renamed"));
                    let edit = Edit { content, ..Edit::default() };
                    house.todoist().edit(&house.account, &task.id, edit);
                }
                house.advance(61);
            }
            9 => {
                house.advance(61);
                house.todoist().inject(FaultRule::next(1, Fault::Garbage));
                house.todoist().inject(FaultRule::next(1, Fault::Cut));
            }
            11 => {
                for task in house.todoist().tasks(&house.account).iter().skip(4) {
                    house.todoist().delete(&house.account, &task.id);
                }
                house.advance(61);
            }
            _ => {}
        }
    }
    assert!(tasks_seen > 3, "{tasks_seen} of the tips were tasks");

    let dump = house.dump().await;
    // It is a dump of what was written: ids and arms are there.
    assert!(dump.contains(&user.to_string()) && dump.contains("todoist_close_task"));
    let task = &house.todoist().tasks(&house.account)[0].id;
    assert!(dump.contains(&format!("todoist:{task}")) && dump.contains("todoist/"));
    for secret in [CANARY, "canary", token.as_str()] {
        assert!(!dump.contains(secret), "{secret} is in the database");
    }
}

/// Words wherever Todoist has room for them.
fn tasks() -> Vec<NewTask> {
    let due = |words| Some(Due::repeating("2026-11-23", words));
    (0..12)
        .map(|number| NewTask {
            description: format!("{CANARY} description"),
            project: Some(format!("{CANARY} project")),
            labels: vec![format!("{CANARY}-label")],
            priority: number % 4 + 1,
            due: if number % 3 == 0 { due("every day") } else { None },
            deadline: (number % 5 == 0)
                .then(|| Deadline { date: "2026-11-25".to_owned(), lang: "en".to_owned() }),
            ..NewTask::titled(format!("{CANARY} title {number}"))
        })
        .collect()
}
