//! What a test arranges in the double, and what it learns from it.

use std::time::Duration;

use chrono::TimeDelta;
use kernel::TimeZone;

use super::{
    account::{Account, AccountId, NewAccount},
    demo::demo_tasks,
    grants::Tokens,
    log::RequestCount,
    scopes::Scopes,
    task::{Edit, NewTask, Task},
    world::Double,
};
use crate::control;

/// Arranges what the double answers, and tells what it was asked. Cheap to clone.
///
/// What concerns an account that there is not does nothing, and answers with nothing.
pub type Handle = control::Handle<Double>;

impl Handle {
    /// The account that is there from the start, and that the consent page proposes.
    pub fn account(&self) -> AccountId {
        let world = self.double.world();
        // There is always one: accounts are never removed.
        world.accounts.first().map_or_else(|| AccountId(String::new()), |first| first.id.clone())
    }

    /// All accounts, oldest first.
    pub fn accounts(&self) -> Vec<AccountId> {
        self.double.world().accounts.iter().map(|account| account.id.clone()).collect()
    }

    /// Opens a further account.
    pub fn create_account(&self, new: NewAccount) -> AccountId {
        let api_token = new.api_token.unwrap_or_else(|| self.double.secret());
        let new = NewAccount { api_token: Some(api_token), ..new };
        let now = self.double.clock.now();
        self.double.world().create_account(new, now)
    }

    /// Moves a person to another time zone.
    pub fn set_timezone(&self, account: &AccountId, zone: TimeZone) {
        self.with(account, |account| account.zone = zone);
    }

    /// An account's personal API token, which does not expire.
    pub fn api_token(&self, account: &AccountId) -> Option<String> {
        self.with(account, |account| account.api_token.clone())
    }

    /// Tokens as if the person had just allowed reading, writing and deleting.
    pub fn grant(&self, account: &AccountId) -> Tokens {
        self.issue(account, &Scopes::everything())
    }

    /// Tokens for these scopes, with commas between; `None` when one of them is unknown.
    pub fn grant_scopes(&self, account: &AccountId, scopes: &str) -> Option<Tokens> {
        Scopes::parse(scopes).map(|scopes| self.issue(account, &scopes))
    }

    fn issue(&self, account: &AccountId, scopes: &Scopes) -> Tokens {
        let now = self.double.clock.now();
        self.double.world().grants.issue(account, scopes, now, || self.double.secret())
    }

    /// Lets every access token expire now; refresh tokens stay good.
    pub fn expire_access_tokens(&self) {
        let now = self.double.clock.now();
        self.double.world().grants.expire_all(now);
    }

    /// Ends every grant of this person, as they can in Todoist's settings.
    pub fn revoke(&self, account: &AccountId) {
        self.double.world().grants.revoke_account(account);
    }

    /// How long access tokens live that are issued from now on: an hour unless told otherwise.
    pub fn set_token_lifetime(&self, lifetime: Duration) {
        let lifetime = TimeDelta::from_std(lifetime).unwrap_or(TimeDelta::MAX);
        self.double.world().grants.lifetime = lifetime;
    }

    /// `false` stands for an app that is older than refresh tokens: one long-lived access token.
    pub fn set_refresh_tokens(&self, rotating: bool) {
        self.double.world().grants.rotates = rotating;
    }

    /// Where the consent page returns to when the request does not say.
    pub fn set_redirect_uri(&self, uri: impl Into<String>) {
        self.double.world().redirect_uri = Some(uri.into());
    }

    /// Puts these tasks in the place of all others and tells their ids.
    pub fn set_tasks(&self, account: &AccountId, tasks: Vec<NewTask>) -> Vec<String> {
        self.with(account, |account| account.tasks.clear());
        self.add_tasks(account, tasks)
    }

    /// Adds tasks and tells their ids.
    pub fn add_tasks(&self, account: &AccountId, tasks: Vec<NewTask>) -> Vec<String> {
        let now = self.double.clock.now();
        let mut world = self.double.world();
        let Some((account, ids)) = world.account_mut(account) else { return Vec::new() };
        tasks.into_iter().map(|task| account.add(task, now, ids)).collect()
    }

    /// Adds `count` tasks with `word` in every title.
    pub fn add_synthetic(&self, account: &AccountId, count: usize, word: &str) -> Vec<String> {
        let title = |number| NewTask::titled(format!("{word} {number}: a task like many others"));
        self.add_tasks(account, (1..=count).map(title).collect())
    }

    /// Puts the demo's tasks in the place of all others.
    pub fn set_demo_tasks(&self, account: &AccountId) -> Vec<String> {
        let now = self.double.clock.now();
        let zone = self.with(account, |account| account.zone.clone()).unwrap_or(TimeZone::UTC);
        self.set_tasks(account, demo_tasks(now, &zone))
    }

    /// Every task of an account, done or not.
    pub fn tasks(&self, account: &AccountId) -> Vec<Task> {
        self.with(account, |account| account.tasks.clone()).unwrap_or_default()
    }

    /// One task, done or not.
    pub fn task(&self, account: &AccountId, id: &str) -> Option<Task> {
        self.with(account, |account| account.task(id).cloned()).flatten()
    }

    /// Closes a task as the person does in Todoist; false when there is none.
    pub fn complete(&self, account: &AccountId, id: &str) -> bool {
        let now = self.double.clock.now();
        self.with(account, |account| account.close(id, now)).unwrap_or_default()
    }

    /// Takes a completion back; false when there is no such task.
    pub fn reopen(&self, account: &AccountId, id: &str) -> bool {
        let now = self.double.clock.now();
        self.with(account, |account| account.reopen(id, now)).unwrap_or_default()
    }

    /// Deletes a task; false when there is none.
    pub fn delete(&self, account: &AccountId, id: &str) -> bool {
        self.with(account, |account| account.delete(id)).unwrap_or_default()
    }

    /// Changes a task; false when there is none.
    pub fn edit(&self, account: &AccountId, id: &str, edit: Edit) -> bool {
        let now = self.double.clock.now();
        self.with(account, |account| account.edit(id, edit, now)).unwrap_or_default()
    }

    /// Every request so far, counted by method and path.
    pub fn requests(&self) -> Vec<RequestCount> {
        self.double.world().log.all()
    }

    /// How many requests had this method and this text in their path.
    pub fn count(&self, method: &str, path_part: &str) -> u64 {
        self.double.world().log.count(method, path_part)
    }

    /// Starts counting anew.
    pub fn forget_requests(&self) {
        self.double.world().log.forget();
    }

    fn with<T>(&self, id: &AccountId, act: impl FnOnce(&mut Account) -> T) -> Option<T> {
        self.double.world().account_mut(id).map(|(account, _)| act(account))
    }
}
