//! Which of the trained priors serves, and who is told.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    routing::any,
};
use bandit::estimate::{Interval, Weighted};
use kernel::{ManualClock, Timestamp, UserId, http::Http};
use lab::{
    LabError,
    artefact::{Artefact, Artefacts, Place, S3},
    mlflow::{Access, Mlflow},
    models::{self, Model},
    train::Trained,
};
use recommender::prior::{Table, shipped};
use serde_json::{Value, json};
use sqlx::PgPool;
use url::Url;
use uuid::Uuid;

fn now() -> Timestamp {
    Timestamp::from_timestamp(1_790_000_000, 0).unwrap_or_default()
}

/// A prior whose first mean is `bias`.
fn trained(bias: f64, gain: Option<(f64, f64)>) -> Trained {
    let mut table = Table::of(&shipped());
    table.groups[0].mean = bias;
    let interval = gain.map(|(low, high)| Interval { low, high });
    let gain = interval.map(|interval| Weighted { value: 0.02, interval });
    Trained { prior: table.prior().unwrap(), answers: 412, gain }
}

async fn person(db: &PgPool, id: u128) -> UserId {
    let user = UserId(Uuid::from_u128(id));
    sqlx::query("insert into auth.user (user_id, created_at) values ($1, $2)")
        .bind(user.uuid())
        .bind(now())
        .execute(db)
        .await
        .unwrap();
    user
}

/// From the answers of these people, while the shipped prior served.
async fn registered(db: &PgPool, trained: &Trained, people: &[UserId]) -> Model {
    models::register(db, trained, people, &baseline(), now()).await.unwrap()
}

fn baseline() -> String {
    Table::of(&shipped()).fingerprint()
}

