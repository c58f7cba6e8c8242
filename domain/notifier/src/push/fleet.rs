//! Sends many messages at once, and none waits for a service that is slow but those that go there.

use std::sync::Arc;

use futures::{Stream, stream};
use tokio::{sync::Semaphore, task::JoinSet};

use super::{Message, Pusher, Subscription, gate::Gate};
use crate::Outcome;

/// On their way at once, in all.
const MOST: usize = 256;

/// To one origin. Five that are sick leave room for others, and there are four services.
const MOST_ORIGIN: usize = 48;

/// To one browser: what is sent to it arrives in order.
const MOST_ENDPOINT: usize = 1;

/// Bounds how much is on its way. Cheap to clone.
#[derive(Clone)]
pub struct Fleet(Arc<Inner>);

struct Inner {
    pusher: Pusher,
    endpoints: Gate<[u8; 32]>,
    origins: Gate<String>,
    all: Semaphore,
}

impl Fleet {
    /// Sends by `pusher`.
    pub fn new(pusher: Pusher) -> Self {
        Self(Arc::new(Inner {
            pusher,
            endpoints: Gate::of(MOST_ENDPOINT),
            origins: Gate::of(MOST_ORIGIN),
            all: Semaphore::new(MOST),
        }))
    }

    /// Sends `message` to `to`, once it is its turn.
    pub async fn send(&self, to: &Subscription, message: &Message) -> Outcome {
        let Self(inner) = self;
        // From the narrowest to the widest: whoever waits for one browser or host takes no room from others.
        let _endpoint = inner.endpoints.pass(to.fingerprint()).await;
        let _host = inner.origins.pass(to.origin()).await;
        let _any = inner.all.acquire().await;
        inner.pusher.send(to, message).await
    }

    /// Sends all of them, on every core; tells of each as it is done, by what it was named with. What is not done
    /// when the stream is dropped is given up.
    pub fn send_all<N: Send + 'static>(
        &self,
        sends: Vec<(N, Subscription, Message)>,
    ) -> impl Stream<Item = (N, Outcome)> + use<N> {
        let mut tasks = JoinSet::new();
        for (name, to, message) in sends {
            let fleet = self.clone();
            tasks.spawn(async move { (name, fleet.send(&to, &message).await) });
        }
        stream::unfold(tasks, async |mut tasks| {
            loop {
                // One that has panicked has nothing to tell.
                if let Ok(done) = tasks.join_next().await? {
                    return Some((done, tasks));
                }
            }
        })
    }
}

impl std::fmt::Debug for Fleet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fleet").finish_non_exhaustive()
    }
}
