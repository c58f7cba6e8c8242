//! Connecting through OAuth, connecting again, letting go.

use std::sync::LazyLock;

use integrations::{
    Access, Account, Callback, ConnectError, Connection, Freshness, Integrations, Redeemed,
    TaskError,
};
use kernel::{Clock, Entropy, SystemClock, http::Http};
use secrecy::SecretString;
use sqlx::PgPool;
use testkit::todoist::{Fault, FaultRule, NewAccount};
use url::Url;

use crate::support::{USER, World, config, integrations, titles};

const STATE: &str = "the-state";

static REDIRECT: LazyLock<Url> =
    LazyLock::new(|| Url::parse("http://localhost:3000/connect/todoist").unwrap());

/// A person on their way to Todoist.
struct Authorization {
    url: Url,
    verifier: SecretString,
}

fn authorize(integrations: &Integrations, access: Access) -> Authorization {
    let verifier = Entropy::from_os().unwrap().id(SystemClock.now()).to_string().repeat(2).into();
    let url = integrations.authorize_url(&REDIRECT, STATE, access, &verifier);
    Authorization { url, verifier }
}

/// Presses the button on Todoist's page, and tells the code that comes back.
async fn allow(authorization: &Authorization) -> String {
    let mut form: Vec<_> = authorization.url.query_pairs().into_owned().collect();
    form.push(("decision".into(), "allow".into()));
    let mut page = authorization.url.clone();
    page.set_query(None);
    let http = Http::new([&page].into_iter().collect()).unwrap();
    let answer = http.send(http.client().post(page).form(&form), 10_000).await.unwrap();
    assert_eq!(answer.status.as_u16(), 302);

    let back = Url::parse(answer.headers["location"].to_str().unwrap()).unwrap();
    let field = |name| back.query_pairs().find(|(own, _)| own == name).unwrap().1.into_owned();
    assert_eq!(field("state"), STATE);
    field("code")
}

fn callback<'a>(authorization: &'a Authorization, code: &'a str) -> Callback<'a> {
    let (redirect, verifier) = (&*REDIRECT, &authorization.verifier);
    Callback { code, redirect, verifier, access: Access::ReadWrite }
}