async fn serving(db: &PgPool) -> Option<i64> {
    models::serving(db).await.unwrap().version
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_promoted_serves_until_it_is_taken_back(db: PgPool) {
    let shipped = models::serving(&db).await.unwrap();
    assert_eq!((shipped.version, shipped.table.fingerprint()), (None, baseline()));
    let first = registered(&db, &trained(0.3, Some((0.01, 0.03))), &[]).await;
    let second = registered(&db, &trained(0.5, Some((-0.01, 0.05))), &[]).await;
    assert!(first.is_better() && !second.is_better());
    assert!(!registered(&db, &trained(0.5, None), &[]).await.is_better());
    assert_eq!(serving(&db).await, None, "registering lets nothing serve");

    models::promote(&db, first.version, Some(&baseline()), now()).await.unwrap();
    models::promote(&db, second.version, None, now()).await.unwrap();
    models::promote(&db, second.version, None, now()).await.unwrap();
    let serves = models::serving(&db).await.unwrap();
    assert_eq!(serves.version, Some(second.version));
    assert_eq!(serves.table.prior().unwrap(), trained(0.5, None).prior, "to the bit");
    assert_eq!(models::list(&db).await.unwrap().len(), 3);
    let priors = models::priors(&db).await.unwrap();
    assert_eq!(*priors[&second.fingerprint], trained(0.5, None).prior);

    let back = models::rollback(&db, now()).await.unwrap();
    assert_eq!(back.version, Some(first.version), "that it was promoted twice counts once");
    assert_eq!(models::rollback(&db, now()).await.unwrap().version, None);
    assert!(matches!(models::rollback(&db, now()).await, Err(LabError::NothingPromoted)));
    models::promote(&db, second.version, None, now()).await.unwrap();
    assert_eq!(serving(&db).await, Some(second.version));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_cannot_serve_is_not_promoted(db: PgPool) {
    let missing = models::promote(&db, 7, None, now()).await;
    assert!(matches!(missing, Err(LabError::NoVersion(7))));
    let model = registered(&db, &trained(0.3, None), &[]).await;
    let other = registered(&db, &trained(0.4, Some((0.01, 0.02))), &[]).await;
    models::promote(&db, model.version, None, now()).await.unwrap();
    let overtaken = models::promote(&db, other.version, Some(&baseline()), now()).await;
    assert!(matches!(overtaken, Err(LabError::Overtaken)), "it was compared with another one");

    for prior in ["jsonb_set(prior, '{features_version}', '1')", "'{\"shape\": \"later\"}'::jsonb"]
    {
        sqlx::query(sqlx::AssertSqlSafe(format!("update lab.model set prior = {prior}")))
            .execute(&db)
            .await
            .unwrap();
        let error = models::promote(&db, other.version, None, now()).await.unwrap_err();
        assert!(matches!(error, LabError::Unusable { .. }), "{error}");
        assert_eq!(serving(&db).await, None, "the shipped one, where the promoted one cannot");
        assert_eq!(models::list(&db).await.unwrap().len(), 2);
    }
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_model_goes_with_the_first_of_its_people(db: PgPool) {
    let (ana, ben) = (person(&db, 1).await, person(&db, 2).await);
    let of_ana = registered(&db, &trained(0.3, None), &[ana]).await;
    let of_both = registered(&db, &trained(0.5, None), &[ana, ben]).await;
    models::promote(&db, of_ana.version, None, now()).await.unwrap();
    models::promote(&db, of_both.version, None, now()).await.unwrap();
    assert_eq!(serving(&db).await, Some(of_both.version));

    // Whoever is erased takes it out of service at once, and it is deleted by the next sweep.
    sqlx::query("delete from auth.user where user_id = $1")
        .bind(ben.uuid())
        .execute(&db)
        .await
        .unwrap();
    assert_eq!(serving(&db).await, Some(of_ana.version));
    assert!(matches!(
        models::promote(&db, of_both.version, None, now()).await,
        Err(LabError::NoVersion(_))
    ));
    assert_eq!((models::forget(&db).await.unwrap(), models::forget(&db).await.unwrap()), (1, 0));

    // Whoever lets nothing be learned any more deletes it.
    models::withdraw(&db, ana).await.unwrap();
    assert_eq!(serving(&db).await, None);
    let left: i64 =
        sqlx::query_scalar("select count(*) from lab.model").fetch_one(&db).await.unwrap();
    assert_eq!(left, 0);
}

/// What a server was asked.
#[derive(Clone)]
struct Asked {
    /// Method and path.
    path: String,
    query: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// A server that writes down what it is asked, and answers as it was told to.
#[derive(Clone)]
struct Double {
    asked: Arc<Mutex<Vec<Asked>>>,
    /// Where runs have their artefacts.
    folder: &'static str,
    /// What ends like this is refused, and why.
    refuses: Option<&'static str>,
    code: &'static str,
}

impl Default for Double {
    fn default() -> Self {
        let folder = "mlflow-artifacts:/5/r1/artifacts";
        Self { asked: Arc::default(), folder, refuses: None, code: "NO" }
    }
}

impl Double {
    async fn start(&self) -> Url {
        async fn answer(
            State(double): State<Double>,
            method: Method,
            uri: Uri,
            headers: HeaderMap,
            body: Bytes,
        ) -> (StatusCode, String) {
            let mut asked = double.asked.lock().unwrap_or_else(PoisonError::into_inner);
            let (path, query) =
                (format!("{method} {}", uri.path()), uri.query().unwrap_or_default());
            asked.push(Asked { path, query: query.to_owned(), headers, body: body.to_vec() });
            let last = uri.path().rsplit("mlflow/").next().unwrap_or_default().to_owned();
            if double.refuses.is_some_and(|path| uri.path().ends_with(path)) {
                return (StatusCode::FORBIDDEN, json!({ "error_code": double.code }).to_string());
            }
            let is_there = json!({ "error_code": "RESOURCE_ALREADY_EXISTS" });
            let info = json!({ "run_id": "r1", "artifact_uri": double.folder });
            let (status, body) = match last.as_str() {
                "experiments/get-by-name" => (StatusCode::NOT_FOUND, json!({})),
                "experiments/create" => (StatusCode::OK, json!({ "experiment_id": "5" })),
                "runs/create" => (StatusCode::OK, json!({ "run": { "info": info } })),
                "registered-models/create" => (StatusCode::BAD_REQUEST, is_there),
                "model-versions/create" => {
                    (StatusCode::OK, json!({ "model_version": { "version": "3" } }))
                }
                _ => (StatusCode::OK, json!({})),
            };
            (status, body.to_string())
        }
        let router = Router::new().fallback(any(answer)).with_state(self.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Url::parse(&origin).unwrap()
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn http(origin: &Url) -> Http {
    Http::new([origin].into_iter().collect()).unwrap()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn mlflow_is_told_of_a_training_and_of_what_serves(db: PgPool) {
    let double = Double::default();
    let origin = double.start().await;
    let mlflow = Mlflow::new(http(&origin), origin, Access::Token("t0ken".into()));
    let model = registered(&db, &trained(0.3, Some((0.01, 0.03))), &[]).await;
    let artefact = Artefact::of(&model.table().unwrap()).unwrap();
    let name = artefact.name.clone();
    assert_eq!(mlflow.log(&model, artefact, "s3://house/prior.json", now()).await.unwrap(), "3");
    mlflow.name_champion(Some("3")).await.unwrap();
    mlflow.name_champion(None).await.unwrap();

    let asked = double.asked();
    let paths: Vec<&str> = asked.iter().map(|asked| asked.path.as_str()).collect();
    let put = format!("PUT /api/2.0/mlflow-artifacts/artifacts/5/r1/artifacts/{name}");
    assert_eq!(
        paths,
        [
            "GET /api/2.0/mlflow/experiments/get-by-name",
            "POST /api/2.0/mlflow/experiments/create",
            "POST /api/2.0/mlflow/runs/create",
            "POST /api/2.0/mlflow/runs/log-batch",
            &put,
            "POST /api/2.0/mlflow/registered-models/create",
            "POST /api/2.0/mlflow/model-versions/create",
            "POST /api/2.0/mlflow/runs/update",
            "POST /api/2.0/mlflow/registered-models/alias",
            "DELETE /api/2.0/mlflow/registered-models/alias",
        ]
    );
    assert!(asked.iter().all(|asked| asked.headers[header::AUTHORIZATION] == "Bearer t0ken"));
    let batch: Value = serde_json::from_slice(&asked[3].body).unwrap();
    let metrics = batch["metrics"].as_array().unwrap();
    let low = metrics.iter().find(|metric| metric["key"] == "gain_low").unwrap();
    assert_eq!(low["value"], 0.01);
    let table: Table = serde_json::from_slice(&asked[4].body).unwrap();
    assert_eq!(table, model.table().unwrap());
    let version: Value = serde_json::from_slice(&asked[6].body).unwrap();
    assert_eq!(version["source"], format!("mlflow-artifacts:/5/r1/artifacts/{name}"));
    let ended: Value = serde_json::from_slice(&asked[7].body).unwrap();
    assert_eq!((&ended["run_id"], &ended["status"]), (&json!("r1"), &json!("FINISHED")));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn where_mlflow_keeps_no_artefacts_ours_is_named(db: PgPool) {
    let double = Double { folder: "s3://theirs/r1", ..Double::default() };
    let origin = double.start().await;
    let access = Access::Password { user: "ana".to_owned(), password: "swordfish".into() };
    let mlflow = Mlflow::new(http(&origin), origin, access);
    let model = registered(&db, &trained(0.3, None), &[]).await;
    let artefact = Artefact::of(&model.table().unwrap()).unwrap();
    mlflow.log(&model, artefact, "s3://house/prior.json", now()).await.unwrap();
    let asked = double.asked();
    assert!(asked.iter().all(|asked| !asked.path.starts_with("PUT")));
    assert!(
        asked.iter().all(|it| it.headers[header::AUTHORIZATION] == "Basic YW5hOnN3b3JkZmlzaA==")
    );
    let created = asked.iter().find(|asked| asked.path.ends_with("model-versions/create")).unwrap();
    let version: Value = serde_json::from_slice(&created.body).unwrap();
    assert_eq!(version["source"], "s3://house/prior.json");
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_run_that_mlflow_does_not_take_has_failed_there(db: PgPool) {
    let double = Double { refuses: Some("log-batch"), ..Double::default() };
    let origin = double.start().await;
    let mlflow = Mlflow::new(http(&origin), origin, Access::Open);
    let model = registered(&db, &trained(0.3, None), &[]).await;
    let artefact = Artefact::of(&model.table().unwrap()).unwrap();
    let error = mlflow.log(&model, artefact, "s3://house/prior.json", now()).await.unwrap_err();
    assert_eq!(error.to_string(), "MLflow: it answered 403 Forbidden NO");
    let asked = double.asked();
    let Asked { path, body, headers, .. } = asked.last().unwrap();
    let ended: Value = serde_json::from_slice(body).unwrap();
    assert!(path.ends_with("runs/update") && ended["status"] == "FAILED", "{path} {ended}");
    assert!(!headers.contains_key(header::AUTHORIZATION));

    // Where nothing was ever registered, nothing has to be unnamed.
    let double = Double { refuses: Some("alias"), code: "RESOURCE_DOES_NOT_EXIST", ..double };
    let origin = double.start().await;
    let mlflow = Mlflow::new(http(&origin), origin, Access::Open);
    mlflow.name_champion(None).await.unwrap();
    assert!(mlflow.name_champion(Some("3")).await.is_err());
}

#[tokio::test]
async fn an_artefact_goes_to_a_folder_or_a_bucket() {
    let table = Table::of(&shipped());
    let artefact = Artefact::of(&table).unwrap();
    let clock = ManualClock::at(now());

    let folder = std::env::temp_dir().join(format!("oo-models-{}", std::process::id()));
    let nowhere = Http::new([].into_iter().collect::<kernel::http::Hosts>()).unwrap();
    let place = Place::Folder(folder.join("deep"));
    let store = Artefacts::new(place, nowhere.clone(), clock.clone());
    let path = store.put(artefact.clone()).await.unwrap();
    let read: Table = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(read, table);
    let file = std::path::PathBuf::from(&path);
    let inside = Artefacts::new(Place::Folder(file), nowhere.clone(), clock.clone());
    assert!(matches!(inside.put(artefact.clone()).await, Err(LabError::File { .. })));
    std::fs::remove_dir_all(&folder).unwrap();

    let double = Double::default();
    let endpoint = double.start().await;
    let s3 = |endpoint: &Url| {
        Place::S3(Box::new(S3 {
            endpoint: endpoint.clone(),
            region: "eu-central-1".to_owned(),
            bucket: "house".to_owned(),
            prefix: "oo/".to_owned(),
            key_id: "AKIDEXAMPLE".to_owned(),
            secret: "a secret of nobody".into(),
            session_token: Some("for a while".into()),
        }))
    };
    let store = Artefacts::new(s3(&endpoint), http(&endpoint), clock.clone());
    let place = store.put(artefact.clone()).await.unwrap();
    assert_eq!(place, format!("s3://house/oo/{}", artefact.name));
    let Asked { path, query, body, .. } = double.asked().pop().unwrap();
    assert_eq!((path, body), (format!("PUT /house/oo/{}", artefact.name), artefact.bytes.clone()));
    for part in
        ["X-Amz-Signature=", "X-Amz-Security-Token=for%20a%20while", "%2Feu-central-1%2Fs3%2F"]
    {
        assert!(query.contains(part), "{query} has no {part}");
    }
    assert!(!query.contains("secret"), "{query}");

    let refuses = Double { refuses: Some(".json"), ..Double::default() };
    let endpoint = refuses.start().await;
    let store = Artefacts::new(s3(&endpoint), http(&endpoint), clock.clone());
    let error = store.put(artefact.clone()).await.unwrap_err();
    assert_eq!(error.to_string(), "the store of artefacts: it answered 403 Forbidden");
    // A store that was not named by the operator may not be on a private address.
    let store = Artefacts::new(s3(&endpoint), nowhere, clock);
    assert!(matches!(store.put(artefact).await, Err(LabError::Service { .. })));
}
