use uuid::Uuid;

use super::*;
use crate::task::Task;

fn list(bytes: usize) -> TaskList {
    let task = Task {
        id: "1".into(),
        content: "x".repeat(bytes),
        priority: 1,
        due: None,
        deadline: None,
        duration_minutes: None,
        labels: Vec::new(),
        project: None,
        added_at: None,
        updated_at: None,
    };
    TaskList { fetched_at: Timestamp::UNIX_EPOCH, tasks: vec![task], seen: 1 }
}

#[tokio::test]
async fn memory_is_bounded_whoever_comes() {
    let lists = Arc::new(Lists::new());
    for number in 0..100 {
        let user = UserId(Uuid::from_u128(number));
        lists.fetched(user, async { Ok(list(1024 * 1024)) }).await.unwrap();
        lists.kept.run_pending_tasks().await;
        assert!(lists.kept.weighted_size() <= MAX_BYTES);
    }
    assert!(lists.kept.entry_count() > 20, "{}", lists.kept.entry_count());
    assert!(lists.flights.lock().await.is_empty());
}

#[tokio::test]
async fn a_fetch_that_panics_is_an_error_and_the_next_one_begins() {
    let (lists, user) = (Arc::new(Lists::new()), UserId(Uuid::nil()));
    let lost = lists.fetched(user, async { panic!("on purpose") }).await;
    assert!(matches!(lost, Err(TaskError::Internal(_))));
    // The task has told before it is wholly over.
    while lists.flights.lock().await.values().any(|flight| !flight.task.is_finished()) {
        tokio::task::yield_now().await;
    }
    assert!(lists.fetched(user, async { Ok(list(1)) }).await.is_ok());
}

#[tokio::test]
async fn a_closed_task_does_not_come_back_with_an_older_answer() {
    let (lists, user) = (Arc::new(Lists::new()), UserId(Uuid::nil()));
    let (answer, answered) = oneshot::channel();
    let fetch = lists.fetched(user, async { answered.await.map_err(|_| TaskError::Unavailable) });
    let close = async {
        while !lists.flights.lock().await.contains_key(&user) {
            tokio::task::yield_now().await;
        }
        lists.forget(user, "1").await;
        answer.send(list(1)).unwrap();
    };
    let (fetched, ()) = tokio::join!(fetch, close);
    assert!(fetched.unwrap().tasks.is_empty());
    assert!(lists.any(user).await.unwrap().tasks.is_empty());
}