async fn connect(
    integrations: &Integrations,
    callback: Callback<'_>,
) -> Result<Option<Account>, ConnectError> {
    let Redeemed { tokens, account } = integrations.redeem(callback).await?;
    integrations.connect_with_tokens(USER, tokens).await?;
    Ok(account)
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_person_connects_and_sees_their_tasks(db: PgPool) {
    let world = World::new(db).await;
    let berlin: kernel::TimeZone = "Europe/Berlin".parse().unwrap();
    world.todoist().set_timezone(&world.account, berlin.clone());
    world.add(&["Water the plants"]);
    assert_eq!(world.integrations.connection(USER).await.unwrap(), Connection::None);

    for access in [Access::Read, Access::ReadWrite] {
        let authorization = authorize(&world.integrations, access);
        let code = allow(&authorization).await;
        let callback = Callback { access, ..callback(&authorization, &code) };
        let account = connect(&world.integrations, callback).await.unwrap().unwrap();

        assert_eq!(account.time_zone, Some(berlin.clone()));
        assert_eq!(account.id, world.account.as_str());
        assert!(account.email.contains('@') && !format!("{account:?}").contains('@'));
        let connection = world.integrations.connection(USER).await.unwrap();
        assert_eq!(connection, Connection::Active(access));
        assert_eq!(titles(&world.fetch().await.unwrap()), ["Water the plants"]);
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_code_is_good_once_and_for_whom_it_was_made(db: PgPool) {
    let world = World::new(db).await;
    let i = &world.integrations;
    let (one, other) = (authorize(i, Access::ReadWrite), authorize(i, Access::ReadWrite));
    let attempt = async |authorization, code: &str| {
        connect(i, callback(authorization, code)).await.map(|_| ())
    };

    // Another browser's verifier.
    let code = allow(&one).await;
    assert!(matches!(attempt(&other, &code).await, Err(ConnectError::Refused)));

    let code = allow(&one).await;
    attempt(&one, &code).await.unwrap();
    assert!(matches!(attempt(&one, &code).await, Err(ConnectError::Refused)));
    assert!(matches!(attempt(&one, "made-up").await, Err(ConnectError::Refused)));
    assert_eq!(i.connection(USER).await.unwrap(), Connection::Active(Access::ReadWrite));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_goes_wrong_while_connecting_is_told_apart(db: PgPool) {
    let world = World::new(db).await;
    let authorization = authorize(&world.integrations, Access::ReadWrite);
    let attempt = async || {
        let code = allow(&authorization).await;
        let callback = callback(&authorization, &code);
        connect(&world.integrations, callback).await.map(|_| ()).unwrap_err()
    };
    let inject = |fault| {
        world.todoist().inject(FaultRule::next(1, fault).on("/oauth/access_token"));
    };

    for fault in [Fault::Unavailable, Fault::Cut, Fault::TooManyRequests { retry_after: 5 }] {
        inject(fault);
        assert!(matches!(attempt().await, ConnectError::Unavailable));
    }
    for fault in [
        Fault::Garbage,
        Fault::Html,
        Fault::Deep { depth: 10_000 },
        Fault::Huge { bytes: 10_000_000 },
        Fault::WrongTypes,
    ] {
        inject(fault);
        let error = attempt().await;
        assert!(matches!(error, ConnectError::Garbled), "{fault:?}: {error:?}");
    }

    let mut wrong = config(&world.double);
    wrong.client_secret = "wrong".into();
    let wrong = integrations(&world.db, wrong, &world.clock);
    let code = allow(&authorization).await;
    let error = connect(&wrong, callback(&authorization, &code)).await;
    assert!(matches!(error, Err(ConnectError::Internal(_))));
    assert_eq!(world.integrations.connection(USER).await.unwrap(), Connection::None);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn an_older_app_lives_on_one_token(db: PgPool) {
    let world = World::new(db).await;
    world.todoist().set_refresh_tokens(false);
    world.add(&["Sweep"]);
    let authorization = authorize(&world.integrations, Access::ReadWrite);
    let code = allow(&authorization).await;
    connect(&world.integrations, callback(&authorization, &code)).await.unwrap();

    world.clock.advance(chrono::TimeDelta::days(300));
    assert_eq!(titles(&world.fetch().await.unwrap()), ["Sweep"]);

    world.todoist().revoke(&world.account);
    assert!(matches!(world.fetch().await, Err(TaskError::Reconnect)));
    assert_eq!(world.integrations.connection(USER).await.unwrap(), Connection::Broken);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_disconnects_leaves_nothing(db: PgPool) {
    let world = World::connected(db, &["Sweep"]).await;
    world.fetch().await.unwrap();
    let tokens = world.grant(Access::ReadWrite);
    world.integrations.connect_with_tokens(USER, tokens.clone()).await.unwrap();
    world.fetch().await.unwrap();

    world.integrations.disconnect(USER).await.unwrap();
    assert_eq!(world.integrations.connection(USER).await.unwrap(), Connection::None);
    assert!(matches!(world.at_hand().await, Err(TaskError::NotAtHand)));
    assert!(matches!(world.fetch().await, Err(TaskError::NotConnected)));
    let rows: i64 = sqlx::query_scalar("select count(*) from integrations.token")
        .fetch_one(&world.db)
        .await
        .unwrap();
    assert_eq!(rows, 0);

    // The tokens are worth nothing any more.
    world.integrations.connect_with_tokens(USER, tokens).await.unwrap();
    assert!(matches!(world.fetch().await, Err(TaskError::Reconnect)));

    // It works as well when Todoist does not listen.
    world.todoist().inject(FaultRule::always(Fault::Unavailable).on("/revoke"));
    world.integrations.disconnect(USER).await.unwrap();
    world.integrations.disconnect(USER).await.unwrap();
    assert_eq!(world.integrations.connection(USER).await.unwrap(), Connection::None);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn another_account_brings_other_tasks_on_every_replica(db: PgPool) {
    let mut world = World::connected(db, &["Hers"]).await;
    let replica = world.replica();
    world.fetch().await.unwrap();
    let list = replica.tasks(USER, Freshness::Within(std::time::Duration::MAX)).await.unwrap();
    assert_eq!(titles(&list), ["Hers"]);

    world.clock.advance(chrono::TimeDelta::seconds(1));
    world.account = world.todoist().create_account(NewAccount::default());
    world.add(&["His"]);
    world.connect(Access::ReadWrite).await;
    assert!(matches!(world.at_hand().await, Err(TaskError::NotAtHand)));

    // The other replica learns it before it decides on a tip.
    let mut tx = kernel::db::begin(&world.db).await.unwrap();
    assert!(!replica.is_current(&mut tx, USER, &list).await.unwrap());
    tx.commit().await.unwrap();
    let error = replica.tasks(USER, Freshness::Cached).await.unwrap_err();
    assert!(matches!(error, TaskError::NotAtHand));
    assert_eq!(titles(&world.fetch().await.unwrap()), ["His"]);
}
