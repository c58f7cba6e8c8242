//! What most tests begin with: a running application on a database of its own, and a browser.

use std::{
    collections::{BTreeMap, HashMap},
    net::SocketAddr,
};

use kernel::http::{Answer, Http};
use reqwest::{Method, RequestBuilder, StatusCode, header::HeaderMap};
use server::{
    Application,
    config::{Config, Mode},
    http::Patience,
};
use sqlx::PgPool;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;

/// More than any answer of a test.
const CAP: usize = 1 << 20;

pub(crate) struct House {
    pub(crate) url: String,
    addr: SocketAddr,
    stop: CancellationToken,
    running: JoinHandle<Result<(), String>>,
    data: std::path::PathBuf,
}

impl House {
    pub(crate) async fn demo(db: &PgPool) -> Self {
        Self::start(Mode::Demo, db, &[]).await
    }

    /// With these variables on top.
    pub(crate) async fn start(mode: Mode, db: &PgPool, variables: &[(&str, &str)]) -> Self {
        Self::patient(mode, db, variables, Patience::default()).await
    }

    /// With another patience, too.
    pub(crate) async fn patient(
        mode: Mode,
        db: &PgPool,
        variables: &[(&str, &str)],
        patience: Patience,
    ) -> Self {
        let data = std::env::temp_dir().join(name(db));
        let mut all: HashMap<&str, String> = HashMap::from([
            ("LEPTOS_SITE_ADDR", "127.0.0.1:0".to_owned()),
            ("DATABASE_URL", database_url(db)),
            ("OO_DATABASE_CONNECTIONS", "4".to_owned()),
            ("OO_DATA_DIR", data.to_string_lossy().into_owned()),
            // A test asks faster than people do.
            ("OO_LIMIT_PER_SECOND", "0".to_owned()),
        ]);
        all.extend(variables.iter().map(|(name, value)| (*name, (*value).to_owned())));
        let config = Config::read(mode, None, &|name| all.get(name).cloned()).unwrap();

        let application = Application::build(config).await.unwrap().with_patience(patience);
        let (url, addr) = (application.url().to_owned(), application.addr());
        let stop = CancellationToken::new();
        let running = tokio::spawn({
            let stop = stop.clone();
            async { application.run(stop).await.map_err(|error| error.to_string()) }
        });
        Self { url, addr, stop, running, data }
    }

    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    pub(crate) fn browser(&self) -> Browser {
        let url = Url::parse(&format!("http://{}", self.addr)).unwrap();
        // The house, and the double.
        let hosts = "127.0.0.1".parse().unwrap();
        Browser { url, cookies: BTreeMap::new(), http: Http::new(hosts).unwrap() }
    }

    /// Signed in to the demo's account.
    pub(crate) async fn visitor(&self) -> Browser {
        let mut browser = self.browser();
        assert_eq!(browser.post("/demo", &[]).await.status, StatusCode::SEE_OTHER);
        browser
    }

    pub(crate) async fn stop(self) {
        self.stop.cancel();
        self.running.await.unwrap().unwrap();
        let _ = std::fs::remove_dir_all(self.data);
    }
}

/// Keeps cookies, and follows no redirect.
pub(crate) struct Browser {
    url: Url,
    cookies: BTreeMap<String, String>,
    http: Http,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Browser {
    pub(crate) async fn get(&mut self, path: &str) -> Reply {
        let request = self.request(Method::GET, path).header("accept", "text/html");
        self.send(request).await
    }

    /// As a form of our own page does.
    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Reply {
        let request = self.request(Method::POST, path).form(form);
        let request = request.header("accept", "text/html").header("sec-fetch-site", "same-origin");
        self.send(request).await
    }

    /// With nothing but the cookies.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = self.http.client().request(method, self.url.join(path).unwrap());
        if cookies.is_empty() { request } else { request.header("cookie", cookies.join("; ")) }
    }

    pub(crate) async fn send(&mut self, request: RequestBuilder) -> Reply {
        let Answer { status, headers, body } = self.http.send(request, CAP).await.unwrap();
        for cookie in headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        Reply { status, headers, text: String::from_utf8_lossy(&body).into_owned() }
    }

    pub(crate) fn cookies(&mut self) -> &mut BTreeMap<String, String> {
        &mut self.cookies
    }

    pub(crate) async fn is_signed_in(&mut self) -> bool {
        self.get("/settings").await.status == StatusCode::OK
    }
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The value of the first field of this name.
    pub(crate) fn field(&self, name: &str) -> String {
        let field = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.text.split_once(&field).unwrap_or_else(|| panic!("no {name}"));
        rest.split_once('"').unwrap().0.to_owned()
    }
}

/// The URL of the database that a test has for itself.
pub(crate) fn database_url(db: &PgPool) -> String {
    let mut url = Url::parse(&std::env::var("DATABASE_URL").unwrap()).unwrap();
    url.set_path(&name(db));
    url.into()
}

pub(crate) fn name(db: &PgPool) -> String {
    db.connect_options().get_database().unwrap().to_owned()
}
