//! An OIDC provider inside the test, honest until told otherwise. Its keys are for tests only.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
};

use axum::{
    Form, Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use openidconnect::{
    JsonWebKeyId, PrivateSigningKey,
    core::{
        CoreEdDsaPrivateSigningKey, CoreJsonWebKey, CoreJwsSigningAlgorithm,
        CoreRsaPrivateSigningKey,
    },
};
use p256::{
    ecdsa::{Signature as Signature256, SigningKey, signature::Verifier},
    pkcs8::DecodePrivateKey,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

pub(crate) const CLIENT_ID: &str = "oo client";
pub(crate) const CLIENT_SECRET: &str = "s3cret/canary+%";
pub(crate) const SUBJECT: &str = "248289761001";

/// How the ID token is signed.
#[derive(Clone, Copy)]
pub(crate) enum Signature {
    EdDsa,
    Rs256,
    /// By a key that is not the provider's, under the provider's key id.
    Foreign,
    /// By a key that the provider has just begun to use.
    Rotated,
    /// `alg: none`.
    None,
    /// A MAC with the client secret.
    Hmac,
}

/// What an endpoint says in place of the truth.
#[derive(Clone)]
pub(crate) enum Canned {
    Status(u16),
    Redirect,
    Huge,
    Html,
    Json(u16, Value),
}

/// Turns the truth into something else.
pub(crate) type Edit = fn(&mut Value);

pub(crate) struct Script {
    pub(crate) now: i64,
    pub(crate) signature: Signature,
    pub(crate) edit_claims: Edit,
    pub(crate) edit_discovery: Edit,
    pub(crate) edit_token_answer: Edit,
    pub(crate) discovery: Option<Canned>,
    pub(crate) keys: Option<Canned>,
    pub(crate) token: Option<Canned>,
    pub(crate) asked: HashMap<&'static str, usize>,
    /// Whether client secrets are signed with the key in `apple.p8`.
    pub(crate) is_apple: bool,
    /// Those that were taken.
    pub(crate) client_secrets: HashSet<String>,
    codes: HashMap<String, Asked>,
}

/// What came with the person.
struct Asked {
    nonce: String,
    challenge: String,
    redirect_uri: String,
}

#[derive(Clone)]
pub(crate) struct Issuer {
    pub(crate) url: String,
    script: Arc<Mutex<Script>>,
}

impl Issuer {
    pub(crate) async fn start(now: i64) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let script = Script {
            now,
            signature: Signature::EdDsa,
            edit_claims: |_| {},
            edit_discovery: |_| {},
            edit_token_answer: |_| {},
            discovery: None,
            keys: None,
            token: None,
            asked: HashMap::new(),
            is_apple: false,
            client_secrets: HashSet::new(),
            codes: HashMap::new(),
        };
        let issuer = Self {
            url: format!("http://{}", listener.local_addr().unwrap()),
            script: Arc::new(Mutex::new(script)),
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(issuer.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        issuer
    }

    pub(crate) fn script<T>(&self, change: impl FnOnce(&mut Script) -> T) -> T {
        change(&mut self.script.lock().unwrap())
    }

    pub(crate) fn asked(&self, what: &str) -> usize {
        self.script(|it| it.asked.get(what).copied().unwrap_or_default())
    }

    /// The person agrees: the code, and the state that comes back with it.
    pub(crate) fn authorize(&self, url: &Url) -> (String, String) {
        assert!(url.as_str().starts_with(&format!("{}/authorize?", self.url)));
        let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(query["response_type"], "code");
        assert_eq!(query["client_id"], CLIENT_ID);
        assert_eq!(query["code_challenge_method"], "S256");
        assert_eq!(query["scope"], "openid profile");
        let asked = Asked {
            nonce: query["nonce"].clone(),
            challenge: query["code_challenge"].clone(),
            redirect_uri: query["redirect_uri"].clone(),
        };
        let code = format!("code-{}", self.script(|it| it.codes.len()));
        self.script(|it| it.codes.insert(code.clone(), asked));
        (code, query["state"].clone())
    }

    fn count(&self, what: &'static str) {
        self.script(|it| *it.asked.entry(what).or_default() += 1);
    }
}

async fn discovery(State(issuer): State<Issuer>) -> Response {
    issuer.count("discovery");
    if let Some(canned) = issuer.script(|it| it.discovery.clone()) {
        return canned.into_response();
    }
    let url = &issuer.url;
    let mut document = json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "EdDSA", "HS256", "none", "ML-DSA-65"],
    });
    issuer.script(|it| (it.edit_discovery)(&mut document));
    Json(document).into_response()
}

async fn keys(State(issuer): State<Issuer>) -> Response {
    issuer.count("keys");
    if let Some(canned) = issuer.script(|it| it.keys.clone()) {
        return canned.into_response();
    }
    let mut keys: Vec<CoreJsonWebKey> =
        vec![ed25519("1").as_verification_key(), rsa().as_verification_key()];
    if issuer.script(|it| matches!(it.signature, Signature::Rotated)) {
        keys.push(other("2").as_verification_key());
    }
    Json(json!({ "keys": keys })).into_response()
}

