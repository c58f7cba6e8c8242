//! Which of the trained priors serves, and who is told.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex, PoisonError};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{Method, StatusCode, Uri},
    routing::any,
};
use bandit::{
    Prior,
    estimate::{Interval, Weighted},
};
use kernel::{ManualClock, Timestamp, http::Http};
use lab::{
    LabError,
    artefact::{Artefact, Artefacts, Place, S3},
    mlflow::{Access, Logged, Mlflow},
    models::{self, Model},
    train::Trained,
};
use recommender::prior::{Table, shipped};
use serde_json::{Value, json};
use sqlx::PgPool;
use url::Url;

fn now() -> Timestamp {
    Timestamp::from_timestamp(1_790_000_000, 0).unwrap_or_default()
}

/// A prior whose first mean is `bias`, from the answers of three people.
fn trained(bias: f64, gain: Option<(f64, f64)>) -> Trained {
    let mut table = Table::of(&shipped());
    table.groups[0].mean = bias;
    let prior: Prior = table.prior().unwrap_or_else(|_| shipped());
    let interval = gain.map(|(low, high)| Interval { low, high });
    let gain = interval.map(|interval| Weighted { value: 0.02, interval });
    Trained { prior, people: 3, answers: 412, gain }
}

async fn registered(db: &PgPool, trained: &Trained) -> Model {
    models::register(db, trained, &Table::of(&shipped()), "models/prior.json", now()).await.unwrap()
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_is_promoted_serves_until_it_is_taken_back(db: PgPool) {
    assert_eq!(models::serving(&db).await.unwrap(), None);
    let first = registered(&db, &trained(0.3, Some((0.01, 0.03)))).await;
    let second = registered(&db, &trained(0.5, Some((-0.01, 0.05)))).await;
    assert!(first.is_better() && !second.is_better());
    assert!(!registered(&db, &trained(0.5, None)).await.is_better());
    assert_eq!(models::serving(&db).await.unwrap(), None, "registering lets nothing serve");

    models::promote(&db, first.version, now()).await.unwrap();
    models::promote(&db, second.version, now()).await.unwrap();
    let serving = models::serving(&db).await.unwrap().unwrap();
    assert_eq!(serving, Model { serves: true, ..second.clone() });
    assert_eq!(serving.table.prior().unwrap(), trained(0.5, None).prior, "to the bit");
    let listed = models::list(&db).await.unwrap();
    let serve: Vec<bool> = listed.iter().map(|model| model.serves).collect();
    assert_eq!(serve, [false, true, false]);

    let back = models::rollback(&db, now()).await.unwrap();
    assert_eq!(back.map(|model| model.version), Some(first.version));
    assert_eq!(models::rollback(&db, now()).await.unwrap(), None, "the shipped one serves");
    assert!(matches!(models::rollback(&db, now()).await, Err(LabError::NothingPromoted)));
    models::promote(&db, second.version, now()).await.unwrap();
    assert_eq!(models::serving(&db).await.unwrap().map(|it| it.version), Some(second.version));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn what_cannot_serve_is_not_promoted(db: PgPool) {
    assert!(matches!(models::promote(&db, 7, now()).await, Err(LabError::NoVersion(7))));
    let model = registered(&db, &trained(0.3, None)).await;
    sqlx::query("update lab.model set prior = jsonb_set(prior, '{features_version}', '1')")
        .execute(&db)
        .await
        .unwrap();
    let error = models::promote(&db, model.version, now()).await.unwrap_err();
    assert!(error.to_string().contains("version 1 of the features"), "{error}");
    assert_eq!(models::serving(&db).await.unwrap(), None);
}

/// Method and path, and the body.
type Asked = (String, Vec<u8>);

/// A server that writes down what it is asked, and answers as it was told to.
#[derive(Clone, Default)]
struct Double {
    asked: Arc<Mutex<Vec<Asked>>>,
    refuses: Option<&'static str>,
}

impl Double {
    async fn start(&self) -> Url {
        async fn answer(
            State(double): State<Double>,
            method: Method,
            uri: Uri,
            body: Bytes,
        ) -> (StatusCode, String) {
            let mut asked = double.asked.lock().unwrap_or_else(PoisonError::into_inner);
            asked.push((format!("{method} {}", uri.path()), body.to_vec()));
            let last = uri.path().rsplit("mlflow/").next().unwrap_or_default().to_owned();
            if double.refuses.is_some_and(|path| uri.path().ends_with(path)) {
                return (StatusCode::FORBIDDEN, json!({ "error_code": "NO" }).to_string());
            }
            let is_there = json!({ "error_code": "RESOURCE_ALREADY_EXISTS" });
            let info =
                json!({ "run_id": "r1", "artifact_uri": "mlflow-artifacts:/5/r1/artifacts" });
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
    let model = registered(&db, &trained(0.3, Some((0.01, 0.03)))).await;
    let artefact = Artefact::of(&model.table).unwrap();
    let name = artefact.name.clone();
    let logged = mlflow.log(&model, artefact).await.unwrap();
    assert_eq!(logged, Logged { run: "r1".to_owned(), version: "3".to_owned() });
    mlflow.serves(Some("3")).await.unwrap();
    mlflow.serves(None).await.unwrap();

    let asked = double.asked();
    let paths: Vec<&str> = asked.iter().map(|(path, _)| path.as_str()).collect();
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
    let batch: Value = serde_json::from_slice(&asked[3].1).unwrap();
    let metrics = batch["metrics"].as_array().unwrap();
    let low = metrics.iter().find(|metric| metric["key"] == "gain_low").unwrap();
    assert_eq!(low["value"], 0.01);
    let table: Table = serde_json::from_slice(&asked[4].1).unwrap();
    assert_eq!(table, model.table);
    let ended: Value = serde_json::from_slice(&asked[7].1).unwrap();
    assert_eq!((&ended["run_id"], &ended["status"]), (&json!("r1"), &json!("FINISHED")));
}

#[sqlx::test(migrator = "kernel::db::MIGRATOR")]
async fn a_run_that_mlflow_does_not_take_has_failed_there(db: PgPool) {
    let double = Double { refuses: Some("log-batch"), ..Double::default() };
    let origin = double.start().await;
    let mlflow = Mlflow::new(http(&origin), origin, Access::Token("t0ken".into()));
    let model = registered(&db, &trained(0.3, None)).await;
    let error = mlflow.log(&model, Artefact::of(&model.table).unwrap()).await.unwrap_err();
    assert_eq!(error.to_string(), "MLflow: it answered 403 Forbidden NO");
    let asked = double.asked();
    let (path, body) = asked.last().unwrap();
    let ended: Value = serde_json::from_slice(body).unwrap();
    assert!(path.ends_with("runs/update") && ended["status"] == "FAILED", "{path} {ended}");
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
        }))
    };
    let store = Artefacts::new(s3(&endpoint), http(&endpoint), clock.clone());
    let place = store.put(artefact.clone()).await.unwrap();
    assert_eq!(place, format!("s3://house/oo/{}", artefact.name));
    let (path, body) = double.asked().pop().unwrap();
    assert_eq!((path, body), (format!("PUT /house/oo/{}", artefact.name), artefact.bytes.clone()));

    let refuses = Double { refuses: Some(".json"), ..Double::default() };
    let endpoint = refuses.start().await;
    let store = Artefacts::new(s3(&endpoint), http(&endpoint), clock.clone());
    let error = store.put(artefact.clone()).await.unwrap_err();
    assert_eq!(error.to_string(), "the store of artefacts: it answered 403 Forbidden");
    // A store that was not named by the operator may not be on a private address.
    let store = Artefacts::new(s3(&endpoint), nowhere, clock);
    assert!(matches!(store.put(artefact).await, Err(LabError::Service { .. })));
}
