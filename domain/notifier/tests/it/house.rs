//! What every test begins with.

use std::sync::{Arc, LazyLock};

use advice::{Advisor, Budget, Library, Prompts};
use chrono::TimeDelta;
use integrations::{Access, Integrations, TodoistConfig, Tokens};
use jiff::civil::time;
use kernel::{Clock, Entropy, ManualClock, SharedEntropy, Timestamp, UserId, http::Http};
use notifier::{
    Browser, Channels, Notifier, Rhythm, SubscribeError, Verdict,
    mail::{MailConfig, Server},
    push::{Key, PushConfig},
};
use profile::{Consent, DaysOff, Hours};
use recommender::{Answer, Policies, Reaction, Recommender, Scene, Settings, Sources, Tip};
use serde_json::Value;
use sqlx::PgPool;
use testkit::{
    mail::MailDouble,
    push::{Fault, FaultRule, PushDouble, Subscribed},
    todoist::{CLIENT_ID, CLIENT_SECRET, NewTask, TodoistDouble},
};
use url::Url;
use uuid::Uuid;
use vault::{MasterKeys, Vault};

use crate::letter::Letter;

/// Of all processes.
static KEYS: LazyLock<MasterKeys> =
    LazyLock::new(|| MasterKeys::random(&Entropy::from_os().unwrap()));

/// A Monday, at nine in the morning in UTC, where everybody lives.
const MONDAY: &str = "2026-11-23T09:00:00Z";

/// Never quiet, and as often as can be chosen.
pub(crate) const OFTEN: Hours = Hours {
    quiet_from: time(0, 0, 0, 0),
    quiet_until: time(0, 0, 0, 0),
    days_off: DaysOff::NONE,
    most_a_day: Hours::MOST_A_DAY,
};

/// Where Ana reads letters.
pub(crate) const ADDRESS: &str = "ana@example.org";

/// A notifier, with a Todoist, a push service and a mail server of its own.
pub(crate) struct House {
    pub(crate) db: PgPool,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) recommender: Recommender,
    pub(crate) notifier: Notifier,
    integrations: Integrations,
    todoist: TodoistDouble,
    push: PushDouble,
    pub(crate) mail: MailDouble,
    key: Key,
    entropy: SharedEntropy,
}

impl House {
    pub(crate) async fn new(db: PgPool) -> Self {
        integrations::jobs::migrate_jobs(&db).await.unwrap();
        let clock = ManualClock::at(at(MONDAY));
        let entropy = Entropy::seeded(6);
        let loopback = "127.0.0.1:0".parse().unwrap();
        let todoist = TodoistDouble::start(loopback, clock.clone()).await.unwrap();
        todoist.handle().set_refresh_tokens(false);
        let account = todoist.handle().account();
        let tasks = ["Call the dentist", "Water the plants"].map(NewTask::titled);
        todoist.handle().set_tasks(&account, tasks.to_vec());
        let push = PushDouble::start(loopback, clock.clone()).await.unwrap();
        let integrations = integrations(&db, &todoist, &clock);
        let recommender = recommender(&db, &integrations, &clock, &entropy);
        let key = Key::generate(&entropy);
        let mail = MailDouble::start().await.unwrap();
        let channels = channels(&push, &mail, &key);
        let notifier = notifier(&db, &recommender, channels, &clock, &entropy);
        Self { db, clock, recommender, notifier, integrations, todoist, push, mail, key, entropy }
    }

