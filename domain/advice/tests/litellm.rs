//! The real proxy, set up as `deploy/` has it, with a double of Ollama behind it: `make test-llm` starts both.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{env, fs, sync::Arc, time::Duration};

use advice::{
    Advisor, Budget, OpenTask, Prompts, Silence, Situation,
    model::{Alias, Completion, Model, ModelConfig, ModelError, Question},
};
use chrono::TimeDelta;
use kernel::{Entropy, ManualClock, PartOfDay, UserId, http::Http};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::llm::{Fault, FaultRule};
use url::Url;
use uuid::Uuid;
use vault::{MasterKeys, Vault};

/// Where Ollama's double is asked for chats, for vectors, and where Anthropic's is.
const CHAT: &str = "/api/chat";
const EMBED: &str = "/api/embed";
const MESSAGES: &str = "/v1/messages";

/// The lab's own.
const JUDGE: Alias = Alias::named("judge");

/// The title of a task that no log may hold.
const TITLE: &str = "Tune the walnut harmonium";

/// The most that is read of what the double tells.
const CAP: usize = 4 << 20;

/// The proxy, and what stands behind it, in which all goes well.
struct Proxy {
    url: Url,
    key: String,
    double: Url,
    http: Http,
    clock: Arc<ManualClock>,
}

/// From the environment, as scripts/test-llm.sh sets it.
fn variable(name: &str) -> String {
    env::var(name).map_err(|error| format!("{name}: {error}; make test-llm sets it")).unwrap()
}

impl Proxy {
    async fn new() -> Self {
        Self::at("OO_TEST_LITELLM_URL").await
    }

    /// Started with a key for Anthropic.
    async fn with_anthropic() -> Self {
        Self::at("OO_TEST_LITELLM_ANTHROPIC_URL").await
    }

    async fn at(name: &str) -> Self {
        let url: Url = variable(name).parse().unwrap();
        let double: Url = variable("OO_TEST_LLM_DOUBLE_URL").parse().unwrap();
        let http = Http::new([&url, &double].into_iter().collect()).unwrap();
        let clock = ManualClock::at("2026-11-23T09:00:00Z".parse().unwrap());
        let proxy = Self { url, key: variable("OO_TEST_LITELLM_KEY"), double, http, clock };
        proxy.control("DELETE", "faults", None).await;
        proxy.control("POST", "embedder", Some(json!({ "present": true }))).await;
        proxy.control("DELETE", "requests", None).await;
        proxy
    }

    async fn control(&self, method: &str, what: &str, body: Option<Value>) -> Value {
        let url = self.double.join(&format!("/_double/{what}")).unwrap();
        let mut request = self.http.client().request(method.parse().unwrap(), url);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = self.http.send(request, CAP).await.unwrap();
        assert!(answer.status.is_success(), "{method} {what}: {}", answer.status);
        serde_json::from_slice(&answer.body).unwrap_or_default()
    }

    async fn inject(&self, fault: Fault) {
        self.control("DELETE", "faults", None).await;
        let rule = FaultRule::always(fault);
        self.control("POST", "faults", Some(json!(rule))).await;
    }

    /// What was asked behind the proxy since the last time, by where: LiteLLM's look at its models is left out.
    async fn asked(&self) -> Vec<(String, Value)> {
        let told = self.control("GET", "requests", None).await;
        self.control("DELETE", "requests", None).await;
        let requests = told["requests"].as_array().unwrap();
        let of = |it: &Value| (it["path"].as_str().unwrap().to_owned(), it.clone());
        requests.iter().map(of).filter(|(path, _)| path != "/api/show").collect()
    }

    async fn places(&self) -> Vec<String> {
        self.asked().await.into_iter().map(|(path, _)| path).collect()
    }

    /// One that nothing is known of yet.
    fn model(&self) -> Model {
        self.model_with(&self.key, Duration::from_secs(10))
    }

    fn model_with(&self, key: &str, patience: Duration) -> Model {
        let config = ModelConfig { base_url: self.url.clone(), api_key: key.into(), patience };
        Model::new(&config, &self.http, self.clock.clone())
    }

