//! MLflow's tracking server and model registry, by their [REST API](https://mlflow.org/docs/latest/rest-api.html).

use kernel::{Timestamp, http::Http};
use recommender::features::VERSION;
use reqwest::{Method, RequestBuilder, StatusCode};
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
#[derive(Clone, Debug)]
pub enum Access {
    /// Anybody.
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

impl Mlflow {
    /// The server at `base`, with no path of the API in it.
    pub fn new(http: Http, base: Url, access: Access) -> Self {
        Self { http, base, access }
    }

    /// Logs the training of `model` as a run with its metrics and `artefact`, which is at `place`, and registers it; tells
    /// its version there.
    ///
    /// # Errors
    /// When the server does not answer as expected.
    pub async fn log(
        &self,
        model: &Model,
        artefact: Artefact,
        place: &str,
        now: Timestamp,
    ) -> Result<String, LabError> {
        let experiment = self.experiment().await?;
        let run = json!({
            "experiment_id": experiment,
            "start_time": model.trained_at.timestamp_millis(),
            "run_name": format!("prior {}", model.version),
            "tags": [{ "key": "fingerprint", "value": model.fingerprint }],
        });
        let created = self.post("mlflow/runs/create", &run).await?;
        let run = text(&created, "/run/info/run_id")?;
        let folder = text(&created, "/run/info/artifact_uri")?;
        let version = self.version(model, (&run, &folder), artefact, place).await;
        let status = if version.is_ok() { "FINISHED" } else { "FAILED" };
        let ended = json!({ "run_id": run, "status": status, "end_time": now.timestamp_millis() });
        let ended = self.post("mlflow/runs/update", &ended).await;
        let version = version?;
        ended?;
        Ok(version)
    }

    /// Gives a run, whose artefacts are in `folder`, what it has, and makes a version of it.
    async fn version(
        &self,
        model: &Model,
        (run, folder): (&str, &str),
        artefact: Artefact,
        place: &str,
    ) -> Result<String, LabError> {
        self.post("mlflow/runs/log-batch", &batch(run, model)).await?;
        let source = match proxied(folder) {
            Some(path) => {
                let path = format!("mlflow-artifacts/artifacts/{path}/{}", artefact.name);
                let request = self.request(Method::PUT, &path)?.body(artefact.bytes);
                self.send(request).await?;
                format!("{folder}/{}", artefact.name)
            }
            // It keeps none itself: ours is where oO has put it.
            None => place.to_owned(),
        };
        match self.post("mlflow/registered-models/create", &json!({ "name": NAME })).await {
            Err(refused) if refused.code != "RESOURCE_ALREADY_EXISTS" => return Err(refused.into()),
            _ => {}
        }
        let version = json!({ "name": NAME, "source": source, "run_id": run });
        let version = self.post("mlflow/model-versions/create", &version).await?;
        text(&version, "/model_version/version")
    }

    /// Lets the alias `champion` name the version that serves; none, where nothing does that it knows.
    ///
    /// # Errors
    /// When the server does not answer as expected.
    pub async fn name_champion(&self, version: Option<&str>) -> Result<(), LabError> {
        const PATH: &str = "mlflow/registered-models/alias";
        let Some(version) = version else {
            let body = json!({ "name": NAME, "alias": ALIAS });
            return match self.send(self.request(Method::DELETE, PATH)?.json(&body)).await {
                Err(refused) if refused.code != "RESOURCE_DOES_NOT_EXIST" => Err(refused.into()),
                _ => Ok(()),
            };
        };
        let body = json!({ "name": NAME, "alias": ALIAS, "version": version });
        Ok(self.post(PATH, &body).await.map(drop)?)
    }

    /// The id of the experiment, which is made where there is none.
    async fn experiment(&self) -> Result<String, LabError> {
        let path = format!("mlflow/experiments/get-by-name?experiment_name={NAME}");
        match self.send(self.request(Method::GET, &path)?).await {
            Ok(found) => text(&found, "/experiment/experiment_id"),
            Err(refused) if refused.status == Some(StatusCode::NOT_FOUND) => {
                let body = json!({ "name": NAME });
                text(&self.post("mlflow/experiments/create", &body).await?, "/experiment_id")
            }
            Err(refused) => Err(refused.into()),
        }
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value, Refused> {
        self.send(self.request(Method::POST, path)?.json(body)).await
    }

    fn request(&self, method: Method, path: &str) -> Result<RequestBuilder, Refused> {
        let base = self.base.as_str().trim_end_matches('/');
        let url = Url::parse(&format!("{base}/api/2.0/{path}"));
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

    async fn send(&self, request: RequestBuilder) -> Result<Value, Refused> {
        let answer = self.http.send(request, CAP).await;
        let answer = answer.map_err(|error| Refused::because(error.to_string()))?;
        let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if answer.status.is_success() {
            return Ok(body);
        }
        let code = body.get("error_code").and_then(Value::as_str).unwrap_or_default();
        // Told to whoever trains: short, and nothing but letters, however strange the server.
        let code: String =
            code.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(64).collect();
        let reason = format!("it answered {} {code}", answer.status);
        Err(Refused { status: Some(answer.status), code, reason: reason.trim_end().to_owned() })
    }
}

/// The path below which the server itself keeps the artefacts of a run, if it does.
fn proxied(folder: &str) -> Option<String> {
    let url = Url::parse(folder).ok().filter(|url| url.scheme() == "mlflow-artifacts")?;
    Some(url.path().trim_matches('/').to_owned())
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
        "params": [{ "key": "features_version", "value": VERSION.to_string() }],
    })
}

fn text(answer: &Value, pointer: &str) -> Result<String, LabError> {
    let found = answer.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    found.ok_or_else(|| LabError::Service {
        service: "MLflow",
        reason: format!("its answer has no {pointer}"),
    })
}
