//! MLflow's tracking server and model registry, by their [REST API](https://mlflow.org/docs/latest/rest-api.html).

use kernel::http::Http;
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use url::Url;

use crate::{LabError, artefact::Artefact, models::Model};

/// The experiment, and the registered model.
const NAME: &str = "oo-prior";

/// The alias of the version that serves.
const ALIAS: &str = "champion";

/// How much is read of an answer.
const CAP: usize = 1024 * 1024;

/// A server.
#[derive(Clone, Debug)]
pub struct Mlflow {
    http: Http,
    base: Url,
    access: Access,
}

/// Who asks.
#[derive(Clone, Debug, Default)]
pub enum Access {
    /// Anybody.
    #[default]
    Open,
    /// Who has this token.
    Token(SecretString),
    /// Somebody with a password.
    Password {
        /// Their name.
        user: String,
        /// It.
        password: SecretString,
    },
}

/// A model as MLflow knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// The id of its run.
    pub run: String,
    /// Its version there.
    pub version: String,
}

impl Mlflow {
    /// The server at `base`, with no path of the API in it.
    pub fn new(http: Http, base: Url, access: Access) -> Self {
        Self { http, base, access }
    }

    /// Logs the training of `model` as a run with its metrics and `artefact`, and registers it as a version.
    ///
    /// # Errors
    /// When the server does not answer as expected.
    pub async fn log(&self, model: &Model, artefact: Artefact) -> Result<Logged, LabError> {
        let Artefact { name, bytes } = artefact;
        let experiment = self.experiment().await?;
        let at = model.trained_at.timestamp_millis();
        let created = self
            .post(
                "runs/create",
                &json!({
                    "experiment_id": experiment,
                    "start_time": at,
                    "run_name": format!("prior {}", model.version),
                    "tags": [{ "key": "fingerprint", "value": model.table.fingerprint() }],
                }),
            )
            .await?;
        let run = text(&created, "/run/info/run_id")?;
        let folder = text(&created, "/run/info/artifact_uri")?;
        let logged = async {
            self.post("runs/log-batch", &batch(&run, model)).await?;
            // Where the server keeps artefacts itself, they are sent to it.
            if let Some(path) = folder.strip_prefix("mlflow-artifacts:/") {
                let path = format!("mlflow-artifacts/artifacts/{}/{name}", path.trim_matches('/'));
                self.put(&path, bytes).await?;
            }
            self.registered().await?;
            let source = format!("{folder}/{name}");
            let version = json!({ "name": NAME, "source": source, "run_id": run });
            let version = self.post("model-versions/create", &version).await?;
            text(&version, "/model_version/version")
        }
        .await;
        let status = if logged.is_ok() { "FINISHED" } else { "FAILED" };
        let ended = json!({ "run_id": run, "status": status, "end_time": at });
        let ended = self.post("runs/update", &ended).await;
        let version = logged?;
        ended?;
        Ok(Logged { run, version })
    }

    /// Lets the alias `champion` name the version that serves; nothing, where `None` does.
    ///
    /// # Errors
    /// When the server does not answer as expected.
    pub async fn serves(&self, version: Option<&str>) -> Result<(), LabError> {
        let alias = "registered-models/alias";
        let (method, body) = match version {
            Some(version) => {
                (Method::POST, json!({ "name": NAME, "alias": ALIAS, "version": version }))
            }
            None => (Method::DELETE, json!({ "name": NAME, "alias": ALIAS })),
        };
        Ok(self.call(method, alias, &body).await.map(drop)?)
    }

    /// The id of the experiment, which is made where there is none.
    async fn experiment(&self) -> Result<String, LabError> {
        let path = format!("experiments/get-by-name?experiment_name={NAME}");
        match self.call(Method::GET, &path, &Value::Null).await {
            Ok(found) => text(&found, "/experiment/experiment_id"),
            Err(Refused { status: Some(StatusCode::NOT_FOUND), .. }) => {
                let created = self.post("experiments/create", &json!({ "name": NAME })).await?;
                text(&created, "/experiment_id")
            }
            Err(refused) => Err(refused.into()),
        }
    }