    /// Another process on the same database.
    pub(crate) fn replica(&self) -> Notifier {
        let Self { db, recommender, push, mail, key, clock, entropy, .. } = self;
        notifier(db, recommender, channels(push, mail, key), clock, entropy)
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Somebody who allows everything, with Todoist connected.
    pub(crate) async fn person(&self, hours: Hours) -> UserId {
        let user = UserId(self.entropy.id(self.now()));
        sqlx::query("insert into auth.user (user_id, created_at) values ($1, $2)")
            .bind(user.uuid())
            .bind(self.now())
            .execute(&self.db)
            .await
            .unwrap();
        let all = Consent::ALL.map(|consent| (consent, true));
        self.recommender.consent(user, &all).await.unwrap();
        profile::keep_hours(&self.db, user, hours, self.now()).await.unwrap();
        let granted = self.todoist.handle().grant(&self.todoist.handle().account());
        let tokens = Tokens {
            access: granted.access_token.into(),
            refresh: None,
            expires_at: None,
            scope: Access::ReadWrite,
        };
        self.integrations.connect_with_tokens(user, tokens).await.unwrap();
        user
    }

    /// A browser that has subscribed, and of which oO has not heard.
    pub(crate) fn browser(&self) -> Subscribed {
        self.push.handle().subscribe(Some(self.key.public()))
    }

    /// `user` signs a browser up.
    pub(crate) async fn sign_up(
        &self,
        user: UserId,
        browser: &Subscribed,
    ) -> Result<(), SubscribeError> {
        let Subscribed { endpoint, keys, .. } = browser;
        let (p256dh, auth, name) = (&*keys.p256dh, &*keys.auth, "Firefox on Linux");
        self.notifier.subscribe(user, Browser { endpoint, p256dh, auth, name, session: None }).await
    }

    /// A new browser of `user`, signed up.
    pub(crate) async fn device(&self, user: UserId) -> Subscribed {
        let browser = self.browser();
        self.sign_up(user, &browser).await.unwrap();
        browser
    }

    /// A mailbox of `user` that has said that it is theirs; the question is not kept.
    pub(crate) async fn mailbox(&self, user: UserId, rhythm: Rhythm) {
        self.notifier.write_to(user, ADDRESS, rhythm).await.unwrap();
        let letter = self.letters().pop().unwrap();
        let asked = self.notifier.asked(&letter.link("It was me")).await.unwrap().unwrap();
        self.notifier.follow(asked).await.unwrap();
    }

    /// What has come to mailboxes, the oldest first.
    pub(crate) fn letters(&self) -> Vec<Letter> {
        self.mail.letters().iter().map(Letter::read).collect()
    }

    /// What has come to a browser.
    pub(crate) fn received(&self, browser: &Subscribed) -> Vec<Value> {
        let messages = self.push.handle().messages_of(&browser.id);
        messages.into_iter().map(|message| message.data).collect()
    }

    /// All that is sent to a browser goes wrong.
    pub(crate) fn fail(&self, browser: &Subscribed, fault: Fault) {
        self.push.handle().inject(FaultRule::always(fault).to(&browser.id));
    }

    /// Nothing does any more.
    pub(crate) fn heal(&self) {
        self.push.handle().clear_faults();
    }

    /// Lets time pass until oO speaks to `user`: there is something to be delivered then.
    pub(crate) async fn until_it_speaks(&self, user: UserId) {
        for _ in 0..200 {
            self.notifier.tick().await.unwrap();
            if self.verdicts(user).await.first() == Some(&Verdict::Spoke) {
                return;
            }
            self.clock.advance(TimeDelta::minutes(20));
        }
        panic!("oO does not speak: {:?}", self.verdicts(user).await);
    }

    /// What came of thinking of `user`, the newest first.
    pub(crate) async fn verdicts(&self, user: UserId) -> Vec<Verdict> {
        let recent = self.notifier.recent(user, 200).await.unwrap();
        recent.into_iter().map(|entry| entry.verdict).collect()
    }

    /// The states of all that was to be sent to `user`.
    pub(crate) async fn states(&self, user: UserId) -> Vec<String> {
        sqlx::query_scalar("select state from notifier.delivery where user_id = $1 order by slot")
            .bind(user.uuid())
            .fetch_all(&self.db)
            .await
            .unwrap()
    }

    /// The tip that `user` sees; a new one, where there is none.
    pub(crate) async fn tip(&self, user: UserId) -> Tip {
        match self.recommender.look(user).await.unwrap().scene {
            Scene::Tip(tip) => tip,
            other => panic!("a tip was expected, not {other:?}"),
        }
    }

    /// `user` answers a tip.
    pub(crate) async fn react(&self, user: UserId, tip: Uuid, reaction: Reaction) {
        let key = self.entropy.id(self.now());
        self.recommender.react(user, Answer { tip, key, reaction }).await.unwrap();
    }
}

pub(crate) fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

fn integrations(db: &PgPool, double: &TodoistDouble, clock: &Arc<ManualClock>) -> Integrations {
    let origin: Url = double.base_url().parse().unwrap();
    let config = TodoistConfig::at(&origin, CLIENT_ID, CLIENT_SECRET.into()).unwrap();
    let http = Http::new([&origin].into_iter().collect()).unwrap();
    let entropy = Entropy::from_os().unwrap();
    Integrations::new(db.clone(), vault(clock), config, http, clock.clone(), entropy)
}

fn recommender(
    db: &PgPool,
    integrations: &Integrations,
    clock: &Arc<ManualClock>,
    entropy: &SharedEntropy,
) -> Recommender {
    let prompts = Prompts::shipped::<&str>(&[]).unwrap();
    let (clock, entropy) = (clock.clone(), entropy.clone());
    let budget = Budget::default();
    let advisor = Advisor::new(
        db.clone(),
        vault(&clock),
        None,
        prompts,
        budget,
        clock.clone(),
        entropy.clone(),
    );
    let sources = Sources {
        integrations: integrations.clone(),
        library: Library::shipped().unwrap(),
        advisor: advisor.unwrap(),
    };
    let prior = Arc::new(recommender::prior::shipped());
    let policies = Policies::by_name("personal", &[], &prior).unwrap();
    Recommender::new(db.clone(), sources, policies, Settings::default(), clock, entropy)
}

fn channels(push: &PushDouble, mail: &MailDouble, key: &Key) -> Channels {
    let push = PushConfig {
        key: key.clone(),
        contact: "mailto:ana@example.org".parse().unwrap(),
        services: push.base_url().trim_start_matches("http://").parse().unwrap(),
    };
    let mail = MailConfig {
        server: Server::parse(&mail.url().into()).unwrap(),
        from: "oO <oo@example.org>".parse().unwrap(),
        base_url: Url::parse("https://oo.example.org").unwrap(),
    };
    Channels { push: Some(push), mail: Some(mail) }
}

fn notifier(
    db: &PgPool,
    recommender: &Recommender,
    channels: Channels,
    clock: &Arc<ManualClock>,
    entropy: &SharedEntropy,
) -> Notifier {
    let (recommender, clock, entropy) = (recommender.clone(), clock.clone(), entropy.clone());
    Notifier::new(db.clone(), vault(&clock), recommender, channels, clock, entropy).unwrap()
}

fn vault(clock: &Arc<ManualClock>) -> Arc<Vault> {
    Arc::new(Vault::new(KEYS.clone(), clock.clone(), Entropy::from_os().unwrap()))
}
