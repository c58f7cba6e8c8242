//! Who is nobody, and who is somebody else.

use std::collections::BTreeSet;

use futures::{StreamExt, stream};
use kernel::Entropy;
use reqwest::{Method, StatusCode};
use serde_json::json;
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use crate::house::House;

/// How many cookies are made up.
const FORGED: usize = 10_000;

/// What a cookie could be mistaken for the real one by: made up, cut off, or changed in one place.
fn forged(real: &str, number: usize, entropy: &Entropy) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let letter = |byte: u8| char::from(LETTERS[usize::from(byte) % LETTERS.len()]);
    let mut cookie: Vec<char> = real.chars().collect();
    let place = number % cookie.len();
    match number % 5 {
        0 => return entropy.bytes::<16>().map(letter).iter().chain(&['A'; 6]).collect(),
        1 => return entropy.bytes::<22>().map(letter).iter().collect(),
        2 => cookie.truncate(place),
        3 => cookie[place] = letter(number.to_le_bytes()[1].wrapping_add(1)),
        _ => cookie.rotate_left(place.max(1)),
    }
    cookie.into_iter().collect()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn ten_thousand_forged_cookies_are_nobodys(db: PgPool) {
    let house = House::demo(&db).await;
    let mut person = house.visitor().await;
    let real = person.cookies()["__Host-oo"].clone();
    let entropy = Entropy::seeded(10);
    let forged: Vec<String> = (0..FORGED)
        .map(|number| forged(&real, number, &entropy))
        .filter(|cookie| *cookie != real)
        .collect();
    assert!(forged.len() > FORGED * 9 / 10, "{}", forged.len());

    let nobody = house.browser();
    let ask = async |cookie: &String| {
        let request = nobody.request(Method::GET, "/settings");
        nobody.ask(request.header("cookie", format!("__Host-oo={cookie}"))).await
    };
    let mut replies = stream::iter(&forged).map(ask).buffered(16);
    let mut asked = forged.iter();
    while let Some(reply) = replies.next().await {
        let told = (reply.status, reply.header("location"));
        assert_eq!(told, (StatusCode::SEE_OTHER, "/"), "{:?}", asked.next());
    }
    drop(replies);
    assert!(person.is_signed_in().await);
    house.stop().await;
}

/// Where an address or a form carries the id of something that is somebody's: what it is called there, and where the
/// demo's person has one.
const IDS: [(&str, &str, &str); 8] = [
    ("/api/react", "tip_id", "select tip_id from recommender.tip where state = 'open'"),
    ("/api/undo", "tip_id", "select tip_id from recommender.tip where state = 'open'"),
    ("/api/v1/feedback", "tip_id", "select tip_id from recommender.tip where state = 'open'"),
    ("/settings/identities/unlink", "id", "select identity_id from auth.identity"),
    ("/settings/devices/sign-out", "id", "select session_id from auth.session"),
    ("/settings/tokens/revoke", "id", "select token_id from auth.api_token"),
    ("/settings/push/test", "id", "select subscription_id from notifier.subscription"),
    ("/settings/push/remove", "id", "select subscription_id from notifier.subscription"),
];

/// All others, which carry none.
const NAMELESS: [&str; 40] = [
    "/",
    "/api/openapi.json",
    "/api/set_time_zone",
    "/api/stage",
    "/api/v1/me",
    "/api/v1/recommend",
    "/api/v1/tip",
    "/auth/{provider}",
    "/auth/{provider}/link",
    "/auth/{provider}/return",
    "/connect/todoist",
    "/connect/todoist/return",
    "/consents",
    "/consents/answer",
    "/demo",
    "/health",
    "/mail/{link}",
    "/ready",
    "/settings",
    "/settings/calendar",
    "/settings/calendar/disconnect",
    "/settings/consents",
    "/settings/devices/sign-out-all",
    "/settings/erase",
    "/settings/erase/now",
    "/settings/export",
    "/settings/history",
    "/settings/hours",
    "/settings/keys",
    "/settings/mail",
    "/settings/mail/often",
    "/settings/mail/remove",
    "/settings/mail/test",
    "/settings/push",
    "/settings/push/here",
    "/settings/snooze",
    "/settings/time-zone",
    "/settings/todoist/disconnect",
    "/settings/tokens",
    "/sign-out",
];

/// A digest of all that is of `user`, but for when they were last seen.
async fn belongings(db: &PgPool, user: Uuid) -> String {
    let mut belongings = String::new();
    for table in privacy::tables() {
        let digest = format!(
            "select coalesce(string_agg(it, ' ' order by it), '')
             from (select md5((to_jsonb(its) - 'last_seen_at')::text) as it from {} its where {}) as all_of_it",
            table.name, table.whose,
        );
        let digest = sqlx::query_scalar::<_, String>(AssertSqlSafe(digest));
        belongings += &digest.bind(user).fetch_one(db).await.unwrap();
    }
    belongings
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_somebody_elses_is_not_there(db: PgPool) {
    let routes: BTreeSet<&str> = server::routes::all().into_iter().map(|(_, path)| path).collect();
    let known = IDS.iter().map(|(path, ..)| *path).chain(NAMELESS);
    assert_eq!(routes, known.collect(), "does the new one carry an id?");

    let house = House::demo(&db).await;
    let (mut owner, mut stranger) = (house.visitor().await, house.visitor().await);
    assert_ne!(owner.get("/").await.field("tip_id"), "");
    owner.post("/settings/tokens", &[("name", "x"), ("scope", "tip:read"), ("days", "30")]).await;
    let person: Uuid =
        sqlx::query_scalar("select user_id from auth.user").fetch_one(&db).await.unwrap();
    sqlx::query(
        "insert into notifier.subscription
             (user_id, subscription_id, channel, endpoint, reach, name, rhythm, made_at, seen_at, confirmed_at)
         values ($1, gen_random_uuid(), 'push', '', '', 'Firefox', 'each', now(), now(), now())",
    )
    .bind(person)
    .execute(&db)
    .await
    .unwrap();
    // The second browser is another person's from now on.
    let other = Uuid::from_u128(7);
    for statement in [
        "insert into auth.user (user_id, created_at) values ($1, now())",
        "update auth.session set user_id = $1
         where session_id = (select max(session_id::text)::uuid from auth.session)",
    ] {
        sqlx::query(statement).bind(other).execute(&db).await.unwrap();
    }
    let before = belongings(&db, person).await;
    assert!(owner.is_signed_in().await && stranger.is_signed_in().await);

    for (path, field, whose) in IDS {
        let whose = format!(
            "{whose} {} user_id = $1",
            if whose.contains("where") { "and" } else { "where" }
        );
        let id: Uuid =
            sqlx::query_scalar(AssertSqlSafe(whose)).bind(person).fetch_one(&db).await.unwrap();
        let (id, key) = (id.to_string(), Uuid::nil().to_string());
        let request = stranger.request(Method::POST, path).header("sec-fetch-site", "same-origin");
        let request = if path.starts_with("/api/v1/") {
            request.json(&json!({field: id, "idempotency_key": key, "reaction": "done"}))
        } else {
            request.form(&[(field, &*id), ("key", &*key), ("reaction", "done")])
        };
        let reply = stranger.send(request).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{path}: {}", reply.text);
    }
    assert_eq!(belongings(&db, person).await, before);
    assert!(owner.is_signed_in().await);
    house.stop().await;
}
