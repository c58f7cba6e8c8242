//! The ways in, and who is let in.

use auth::{
    identity::Registration,
    oidc::{AppleKey, Credential, IssuerUrl},
};

use super::reader::Reader;

/// Names that an address of oO's own has already.
const TAKEN: [&str; 4] = ["oidc", "google", "apple", "todoist"];

/// The ways in, and who is let in.
#[derive(Clone, Debug)]
pub struct SignIn {
    /// Providers of `OpenID` Connect, in the order of their buttons.
    pub providers: Vec<Oidc>,
    /// Who may become a person here.
    pub registration: Registration,
}

/// A provider of `OpenID` Connect.
#[derive(Clone, Debug)]
pub struct Oidc {
    /// Its name in addresses.
    pub key: String,
    /// The issuer, letter by letter as the provider names itself.
    pub issuer: IssuerUrl,
    /// oO's client id there.
    pub client_id: String,
    /// How oO proves who it is there.
    pub credential: Credential,
    /// What the button says: "Continue with …".
    pub label: String,
}

impl SignIn {
    pub(super) fn read(reader: &mut Reader<'_>) -> Self {
        let mut providers = vec![google(reader), apple(reader), oidc(reader, "oidc", "OO_OIDC")];
        for name in names(reader) {
            let prefix = format!("OO_OIDC_{}", name.to_ascii_uppercase().replace('-', "_"));
            providers.push(oidc(reader, &name, &prefix));
        }
        let providers = providers.into_iter().flatten().collect();
        Self { providers, registration: registration(reader) }
    }
}

fn google(reader: &mut Reader<'_>) -> Option<Oidc> {
    let issuer = issuer(reader, "GOOGLE_ISSUER", "https://accounts.google.com");
    if !reader.all_or_none(&["GOOGLE_CLIENT_ID"], "GOOGLE_CLIENT_SECRET") {
        return None;
    }
    Some(Oidc {
        key: "google".to_owned(),
        issuer: issuer?,
        client_id: reader.text("GOOGLE_CLIENT_ID")?,
        credential: Credential::Secret(reader.client_secret("GOOGLE_CLIENT_SECRET")?),
        label: "Google".to_owned(),
    })
}

fn apple(reader: &mut Reader<'_>) -> Option<Oidc> {
    const KEY: &str = "APPLE_PRIVATE_KEY";

    let issuer = issuer(reader, "APPLE_ISSUER", "https://appleid.apple.com");
    if !reader.all_or_none(&["APPLE_CLIENT_ID", "APPLE_TEAM_ID", "APPLE_KEY_ID"], KEY) {
        return None;
    }
    let (team, id) = (reader.text("APPLE_TEAM_ID")?, reader.text("APPLE_KEY_ID")?);
    let key = AppleKey::new(team, id, &reader.secret(KEY)?);
    if let Err(error) = &key {
        reader.mistake(KEY, &error.to_string());
    }
    Some(Oidc {
        key: "apple".to_owned(),
        issuer: issuer?,
        client_id: reader.text("APPLE_CLIENT_ID")?,
        credential: Credential::Apple(key.ok()?),
        label: "Apple".to_owned(),
    })
}

/// The provider whose variables begin with `prefix`.
fn oidc(reader: &mut Reader<'_>, key: &str, prefix: &str) -> Option<Oidc> {
    let variable = |name: &str| format!("{prefix}_{name}");
    let (id, secret) = (variable("CLIENT_ID"), variable("CLIENT_SECRET"));
    let issuer = issuer(reader, &variable("ISSUER"), "");
    if !reader.all_or_none(&[&variable("ISSUER"), &id], &secret) {
        return None;
    }
    Some(Oidc {
        key: key.to_owned(),
        issuer: issuer?,
        client_id: reader.text(&id)?,
        credential: Credential::Secret(reader.client_secret(&secret)?),
        label: reader.text(&variable("LABEL")).unwrap_or_else(|| "your account".to_owned()),
    })
}

/// The text is kept as it is: a URL would gain a slash that the provider's own name has not.
fn issuer(reader: &mut Reader<'_>, variable: &str, default: &str) -> Option<IssuerUrl> {
    let example = if default.is_empty() { "https://auth.example.org" } else { default };
    reader.service(variable, example)?;
    let text = reader.text(variable).unwrap_or_else(|| default.to_owned());
    IssuerUrl::new(text).ok()
}

/// The names of further providers.
fn names(reader: &mut Reader<'_>) -> Vec<String> {
    const VARIABLE: &str = "OO_OIDC_PROVIDERS";

    let mut names: Vec<String> = Vec::new();
    for name in reader.list(VARIABLE) {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_name = (1..=32).contains(&name.len()) && name.bytes().all(plain);
        if is_name && !TAKEN.contains(&name.as_str()) && !names.contains(&name) {
            names.push(name);
        } else {
            let what = "a name has 1 to 32 lower-case letters, digits and '-', is there once, and is \
                        not oidc, google, apple or todoist";
            reader.mistake(VARIABLE, what);
        }
    }
    names
}

fn registration(reader: &mut Reader<'_>) -> Registration {
    let mode = reader.text("OO_REGISTRATION");
    let is_open = mode.as_deref() == Some("open");
    if !is_open && mode.is_some_and(|mode| mode != "closed") {
        reader.mistake("OO_REGISTRATION", "it is neither open nor closed");
    }
    let allowed = reader.list("OO_ALLOWED");
    if allowed.iter().any(|own| !own.contains('@') || own.ends_with('@')) {
        let what = "it is not a list of addresses and domains such as ana@example.org,@example.com";
        reader.mistake("OO_ALLOWED", what);
    }
    Registration { is_open, allowed }
}
