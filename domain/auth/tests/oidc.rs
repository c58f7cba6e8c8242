//! Sign-in through OIDC, against a provider inside the test and a real Postgres.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod issuer;

use std::sync::Arc;

use chrono::TimeDelta;
use kernel::{Clock, Entropy, ManualClock, SharedEntropy, Timestamp, http::Http};
use serde_json::json;
use sqlx::PgPool;
use url::Url;

use auth::{
    AuthError, Flaw, Refusal,
    flow::{Flows, ReturnPath},
    identity::{Registration, demo_user, sign_in_with},
    oidc::{AppleKey, Begin, Callback, Credential, IssuerUrl, OidcConfig, Provider, SignIn},
};
use issuer::{CLIENT_ID, CLIENT_SECRET, Canned, Edit, Issuer, SUBJECT, Signature};

static OPEN: Registration = Registration { is_open: true, allowed: Vec::new() };

struct Bench {
    db: PgPool,
    clock: Arc<ManualClock>,
    entropy: SharedEntropy,
    issuer: Issuer,
    provider: Provider,
}

impl Bench {
    async fn new(db: PgPool) -> Self {
        let clock = ManualClock::at(Timestamp::from_timestamp(1_800_000_000, 0).unwrap());
        let entropy = Entropy::seeded(1);
        let issuer = Issuer::start(clock.now().timestamp()).await;
        let provider = provider(&db, &clock, &entropy, &issuer, |_| {});
        Self { db, clock, entropy, issuer, provider }
    }

    /// Another registration at the same issuer.
    fn provider(&self, change: impl FnOnce(&mut OidcConfig)) -> Provider {
        provider(&self.db, &self.clock, &self.entropy, &self.issuer, change)
    }

    async fn begin(&self) -> Begin {
        self.provider.begin("/settings".parse().unwrap(), None, None).await.unwrap()
    }

    /// Out and back, with nothing wrong on the way.
    async fn sign_in(&self) -> Result<SignIn, AuthError> {
        let begin = self.provider.begin("/settings".parse().unwrap(), None, None).await?;
        let (code, state) = self.issuer.authorize(&begin.url);
        self.provider.finish(with_code(state, code), Some(begin.cookie.value())).await
    }

    async fn flaw(&self) -> Flaw {
        match self.sign_in().await {
            Err(AuthError::Invalid(flaw)) => flaw,
            other => panic!("{other:?}"),
        }
    }
}

/// For a provider on this machine.
fn http(issuer: &str) -> Http {
    let issuer: Url = issuer.parse().unwrap();
    Http::new([&issuer].into_iter().collect()).unwrap()
}

fn provider(
    db: &PgPool,
    clock: &Arc<ManualClock>,
    entropy: &SharedEntropy,
    issuer: &Issuer,
    change: impl FnOnce(&mut OidcConfig),
) -> Provider {
    let mut config = OidcConfig {
        key: "test".to_owned(),
        issuer: IssuerUrl::new(issuer.url.clone()).unwrap(),
        client_id: CLIENT_ID.to_owned(),
        credential: Credential::Secret(CLIENT_SECRET.to_owned().into()),
        label: "Test".to_owned(),
        scopes: vec!["profile".to_owned()],
        redirect_url: "https://oo.test/auth/test/return".parse().unwrap(),
    };
    change(&mut config);
    let flows = Flows::new(db.clone(), clock.clone(), entropy.clone());
    let http = http(&config.issuer);
    Provider::new(config, http, flows, clock.clone())
}