    /// Sees to it that there is a model to make versions of.
    async fn registered(&self) -> Result<(), LabError> {
        let body = json!({ "name": NAME });
        match self.call(Method::POST, "registered-models/create", &body).await {
            Err(Refused { code, .. }) if code == "RESOURCE_ALREADY_EXISTS" => Ok(()),
            created => Ok(created.map(drop)?),
        }
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value, LabError> {
        Ok(self.call(Method::POST, path, body).await?)
    }

    async fn put(&self, path: &str, bytes: Vec<u8>) -> Result<(), LabError> {
        let request = self.request(Method::PUT, path)?.body(bytes);
        Ok(self.send(request).await.map(drop)?)
    }

    async fn call(&self, method: Method, path: &str, body: &Value) -> Result<Value, Refused> {
        let mut request = self.request(method, path)?;
        if !body.is_null() {
            request = request.json(body);
        }
        self.send(request).await
    }

    fn request(&self, method: Method, path: &str) -> Result<reqwest::RequestBuilder, Refused> {
        let base = self.base.as_str().trim_end_matches('/');
        let url = Url::parse(&format!("{base}/api/2.0/{}", path_of(path)));
        let url = url.map_err(|error| Refused::because(error.to_string()))?;
        let request = self.http.client().request(method, url);
        Ok(match &self.access {
            Access::Open => request,
            Access::Token(token) => request.bearer_auth(token.expose_secret()),
            Access::Password { user, password } => {
                request.basic_auth(user, Some(password.expose_secret()))
            }
        })
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Value, Refused> {
        let answer = self.http.send(request, CAP).await;
        let answer = answer.map_err(|error| Refused::because(error.to_string()))?;
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if answer.status.is_success() {
            return Ok(body);
        }
        let code = body.get("error_code").and_then(Value::as_str).unwrap_or_default().to_owned();
        let reason = format!("it answered {} {code}", answer.status);
        Err(Refused { status: Some(answer.status), code, reason: reason.trim_end().to_owned() })
    }
}

/// It did not do what was asked.
struct Refused {
    status: Option<StatusCode>,
    /// Its own name for why.
    code: String,
    reason: String,
}

impl Refused {
    fn because(reason: String) -> Self {
        Self { status: None, code: String::new(), reason }
    }
}

impl From<Refused> for LabError {
    fn from(refused: Refused) -> Self {
        Self::Service { service: "MLflow", reason: refused.reason }
    }
}

/// Paths below `mlflow` for the registry and the runs; the artefacts have one of their own.
fn path_of(path: &str) -> String {
    if path.starts_with("mlflow-artifacts") { path.to_owned() } else { format!("mlflow/{path}") }
}

fn batch(run: &str, model: &Model) -> Value {
    let at = model.trained_at.timestamp_millis();
    let metric =
        |key: &str, value: f64| json!({ "key": key, "value": value, "timestamp": at, "step": 0 });
    let mut metrics =
        vec![metric("people", model.people.into()), metric("answers", model.answers.into())];
    if let Some(gain) = model.gain {
        metrics.push(metric("gain", gain.value));
        metrics.push(metric("gain_low", gain.interval.low));
        metrics.push(metric("gain_high", gain.interval.high));
    }
    json!({
        "run_id": run,
        "metrics": metrics,
        "params": [
            { "key": "baseline", "value": model.baseline },
            { "key": "features_version", "value": model.table.features_version.to_string() },
        ],
    })
}

fn text(answer: &Value, pointer: &str) -> Result<String, LabError> {
    let found = answer.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    found.ok_or_else(|| LabError::Service {
        service: "MLflow",
        reason: format!("its answer has no {pointer}"),
    })
}