    async fn ask(&self, alias: Alias) -> Result<Completion, ModelError> {
        self.model().ask(&question(alias)).await
    }

    fn advisor(&self, db: &PgPool) -> Advisor {
        let (clock, entropy) = (self.clock.clone(), Entropy::from_os().unwrap());
        let keys = MasterKeys::random(&entropy);
        let vault = Arc::new(Vault::new(keys, clock.clone(), entropy.clone()));
        let prompts = Prompts::shipped::<&str>(&[]).unwrap();
        let model = Some(self.model());
        Advisor::new(db.clone(), vault, model, prompts, Budget::default(), clock, entropy).unwrap()
    }
}

fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["candidates"],
        "properties": { "candidates": { "type": "array", "maxItems": 5, "items": {
            "type": "object",
            "properties": { "minutes": { "type": ["integer", "null"], "maximum": 30 } },
        } } },
    })
}

fn question(alias: Alias) -> Question<'static> {
    let data = match alias {
        JUDGE => json!({ "profile": "calm", "candidates": [{ "id": "c1", "text": TITLE }] }),
        _ => json!({ "tasks": [{ "ref": "t1", "title": TITLE }] }),
    };
    let system = "You propose what can be begun now.";
    Question { alias, system, data, schema: schema(), temperature: 0.5, max_tokens: 321 }
}

#[tokio::test]
#[ignore = "make test-llm"]
async fn a_question_comes_to_ollama_and_its_answer_back() {
    let proxy = Proxy::new().await;
    let answer = proxy.ask(Alias::TIP_GENERATOR).await.unwrap();
    let content: Value = serde_json::from_str(&answer.content).unwrap();
    assert_eq!(content["candidates"].as_array().unwrap().len(), 3);
    assert!(answer.model.starts_with("ollama_chat/"), "the model, and not its alias: {answer:?}");
    assert!(answer.prompt_tokens > 0 && answer.completion_tokens > 0, "{answer:?}");

    let asked = proxy.asked().await;
    let [(path, request)] = &*asked else { panic!("{asked:?}") };
    let body = &request["body"];
    assert_eq!((path.as_str(), &request["authorization"]), (CHAT, &json!(false)));
    assert_eq!((&body["format"], &body["stream"]), (&schema(), &json!(false)));
    assert_eq!(body["options"], json!({ "temperature": 0.5, "num_predict": 321 }));
    let told = question(Alias::TIP_GENERATOR);
    assert_eq!(body["messages"][0]["content"], told.system);
    assert_eq!(body["messages"][1]["content"], told.data.to_string());
}

#[tokio::test]
#[ignore = "make test-llm"]
async fn vectors_come_in_the_order_of_their_texts() {
    let proxy = Proxy::new().await;
    let texts = ["Rest by the window", "Write to Jonas", "Rest"];
    let vectors = proxy.model().embed(&texts).await.unwrap();
    for (text, vector) in texts.iter().zip(&vectors) {
        let alone = proxy.model().embed(&[text]).await.unwrap();
        assert_eq!(alone, std::slice::from_ref(vector), "{text}");
    }
    assert_eq!(vectors.len(), texts.len());
    assert_eq!(proxy.places().await, [EMBED; 4]);

    proxy.control("POST", "embedder", Some(json!({ "present": false }))).await;
    for _ in 0..2 {
        assert_eq!(proxy.model().embed(&texts).await, Err(ModelError::Status(404)));
    }
}

