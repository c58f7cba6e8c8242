//! Where the artefacts of models go: a folder, or a bucket of an S3-compatible store.
//!
//! They are for other tools and other houses: what serves is read from the database.

use std::{
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use kernel::{SharedClock, http::Http};
use recommender::prior::Table;
use rusty_s3::{Bucket, Credentials, S3Action, UrlStyle};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::LabError;

/// A signature is valid for so long.
const SIGNED_FOR: Duration = Duration::from_mins(1);

/// What is read of an answer: an error, which is not passed on.
const CAP: usize = 64 * 1024;

/// Where artefacts go.
#[derive(Clone, Debug)]
pub enum Place {
    /// To a folder; it is made where it does not exist.
    Folder(PathBuf),
    /// To a bucket.
    S3(Box<S3>),
}

/// A bucket of an S3-compatible store, and who writes there.
#[derive(Clone, Debug)]
pub struct S3 {
    /// Where the store is.
    pub endpoint: Url,
    /// What it calls its place.
    pub region: String,
    /// The bucket.
    pub bucket: String,
    /// Put before each key: empty, or with a slash at its end.
    pub prefix: String,
    /// Who writes.
    pub key_id: String,
    /// Their secret.
    pub secret: SecretString,
    /// With it, where both are for a while only.
    pub session_token: Option<SecretString>,
}

/// A store of artefacts.
pub struct Artefacts {
    place: Place,
    http: Http,
    clock: SharedClock,
}

/// A model's artefact: its table as JSON.
#[derive(Clone, Debug)]
pub struct Artefact {
    /// Tells what it holds, so that nothing is ever overwritten by something else.
    pub name: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Artefact {
    /// The artefact of a model that believes this.
    ///
    /// # Errors
    /// When it cannot be told as JSON.
    pub fn of(table: &Table) -> Result<Self, LabError> {
        let bytes = serde_json::to_vec_pretty(table).map_err(io::Error::other)?;
        Ok(Self { name: format!("prior-{}.json", table.fingerprint()), bytes })
    }
}

impl Artefacts {
    /// A store at this place.
    pub fn new(place: Place, http: Http, clock: SharedClock) -> Self {
        Self { place, http, clock }
    }

    /// Stores `artefact`, and tells where that is.
    ///
    /// # Errors
    /// When it cannot be written.
    pub async fn put(&self, artefact: Artefact) -> Result<String, LabError> {
        match &self.place {
            Place::Folder(folder) => write(folder, artefact).await,
            Place::S3(bucket) => self.send(bucket, artefact).await,
        }
    }

    /// `PutObject`, its URL signed (AWS Signature Version 4).
    async fn send(&self, place: &S3, artefact: Artefact) -> Result<String, LabError> {
        let failed = |reason| LabError::Service { service: "the store of artefacts", reason };
        let S3 { endpoint, region, bucket: name, prefix, key_id, secret, session_token } = place;
        let key = format!("{prefix}{}", artefact.name);
        let bucket = Bucket::new(endpoint.clone(), UrlStyle::Path, name.clone(), region.clone())
            .map_err(|error| failed(error.to_string()))?;
        let secret = secret.expose_secret();
        let credentials = match session_token {
            Some(token) => Credentials::new_with_token(key_id, secret, token.expose_secret()),
            None => Credentials::new(key_id, secret),
        };
        let now = jiff::Timestamp::from_second(self.clock.now().timestamp())
            .map_err(|error| failed(error.to_string()))?;
        let url = bucket.put_object(Some(&credentials), &key).sign_with_time(SIGNED_FOR, &now);

        let request = self.http.client().put(url).body(artefact.bytes);
        let answer = self.http.send(request, CAP).await;
        let answer = answer.map_err(|error| failed(error.to_string()))?;
        if answer.status.is_success() {
            Ok(format!("s3://{name}/{key}"))
        } else {
            Err(failed(format!("it answered {}", answer.status)))
        }
    }
}

/// Writes a file, as a whole or not at all.
pub(crate) async fn write(folder: &Path, artefact: Artefact) -> Result<String, LabError> {
    let path = folder.join(artefact.name);
    let failed = |error| LabError::File { file: path.display().to_string(), error };
    let beside = path.with_extension("json.new");
    tokio::fs::create_dir_all(folder).await.map_err(failed)?;
    tokio::fs::write(&beside, artefact.bytes).await.map_err(failed)?;
    tokio::fs::rename(&beside, &path).await.map_err(failed)?;
    Ok(path.display().to_string())
}