async fn token(
    State(issuer): State<Issuer>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    issuer.count("token");
    if let Some(canned) = issuer.script(|it| it.token.clone()) {
        return canned.into_response();
    }
    // RFC 6749, section 2.3.1: form-encoded, then Basic.
    let credentials =
        format!("Basic {}", BASE64_STANDARD.encode("oo+client:s3cret%2Fcanary%2B%25"));
    let in_header = headers.get(header::AUTHORIZATION).is_some_and(|it| *it == *credentials);
    let in_body = form.get("client_secret").is_some_and(|it| it == CLIENT_SECRET);
    let by_key = form.get("client_secret").is_some_and(|it| issuer.takes_as_apple(it));
    if !in_header && !in_body && !by_key {
        return Canned::Json(401, json!({"error": "invalid_client"})).into_response();
    }
    let asked = issuer.script(|it| it.codes.remove(&form["code"]));
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    match asked {
        Some(asked)
            if asked.challenge == challenge && asked.redirect_uri == form["redirect_uri"] =>
        {
            Json(issuer.answer(&asked.nonce)).into_response()
        }
        _ => Canned::Json(400, json!({"error": "invalid_grant"})).into_response(),
    }
}

impl Issuer {
    /// As <https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret>
    /// asks for it.
    fn takes_as_apple(&self, secret: &str) -> bool {
        if !self.script(|it| it.is_apple) {
            return false;
        }
        let (signed, signature) = secret.rsplit_once('.').unwrap();
        let read = |part: &str| -> Value {
            serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
        };
        let (header, claims) = signed.split_once('.').unwrap();
        let (header, claims) = (read(header), read(claims));
        let key = SigningKey::from_pkcs8_pem(include_str!("apple.p8")).unwrap();
        let signature = BASE64_URL_SAFE_NO_PAD.decode(signature).unwrap();
        let signature = Signature256::from_slice(&signature).unwrap();
        key.verifying_key().verify(signed.as_bytes(), &signature).unwrap();
        assert_eq!((&header["alg"], &header["kid"]), (&json!("ES256"), &json!("KEY")));
        assert_eq!((&claims["iss"], &claims["sub"]), (&json!("TEAM"), &json!(CLIENT_ID)));
        assert_eq!(claims["aud"], json!(self.url));
        self.script(|it| {
            let (begins, ends) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
            let in_time = (begins..ends).contains(&it.now);
            in_time && it.client_secrets.insert(secret.to_owned())
        })
    }

    fn answer(&self, nonce: &str) -> Value {
        self.script(|script| {
            let mut claims = json!({
                "iss": self.url,
                "aud": CLIENT_ID,
                "sub": SUBJECT,
                "iat": script.now,
                "exp": script.now + 300,
                "nonce": nonce,
                "email": "canary@example.test",
            });
            (script.edit_claims)(&mut claims);
            let mut answer = json!({
                "access_token": "access-canary",
                "token_type": "Bearer",
                "expires_in": 300,
                "id_token": sign(script.signature, &claims),
            });
            (script.edit_token_answer)(&mut answer);
            answer
        })
    }
}

fn sign(signature: Signature, claims: &Value) -> String {
    use CoreJwsSigningAlgorithm as Alg;
    let secret = || openidconnect::core::CoreHmacKey::new(CLIENT_SECRET);
    let (alg, kid) = match signature {
        Signature::EdDsa | Signature::Foreign => ("EdDSA", "1"),
        Signature::Rotated => ("EdDSA", "2"),
        Signature::Rs256 => ("RS256", "rsa"),
        Signature::None => ("none", "1"),
        Signature::Hmac => ("HS256", "1"),
    };
    let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encode(&json!({"alg": alg, "kid": kid})), encode(claims));
    let message = signed.as_bytes();
    let signature = match signature {
        Signature::EdDsa => ed25519("1").sign(&Alg::EdDsa, message),
        Signature::Foreign => other("1").sign(&Alg::EdDsa, message),
        Signature::Rotated => other("2").sign(&Alg::EdDsa, message),
        Signature::Rs256 => rsa().sign(&Alg::RsaSsaPkcs1V15Sha256, message),
        Signature::Hmac => secret().sign(&Alg::HmacSha256, message),
        Signature::None => Ok(Vec::new()),
    };
    format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature.unwrap()))
}

fn ed25519(kid: &str) -> CoreEdDsaPrivateSigningKey {
    let pem = include_str!("ed25519.pem");
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(pem, Some(JsonWebKeyId::new(kid.into()))).unwrap()
}

fn other(kid: &str) -> CoreEdDsaPrivateSigningKey {
    let pem = include_str!("ed25519_other.pem");
    CoreEdDsaPrivateSigningKey::from_ed25519_pem(pem, Some(JsonWebKeyId::new(kid.into()))).unwrap()
}

fn rsa() -> CoreRsaPrivateSigningKey {
    let pem = include_str!("rsa.pem");
    CoreRsaPrivateSigningKey::from_pem(pem, Some(JsonWebKeyId::new("rsa".into()))).unwrap()
}

impl IntoResponse for Canned {
    fn into_response(self) -> Response {
        match self {
            Self::Status(code) => StatusCode::from_u16(code).unwrap().into_response(),
            Self::Redirect => Redirect::temporary("/elsewhere").into_response(),
            Self::Huge => Json(json!({"padding": "x".repeat(1 << 20)})).into_response(),
            Self::Html => Html("<h1>canary</h1>").into_response(),
            Self::Json(code, body) => {
                (StatusCode::from_u16(code).unwrap(), Json(body)).into_response()
            }
        }
    }
}