#[tokio::test]
#[ignore = "make test-llm"]
async fn whatever_fails_behind_the_proxy_is_asked_once_and_told_for_what_it_is() {
    let proxy = Proxy::new().await;
    let throttled = |seconds| ModelError::Throttled(Some(Duration::from_secs(seconds)));
    let faults = [
        (Fault::ServerError, ModelError::Status(500)),
        (Fault::BadGateway, ModelError::Status(502)),
        (Fault::Unauthorized, ModelError::Status(401)),
        (Fault::TooManyRequests { retry_after: 77 }, throttled(77)),
        (Fault::TooMany, ModelError::Throttled(None)),
        (Fault::Unavailable, ModelError::Throttled(None)),
        (Fault::Timeout, ModelError::Timeout),
        // LiteLLM has to read these itself.
        (Fault::Garbage, ModelError::Status(500)),
        (Fault::Html, ModelError::Status(500)),
        (Fault::Cut, ModelError::Status(500)),
    ];
    for (fault, error) in faults {
        proxy.inject(fault).await;
        assert_eq!(proxy.ask(Alias::TIP_GENERATOR).await, Err(error), "{fault:?}");
        assert_eq!(proxy.model().embed(&["Rest"]).await, Err(error), "{fault:?}");
        assert_eq!(proxy.places().await, [CHAT, EMBED], "{fault:?}");
    }

    let of_content = [
        (Fault::Length, ModelError::Cut),
        (Fault::Empty, ModelError::Empty),
        (Fault::Long { bytes: 1024 * 1024 }, ModelError::TooLarge),
        (Fault::NoChoices, ModelError::Status(500)),
    ];
    for (fault, error) in of_content {
        proxy.inject(fault).await;
        assert_eq!(proxy.ask(Alias::TIP_GENERATOR).await, Err(error), "{fault:?}");
        assert_eq!(proxy.places().await, [CHAT], "{fault:?}");
    }

    proxy.inject(Fault::Malformed).await;
    let answer = proxy.ask(Alias::TIP_GENERATOR).await.unwrap();
    assert!(answer.content.starts_with("Sure!"), "words are for whoever asked to read: {answer:?}");
}

#[tokio::test]
#[ignore = "make test-llm"]
async fn a_model_is_left_alone_for_as_long_as_its_provider_asks() {
    let proxy = Proxy::new().await;
    proxy.inject(Fault::TooManyRequests { retry_after: 77 }).await;
    let model = proxy.model();
    model.ask(&question(Alias::TIP_GENERATOR)).await.unwrap_err();
    proxy.control("DELETE", "faults", None).await;

    proxy.clock.advance(TimeDelta::seconds(76));
    let refused = model.ask(&question(Alias::TIP_GENERATOR)).await;
    assert_eq!(refused, Err(ModelError::Open));
    proxy.clock.advance(TimeDelta::seconds(1));
    model.ask(&question(Alias::TIP_GENERATOR)).await.unwrap();
    assert_eq!(proxy.places().await, [CHAT, CHAT]);
}

#[tokio::test]
#[ignore = "make test-llm"]
async fn patience_is_our_own() {
    let proxy = Proxy::new().await;
    proxy.inject(Fault::Hang).await;
    let model = proxy.model_with(&proxy.key, Duration::from_secs(1));
    assert_eq!(model.ask(&question(Alias::TIP_GENERATOR)).await, Err(ModelError::Timeout));
    assert_eq!(model.embed(&["Rest"]).await, Err(ModelError::Timeout));

    proxy.inject(Fault::Slow { ms: 1_000 }).await;
    assert!(proxy.ask(Alias::TIP_GENERATOR).await.is_ok(), "late, and not too late");
}

#[tokio::test]
#[ignore = "make test-llm"]
async fn who_has_another_key_or_asks_for_another_model_gets_nowhere() {
    let proxy = Proxy::new().await;
    let stranger = proxy.model_with("sk-other", Duration::from_secs(10));
    for _ in 0..3 {
        assert!(stranger.is_well());
        let refused = stranger.ask(&question(Alias::TIP_GENERATOR)).await;
        assert_eq!(refused, Err(ModelError::Status(400)), "it looks for the key in a database");
    }
    assert!(!stranger.is_well(), "it is not asked at every turn");

    for alias in ["nobody", "gpt-4o", "anthropic/claude-haiku-4-5"] {
        let url = proxy.url.join("/chat/completions").unwrap();
        let asked = json!({ "model": alias, "messages": [{ "role": "user", "content": TITLE }] });
        let request = proxy.http.client().post(url).bearer_auth(&proxy.key).json(&asked);
        assert_eq!(proxy.http.send(request, CAP).await.unwrap().status.as_u16(), 400, "{alias}");
    }
    assert!(proxy.asked().await.is_empty());
}