fn with_code(state: String, code: String) -> Callback {
    Callback { state: Some(state), code: Some(code), ..Callback::default() }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_person_signs_in(db: PgPool) {
    let bench = Bench::new(db).await;
    assert_eq!(bench.issuer.asked("discovery"), 0, "not before it is needed");

    let done = bench.sign_in().await.unwrap();
    assert_eq!(done.identity.issuer(), bench.issuer.url);
    assert_eq!(done.identity.subject(), SUBJECT);
    assert_eq!(done.return_path.as_str(), "/settings");
    assert!(!format!("{done:?} {:?}", bench.provider).contains(SUBJECT));
    assert!(!format!("{:?}", bench.provider).contains("canary"));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_person_signs_in_on_any_thread(db: PgPool) {
    let bench = Bench::new(db).await;
    let done = tokio::spawn(async move { bench.sign_in().await });
    assert!(done.await.unwrap().is_ok());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_person_signs_in_where_rsa_is_used(db: PgPool) {
    let bench = Bench::new(db).await;
    bench.issuer.script(|it| it.signature = Signature::Rs256);
    assert!(bench.sign_in().await.is_ok());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_person_signs_in_where_the_secret_goes_into_the_form(db: PgPool) {
    let bench = Bench::new(db).await;
    bench.issuer.script(|it| {
        it.edit_discovery = |document| {
            document["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
        };
    });
    assert!(bench.sign_in().await.is_ok());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn an_id_token_must_hold_in_every_claim(db: PgPool) {
    let bench = Bench::new(db).await;
    let cases: [(Edit, Flaw); 11] = [
        (|it| it["nonce"] = json!("another"), Flaw::Nonce),
        (|it| it["nonce"] = json!(null), Flaw::Nonce),
        (|it| it["aud"] = json!("another"), Flaw::Audience),
        (|it| it["aud"] = json!([CLIENT_ID, "another"]), Flaw::Audience),
        (|it| it["aud"] = json!([]), Flaw::Audience),
        (|it| it["iss"] = json!("https://evil.test"), Flaw::Issuer),
        (|it| it["exp"] = json!(it["iat"].as_i64().unwrap() - 1), Flaw::Expired),
        (|it| it["exp"] = json!(it["iat"]), Flaw::Expired),
        (|it| it["exp"] = json!("soon"), Flaw::Token),
        (|it| it["sub"] = json!(""), Flaw::Claim),
        (|it| it["sub"] = json!("x".repeat(256)), Flaw::Claim),
    ];
    for (edit, flaw) in cases {
        bench.issuer.script(|it| it.edit_claims = edit);
        assert_eq!(bench.flaw().await, flaw);
    }
    bench.issuer.script(|it| it.edit_claims = |claims| claims["sub"] = json!("ü".repeat(255)));
    assert!(bench.sign_in().await.is_ok());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn time_is_the_clocks(db: PgPool) {
    let bench = Bench::new(db).await;
    bench.clock.advance(TimeDelta::seconds(299));
    assert!(bench.sign_in().await.is_ok());
    bench.clock.advance(TimeDelta::seconds(1));
    assert_eq!(bench.flaw().await, Flaw::Expired);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn only_the_providers_own_signature_counts(db: PgPool) {
    let bench = Bench::new(db).await;
    for signature in [Signature::Foreign, Signature::None, Signature::Hmac] {
        bench.issuer.script(|it| it.signature = signature);
        assert_eq!(bench.flaw().await, Flaw::Signature);
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_description_is_asked_for_once_an_hour_and_for_a_new_key(db: PgPool) {
    let bench = Bench::new(db).await;
    for _ in 0..3 {
        bench.sign_in().await.unwrap();
    }
    assert_eq!((bench.issuer.asked("discovery"), bench.issuer.asked("keys")), (1, 1));

    bench.issuer.script(|it| it.signature = Signature::Rotated);
    bench.sign_in().await.unwrap();
    bench.sign_in().await.unwrap();
    assert_eq!(bench.issuer.asked("keys"), 2);

    bench.clock.advance(TimeDelta::hours(1));
    bench.begin().await;
    assert_eq!(bench.issuer.asked("discovery"), 3);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn those_who_come_at_once_ask_once(db: PgPool) {
    let bench = Bench::new(db).await;
    futures::future::join_all((0..8).map(|_| bench.begin())).await;
    assert_eq!(bench.issuer.asked("discovery"), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_return_is_used_once_and_in_its_browser(db: PgPool) {
    let bench = Bench::new(db).await;
    let begin = bench.begin().await;
    let (code, state) = bench.issuer.authorize(&begin.url);
    assert!(!format!("{begin:?}").contains(&state));
    let cookie = begin.cookie.value();
    let stranger = bench.begin().await;
    let finish = |state: Option<String>, cookie: Option<String>| {
        let callback = Callback { state, code: Some(code.clone()), ..Callback::default() };
        let bench = &bench;
        async move { bench.provider.finish(callback, cookie.as_deref()).await }
    };

    for (state, cookie) in [
        (None, Some(cookie)),
        (Some(&state), None),
        (Some(&state), Some(stranger.cookie.value())),
        (Some(&"forged".to_owned()), Some(cookie)),
    ] {
        let done = finish(state.cloned(), cookie.map(str::to_owned)).await;
        assert!(matches!(done, Err(AuthError::Invalid(Flaw::Flow))));
    }
    assert_eq!(bench.issuer.asked("token"), 0);

    assert!(finish(Some(state.clone()), Some(cookie.to_owned())).await.is_ok());
    let again = finish(Some(state), Some(cookie.to_owned())).await;
    assert!(matches!(again, Err(AuthError::Invalid(Flaw::Flow))));
    assert_eq!(bench.issuer.asked("token"), 1);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_code_of_another_sign_in_is_not_accepted(db: PgPool) {
    let bench = Bench::new(db).await;
    let (victim, attacker) = (bench.begin().await, bench.begin().await);
    let (stolen, _) = bench.issuer.authorize(&victim.url);
    let (_, state) = bench.issuer.authorize(&attacker.url);
    let done = bench.provider.finish(with_code(state, stolen), Some(attacker.cookie.value())).await;
    assert!(matches!(done, Err(AuthError::Invalid(Flaw::Code))), "PKCE binds it");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn the_issuer_of_the_return_is_checked(db: PgPool) {
    let bench = Bench::new(db).await;
    let finish = async |iss: Option<&str>, error: Option<&str>| {
        let begin = bench.begin().await;
        let (code, state) = bench.issuer.authorize(&begin.url);
        let callback = Callback {
            iss: iss.map(str::to_owned),
            error: error.map(str::to_owned),
            ..with_code(state, code)
        };
        bench.provider.finish(callback, Some(begin.cookie.value())).await
    };
    let own = bench.issuer.url.clone();
    let is_mixed_up = |done| matches!(done, Err(AuthError::Invalid(Flaw::Issuer)));

    assert!(finish(Some(&own), None).await.is_ok());
    assert!(finish(None, None).await.is_ok(), "not promised");
    for iss in ["https://evil.test", "", &format!("{own}/")] {
        assert!(is_mixed_up(finish(Some(iss), None).await));
    }

    bench.clock.advance(TimeDelta::hours(1));
    bench.issuer.script(|it| {
        it.now += 3_600;
        it.edit_discovery = |document| {
            document["authorization_response_iss_parameter_supported"] = json!(true);
        };
    });
    assert!(is_mixed_up(finish(None, None).await), "promised");
    assert!(is_mixed_up(finish(None, Some("access_denied")).await));
    assert!(finish(Some(&own), None).await.is_ok());
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_refusal_is_told_apart_and_never_echoed(db: PgPool) {
    let bench = Bench::new(db).await;
    for (error, refusal) in [
        ("access_denied", Refusal::AccessDenied),
        ("login_required", Refusal::InteractionRequired),
        ("temporarily_unavailable", Refusal::OutOfOrder),
        ("<script>canary", Refusal::Other),
    ] {
        let begin = bench.begin().await;
        let (code, state) = bench.issuer.authorize(&begin.url);
        let callback = Callback { error: Some(error.to_owned()), ..with_code(state, code) };
        let denied = bench.provider.finish(callback, Some(begin.cookie.value())).await.unwrap_err();
        assert!(!format!("{denied} {denied:?}").contains("canary"));
        assert!(matches!(denied, AuthError::Denied(it) if it == refusal));
    }
    assert_eq!(bench.issuer.asked("token"), 0);

    let begin = bench.begin().await;
    let (_, state) = bench.issuer.authorize(&begin.url);
    let neither = Callback { code: None, ..with_code(state, String::new()) };
    let done = bench.provider.finish(neither, Some(begin.cookie.value())).await;
    assert!(matches!(done, Err(AuthError::Invalid(Flaw::Code))));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_the_token_endpoint_says_is_never_trusted(db: PgPool) {
    let bench = Bench::new(db).await;
    for (canned, expected) in [
        (Canned::Status(500), "Unavailable(\"it answered with an error\")"),
        (Canned::Status(429), "Unavailable(\"it answered with an error\")"),
        (Canned::Redirect, "Unavailable(\"it sent us elsewhere\")"),
        (Canned::Huge, "Unavailable(\"its answer is too large\")"),
        (Canned::Html, "Invalid(Token)"),
        (Canned::Json(200, json!({})), "Invalid(Token)"),
        (Canned::Json(400, json!({"error": "invalid_grant"})), "Invalid(Code)"),
        (
            Canned::Json(401, json!({"error": "invalid_client", "error_description": "canary"})),
            "Internal(\"the provider does not accept our client id and secret\")",
        ),
        (
            Canned::Json(400, json!({"error": "canary"})),
            "Internal(\"the provider does not accept our token request\")",
        ),
    ] {
        bench.issuer.script(|it| it.token = Some(canned));
        assert_eq!(format!("{:?}", bench.sign_in().await.unwrap_err()), expected);
    }

    bench.issuer.script(|it| it.token = None);
    for edit in [
        |answer: &mut serde_json::Value| answer["id_token"] = json!(null),
        |answer: &mut serde_json::Value| answer["id_token"] = json!("canary"),
        |answer: &mut serde_json::Value| answer["id_token"] = json!("a.b.c"),
    ] {
        bench.issuer.script(|it| it.edit_token_answer = edit);
        let error = bench.sign_in().await.unwrap_err();
        assert_eq!(format!("{error:?}"), "Invalid(Token)");
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_provider_that_cannot_be_asked_keeps_nobody_waiting(db: PgPool) {
    let bench = Bench::new(db).await;
    let canned = [
        (Canned::Status(500), "it answered with an error"),
        (Canned::Status(404), "it answered with an error"),
        (Canned::Redirect, "it sent us elsewhere"),
        (Canned::Huge, "its answer is too large"),
        (Canned::Html, "its description cannot be read"),
        (Canned::Json(200, json!("canary")), "its description cannot be read"),
    ];
    for (at, (canned, reason)) in canned.into_iter().enumerate() {
        bench.issuer.script(|it| {
            let at_first = at % 2 == 0;
            (it.discovery, it.keys) =
                if at_first { (Some(canned), None) } else { (None, Some(canned)) };
        });
        let failed = bench.provider.begin(ReturnPath::default(), None, None).await.unwrap_err();
        assert!(matches!(failed, AuthError::Unavailable(it) if it == reason), "{failed:?}");

        let asked = bench.issuer.asked("discovery");
        let at_once = bench.provider.begin(ReturnPath::default(), None, None).await.unwrap_err();
        assert!(matches!(at_once, AuthError::Unavailable("it failed a moment ago")));
        assert_eq!(bench.issuer.asked("discovery"), asked);
        bench.clock.advance(TimeDelta::seconds(5));
    }

    bench.issuer.script(|it| (it.discovery, it.keys) = (None, None));
    assert!(bench.sign_in().await.is_ok(), "and is back");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_provider_that_is_not_there_is_unavailable(db: PgPool) {
    let bench = Bench::new(db).await;
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let provider = bench
        .provider(|config| config.issuer = IssuerUrl::new(format!("http://{nobody}")).unwrap());
    let failed = provider.begin(ReturnPath::default(), None, None).await;
    assert!(matches!(failed, Err(AuthError::Unavailable("it could not be reached"))));
}

/// The issuer is named by the operator, its port included. What it describes is not.
#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_provider_does_not_lead_oo_into_its_own_network(db: PgPool) {
    let edits: [Edit; 4] = [
        |it| it["jwks_uri"] = json!("http://127.0.0.1:1/keys"),
        |it| it["jwks_uri"] = json!("https://169.254.169.254/keys"),
        |it| it["token_endpoint"] = json!("https://localhost/token"),
        |it| it["token_endpoint"] = json!("http://example.org/token"),
    ];
    for edit in edits {
        let bench = Bench::new(db.clone()).await;
        bench.issuer.script(|it| it.edit_discovery = edit);
        let error = bench.sign_in().await.unwrap_err().to_string();
        assert!(error.contains("OO_PRIVATE_HOSTS"), "{error}");
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_provider_of_another_name_is_a_mistake_of_ours(db: PgPool) {
    let bench = Bench::new(db).await;
    bench.issuer.script(|it| {
        it.edit_discovery = |document| document["issuer"] = json!("https://evil.test");
    });
    let failed = bench.provider.begin(ReturnPath::default(), None, None).await;
    assert!(matches!(failed, Err(AuthError::Internal(_))));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn first_sign_ins_at_once_make_one_person(db: PgPool) {
    let bench = Bench::new(db.clone()).await;
    let identity = bench.sign_in().await.unwrap().identity;
    let enter = || sign_in_with(&db, &*bench.clock, &bench.entropy, &OPEN, &identity);
    let mut users: Vec<_> = futures::future::join_all((0..16).map(|_| enter()))
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    users.push(enter().await.unwrap());
    users.dedup();
    assert_eq!(users.len(), 1);

    let count: i64 =
        sqlx::query_scalar("select count(*) from auth.user").fetch_one(&db).await.unwrap();
    assert_eq!(count, 1);

    bench.issuer.script(|it| it.edit_claims = |claims| claims["sub"] = json!("another"));
    let another = bench.sign_in().await.unwrap().identity;
    let other = sign_in_with(&db, &*bench.clock, &bench.entropy, &OPEN, &another).await.unwrap();
    assert_ne!(other, users[0]);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_return_belongs_to_the_provider_that_was_chosen(db: PgPool) {
    let bench = Bench::new(db).await;
    let other = bench.provider(|config| config.key = "other".to_owned());
    let begin = bench.begin().await;
    let (code, state) = bench.issuer.authorize(&begin.url);
    let done =
        other.finish(with_code(state.clone(), code.clone()), Some(begin.cookie.value())).await;
    assert!(matches!(done, Err(AuthError::Invalid(Flaw::Flow))));
    let done = bench.provider.finish(with_code(state, code), Some(begin.cookie.value())).await;
    assert!(done.is_ok(), "nothing was used up elsewhere");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn who_links_is_remembered_on_the_way(db: PgPool) {
    let bench = Bench::new(db).await;
    let user = demo_user(&bench.db, &*bench.clock, &bench.entropy).await.unwrap();
    let begin = bench.provider.begin(ReturnPath::default(), Some(user), None).await.unwrap();
    let (code, state) = bench.issuer.authorize(&begin.url);
    let done = bench.provider.finish(with_code(state, code), Some(begin.cookie.value())).await;
    assert_eq!(done.unwrap().linking, Some(user));
    assert_eq!(bench.sign_in().await.unwrap().linking, None);
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn an_address_counts_when_it_was_verified(db: PgPool) {
    let bench = Bench::new(db).await;
    let cases: [(issuer::Edit, Option<&str>); 5] = [
        (|_| {}, None),
        (|it| it["email_verified"] = json!(false), None),
        (|it| it["email_verified"] = json!("false"), None),
        (|it| it["email_verified"] = json!(true), Some("canary@example.test")),
        // As Apple writes it.
        (|it| it["email_verified"] = json!("true"), Some("canary@example.test")),
    ];
    for (edit, email) in cases {
        bench.issuer.script(|it| it.edit_claims = edit);
        let identity = bench.sign_in().await.unwrap().identity;
        assert_eq!(identity.email(), email);
        assert_eq!(identity.hint(), "ca…@ex…");
        assert!(!format!("{identity:?}").contains("canary"));
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn apples_client_secret_is_signed_anew_each_time(db: PgPool) {
    let bench = Bench::new(db).await;
    let key = AppleKey::new("TEAM", "KEY", &include_str!("issuer/apple.p8").into()).unwrap();
    assert!(!format!("{key:?}").contains("SigningKey"));
    let provider = bench.provider(|config| config.credential = Credential::Apple(key));
    bench.issuer.script(|it| {
        it.is_apple = true;
        it.edit_discovery = |document| {
            document["token_endpoint_auth_methods_supported"] = json!(["client_secret_post"]);
        };
    });

    for _ in 0..2 {
        let begin = provider.begin(ReturnPath::default(), None, None).await.unwrap();
        assert!(
            begin
                .url
                .query_pairs()
                .any(|(key, value)| key == "response_mode" && value == "form_post")
        );
        let (code, state) = bench.issuer.authorize(&begin.url);
        let done = provider.finish(with_code(state, code), Some(begin.cookie.value())).await;
        assert_eq!(done.unwrap().identity.subject(), SUBJECT);
        bench.clock.advance(TimeDelta::seconds(1));
        bench.issuer.script(|it| it.now += 1);
    }
    // The provider would not take the one from before.
    assert_eq!(bench.issuer.script(|it| it.client_secrets.len()), 2);
}

#[test]
fn what_is_no_key_of_apples_is_refused() {
    let rsa = include_str!("issuer/rsa.pem");
    for text in
        ["", "canary", rsa, "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----"]
    {
        let error = AppleKey::new("TEAM", "KEY", &text.into()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("canary"));
    }
}
