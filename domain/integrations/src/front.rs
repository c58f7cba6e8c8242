//! The front door.

use std::{fmt, sync::Arc, time::Duration};

use kernel::{
    Entropy, SharedClock, SharedEntropy, Timestamp, UserId,
    db::Tx,
    http::{Hosts, Http},
};
use profile::Consents;
use sqlx::PgPool;
use tokio::sync::Semaphore;
use vault::Vault;

use crate::{
    calendar::{Busy, CalendarError, CalendarLink, Calendars},
    connector::Connector,
    error::{InternalError, TaskError},
    fetch::Throttle,
    lists::Lists,
    store,
    task::{Task, TaskList},
    todoist::{Access, Client, Todoist, TodoistConfig, is_id},
};

/// How many fetches run at once.
const FETCHES: usize = 16;

/// How many refreshes of tokens run at once.
const REFRESHES: usize = 2;

/// What a person has connected. Cheap to clone.
#[derive(Clone)]
pub struct Integrations {
    inner: Arc<Inner>,
    calendars: Calendars,
}

struct Inner {
    db: PgPool,
    vault: Arc<Vault>,
    todoist: Client,
    clock: SharedClock,
    entropy: SharedEntropy,
    lists: Arc<Lists>,
    throttle: Throttle,
    fetches: Semaphore,
    refreshes: Semaphore,
}

/// How it stands with a person's Todoist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// Nothing is connected.
    None,
    /// It works, as far as known.
    Active(Access),
    /// It has to be made again.
    Broken,
}

/// How old a list of tasks may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Whatever is in memory, however old. Nobody is asked, not even the database.
    Cached,
    /// Not older than this, else fetched.
    Within(Duration),
}

impl Integrations {
    /// Over this database, this vault and this Todoist. Calendars have to be at public addresses.
    pub fn new(
        db: PgPool,
        vault: Arc<Vault>,
        todoist: TodoistConfig,
        http: Http,
        clock: SharedClock,
        entropy: SharedEntropy,
    ) -> Self {
        // An address that somebody has pasted leads nowhere inside, though the operator has named a host there.
        let public = http.with_hosts(Hosts::default());
        let calendars = Calendars::new(db.clone(), vault.clone(), public, clock.clone());
        let inner = Inner {
            db,
            vault,
            todoist: Client::new(http, todoist),
            clock,
            entropy,
            lists: Arc::new(Lists::new()),
            throttle: Throttle::default(),
            fetches: Semaphore::new(FETCHES),
            refreshes: Semaphore::new(REFRESHES),
        };
        Self { inner: Arc::new(inner), calendars }
    }

    /// The same, where calendars may also be on these hosts, which the operator has named for them.
    #[must_use]
    pub fn with_calendar_hosts(self, http: &Http, hosts: Hosts) -> Self {
        let calendars = self.calendars.over(http.with_hosts(hosts));
        Self { calendars, ..self }
    }

    /// All that can be connected.
    pub(crate) fn connectors(&self) -> [Box<dyn Connector + '_>; 2] {
        [Box::new(Todoist(self)), Box::new(self.calendars.clone())]
    }

    /// How it stands with a person's Todoist.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn connection(&self, user: UserId) -> Result<Connection, InternalError> {
        Ok(match store::connection(self.db(), user).await? {
            None => Connection::None,
            Some(state) if state.broken => Connection::Broken,
            Some(state) => Connection::Active(state.scope),
        })
    }

    /// Whether `list` is of the present connection: on another replica it may have ended, or been made
    /// anew with another account. A list that is not goes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_current(
        &self,
        tx: &mut Tx<'_>,
        user: UserId,
        list: &TaskList,
    ) -> Result<bool, InternalError> {
        let state = store::connection(&mut **tx, user).await?;
        let current = state.is_some_and(|state| state.connected_at <= list.fetched_at);
        if !current {
            self.lists().drop_all(user).await;
        }
        Ok(current)
    }

    /// A person's most urgent open tasks. After an error the list from before stays at hand for
    /// [`Freshness::Cached`]; a fetch that was begun goes on when the caller gives up.
    ///
    /// # Errors
    /// See [`TaskError`].
    pub async fn tasks(
        &self,
        user: UserId,
        freshness: Freshness,
    ) -> Result<Arc<TaskList>, TaskError> {
        match freshness {
            Freshness::Cached => self.lists().any(user).await.ok_or(TaskError::NotAtHand),
            Freshness::Within(age) => {
                let age = chrono::TimeDelta::from_std(age).unwrap_or(chrono::TimeDelta::MAX);
                let since = self.now().checked_sub_signed(age).unwrap_or(Timestamp::MIN_UTC);
                match self.lists().since(user, since).await {
                    Some(list) => Ok(list),
                    None => self.lists().fetched(user, self.clone().fetch(user)).await,
                }
            }
        }
    }

    /// One task, asked for now. `None` when it is closed or gone.
    ///
    /// # Errors
    /// See [`TaskError`].
    pub async fn task(&self, user: UserId, id: &str) -> Result<Option<Task>, TaskError> {
        if !is_id(id) {
            return Ok(None);
        }
        self.with_token(user, |token| async move { self.todoist().task(&token, id).await }).await
    }

    /// How it stands with a person's calendar.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn calendar(&self, user: UserId) -> Result<CalendarLink, InternalError> {
        self.calendars.link(user).await
    }

    /// Reads the calendar at `address` once, as the person has pasted it (`https:` or `webcal:`); if that goes well, it
    /// is connected from now on.
    ///
    /// # Errors
    /// See [`CalendarError`]; then nothing has changed.
    pub async fn connect_calendar(&self, user: UserId, address: &str) -> Result<(), CalendarError> {
        self.calendars.connect(user, address).await
    }

    /// Forgets a person's calendar, and what was read there.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn disconnect_calendar(&self, user: UserId) -> Result<(), InternalError> {
        self.calendars.disconnect(user).await
    }

    /// When `user` is busy until the end of tomorrow, not older than ten minutes, or an hour while it cannot be read anew.
    /// `None`: nothing is known, since no calendar is connected, or it cannot be read. It goes on when the caller gives up.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn busy(&self, user: UserId) -> Result<Option<Arc<Busy>>, InternalError> {
        self.calendars.busy(user).await
    }

    /// The same, as far as it is in memory: nobody is asked, and nothing waited for.
    pub async fn busy_at_hand(&self, user: UserId) -> Option<Arc<Busy>> {
        self.calendars.at_hand(user).await
    }

    /// What `user` allows at this moment.
    pub(crate) async fn consents(&self, user: UserId) -> Result<Consents, InternalError> {
        Ok(profile::profile(self.db(), user).await?.consents)
    }

    pub(crate) fn db(&self) -> &PgPool {
        &self.inner.db
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    pub(crate) fn todoist(&self) -> &Client {
        &self.inner.todoist
    }

    pub(crate) fn lists(&self) -> &Arc<Lists> {
        &self.inner.lists
    }

    pub(crate) fn throttle(&self) -> &Throttle {
        &self.inner.throttle
    }

    pub(crate) fn fetches(&self) -> &Semaphore {
        &self.inner.fetches
    }

    pub(crate) fn refreshes(&self) -> &Semaphore {
        &self.inner.refreshes
    }

    pub(crate) fn entropy(&self) -> &Entropy {
        &self.inner.entropy
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }
}

impl fmt::Debug for Integrations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Integrations").finish_non_exhaustive()
    }
}