#[tokio::test]
#[ignore = "make test-llm"]
async fn without_a_key_for_anthropic_nobody_falls_back() {
    let proxy = Proxy::new().await;
    assert!(proxy.ask(JUDGE).await.unwrap().model.starts_with("ollama_chat/"));
    proxy.inject(Fault::ServerError).await;
    assert_eq!(proxy.ask(JUDGE).await, Err(ModelError::Status(500)));
    assert_eq!(proxy.places().await, [CHAT, CHAT]);
}

#[tokio::test]
#[ignore = "make test-llm"]
async fn with_a_key_for_anthropic_the_judge_alone_falls_back() {
    let proxy = Proxy::with_anthropic().await;
    assert!(proxy.ask(JUDGE).await.unwrap().model.starts_with("ollama_chat/"));
    assert_eq!(proxy.places().await, [CHAT]);

    proxy.inject(Fault::ServerError).await;
    let answer = proxy.ask(JUDGE).await.unwrap();
    assert!(answer.model.starts_with("anthropic/"), "{answer:?}");
    assert!(answer.content.contains("c1") && answer.completion_tokens > 0, "{answer:?}");
    assert_eq!(proxy.places().await, [CHAT, MESSAGES]);

    assert_eq!(proxy.ask(Alias::TIP_GENERATOR).await, Err(ModelError::Status(500)));
    assert_eq!(proxy.model().embed(&["Rest"]).await, Err(ModelError::Status(500)));
    assert_eq!(proxy.places().await, [CHAT, EMBED], "what speaks of real people stays");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
#[ignore = "make test-llm"]
async fn what_comes_through_the_proxy_is_kept_with_its_origin(db: PgPool) {
    let proxy = Proxy::new().await;
    let advisor = proxy.advisor(&db);
    let user = UserId(Uuid::from_u128(1));
    sqlx::query("insert into auth.user (user_id, created_at) values ($1, now())")
        .bind(user.uuid())
        .execute(&db)
        .await
        .unwrap();
    let situation = Situation {
        tasks: vec![OpenTask { id: "1".into(), title: TITLE.into(), ..OpenTask::default() }],
        reactions: Vec::new(),
        patterns: Vec::new(),
        part: PartOfDay::Morning,
        weekday: "Monday".into(),
    };
    let now = kernel::Clock::now(&*proxy.clock);
    let ask = || advisor.ask(user, now.date_naive(), &situation, None);

    let written = ask().await.unwrap();
    let mut tx = kernel::db::begin(&db).await.unwrap();
    advisor.keep(&mut tx, user, &written).await.unwrap();
    tx.commit().await.unwrap();
    let ideas = advisor.ideas(&db, user, now).await.unwrap();
    assert_eq!(ideas.len(), 3);
    let origin = &ideas[0].origin;
    assert!(origin.model.starts_with("ollama_chat/"), "{origin:?}");
    assert!(origin.prompt_tokens > 0 && origin.completion_tokens > 0, "{origin:?}");
    assert_eq!(proxy.places().await, [CHAT, EMBED], "nearness is told by the embedder");

    sqlx::query("delete from advice.idea").execute(&db).await.unwrap();
    proxy.inject(Fault::Malformed).await;
    let refused = ask().await;
    assert!(matches!(refused, Err(Silence::Model(ModelError::Malformed))), "{refused:?}");
}

#[tokio::test]
#[ignore = "make test-llm"]
async fn the_proxy_logs_nothing_of_what_is_asked_and_answered() {
    let proxy = Proxy::with_anthropic().await;
    let faults = [Fault::ServerError, Fault::TooMany, Fault::Malformed, Fault::NoChoices];
    for fault in faults {
        proxy.inject(fault).await;
        for alias in [Alias::TIP_GENERATOR, JUDGE] {
            proxy.ask(alias).await.ok();
        }
        proxy.model().embed(&[TITLE]).await.ok();
    }
    proxy.control("DELETE", "faults", None).await;
    proxy.ask(Alias::TIP_GENERATOR).await.unwrap();

    let log = fs::read_to_string(variable("OO_TEST_LITELLM_LOG")).unwrap();
    assert!(log.contains("/chat/completions"), "it is the log");
    for word in ["harmonium", "You propose", "Sure!", &proxy.key] {
        assert!(!log.contains(word), "{word} in the log");
    }
}
