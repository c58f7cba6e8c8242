//! Where what is learned of people in general goes.

use std::path::Path;

use lab::{
    artefact::{Place, S3},
    mlflow::Access,
};
use url::Url;

use super::reader::Reader;

/// Begins the name of a bucket.
const BUCKET: &str = "s3://";

/// Where what is learned of people in general goes.
#[derive(Clone, Debug)]
pub struct Lab {
    /// Where artefacts of models go.
    pub artefacts: Place,
    /// The server that is told of models, and who asks it.
    pub mlflow: Option<(Url, Access)>,
}

impl Lab {
    pub(super) fn read(reader: &mut Reader<'_>, data_dir: &Path) -> Self {
        let folder = data_dir.join("models");
        let artefacts = match reader.text("OO_MODELS") {
            None => Place::Folder(folder),
            Some(place) => match place.strip_prefix(BUCKET) {
                None => Place::Folder(place.into()),
                Some(bucket) => s3(reader, bucket).unwrap_or(Place::Folder(folder)),
            },
        };
        Self { artefacts, mlflow: mlflow(reader) }
    }
}

fn s3(reader: &mut Reader<'_>, place: &str) -> Option<Place> {
    let region = reader.text("AWS_REGION").unwrap_or_else(|| "us-east-1".to_owned());
    let amazon = format!("https://s3.{region}.amazonaws.com");
    let endpoint = reader.service("AWS_ENDPOINT_URL", &amazon);
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    let prefix = prefix.trim_matches('/');
    if bucket.is_empty() {
        reader.mistake("OO_MODELS", "it is neither a folder nor of the form s3://bucket/prefix");
    }
    if !reader.all_or_none(&["AWS_ACCESS_KEY_ID"], "AWS_SECRET_ACCESS_KEY") {
        reader.mistake("OO_MODELS", "a bucket needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    }
    if endpoint.is_none() && reader.text("AWS_ENDPOINT_URL").is_none() {
        reader.mistake("AWS_REGION", "it is not a region such as eu-central-1");
    }
    Some(Place::S3(Box::new(S3 {
        endpoint: endpoint?,
        region,
        bucket: bucket.to_owned(),
        prefix: if prefix.is_empty() { String::new() } else { format!("{prefix}/") },
        key_id: reader.text("AWS_ACCESS_KEY_ID")?,
        secret: reader.secret("AWS_SECRET_ACCESS_KEY")?,
        session_token: reader.secret("AWS_SESSION_TOKEN"),
    })))
}

fn mlflow(reader: &mut Reader<'_>) -> Option<(Url, Access)> {
    const URI: &str = "MLFLOW_TRACKING_URI";
    reader.text(URI)?;
    let url = reader.service(URI, "https://mlflow.example.org");
    let token = reader.secret("MLFLOW_TRACKING_TOKEN");
    let has_password =
        reader.all_or_none(&["MLFLOW_TRACKING_USERNAME"], "MLFLOW_TRACKING_PASSWORD");
    let access = match token {
        Some(_) if has_password => {
            reader.mistake("MLFLOW_TRACKING_TOKEN", "it is set, and so is a password");
            return None;
        }
        Some(token) => Access::Token(token),
        None if has_password => Access::Password {
            user: reader.text("MLFLOW_TRACKING_USERNAME")?,
            password: reader.secret("MLFLOW_TRACKING_PASSWORD")?,
        },
        None => Access::Open,
    };
    url.map(|url| (url, access))
}
