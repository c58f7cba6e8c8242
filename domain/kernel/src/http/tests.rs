use std::{
    collections::VecDeque,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};

use reqwest::dns::{Addrs, Name, Resolving};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::mpsc,
};

use super::*;

const CAP: usize = 1024;

/// Longer than any test, but where it is to be waited for.
const LONG: Duration = Duration::from_mins(10);

/// Resolves every name to the next of its answers, and to the last one from then on.
struct Script(Mutex<VecDeque<Vec<IpAddr>>>);

impl Script {
    fn of(answers: &[&[&str]]) -> Arc<dyn Resolve> {
        let answer = |ips: &&[&str]| ips.iter().map(|ip| ip.parse().unwrap()).collect();
        Arc::new(Self(Mutex::new(answers.iter().map(answer).collect())))
    }
}

impl Resolve for Script {
    fn resolve(&self, _: Name) -> Resolving {
        let mut answers = self.0.lock().unwrap();
        let ips = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        let ips = ips.unwrap_or_default();
        Box::pin(async move {
            let addrs = ips.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(addrs) as Addrs)
        })
    }
}

/// A server that says what it is told to, and tells what it was asked: each request's head.
struct Server {
    url: Url,
    asked: mpsc::UnboundedReceiver<String>,
}

impl Server {
    /// `answer` is what it says to each request, letter by letter; then it keeps silent.
    async fn saying(answer: &str) -> Self {
        Self::repeating(answer, false).await
    }

    async fn repeating(answer: &str, without_end: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
        let (tell, asked) = mpsc::unbounded_channel();
        let answer = answer.replace("{here}", url.as_str().trim_end_matches('/'));
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let (tell, answer) = (tell.clone(), answer.clone());
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while let Ok(byte) = stream.read_u8().await {
                        head.push(byte);
                        if head.ends_with(b"\r\n\r\n") {
                            let _ =
                                tell.send(String::from_utf8(std::mem::take(&mut head)).unwrap());
                            while stream.write_all(answer.as_bytes()).await.is_ok() && without_end {
                            }
                        }
                    }
                });
            }
        });
        Self { url, asked }
    }

    async fn ok() -> Self {
        Self::saying("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await
    }

    async fn redirecting(to: &str) -> Self {
        let answer = format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
        Self::saying(&answer).await
    }

    fn was_asked(&mut self) -> Option<String> {
        self.asked.try_recv().ok()
    }

    /// The same port under another host.
    fn under(&self, host: &str) -> String {
        format!("http://{host}:{}/", self.url.port().unwrap())
    }
}

fn naming(urls: &[&str]) -> Http {
    let urls: Vec<Url> = urls.iter().map(|url| url.parse().unwrap()).collect();
    Http::new(urls.iter().collect()).unwrap()
}

async fn get(http: &Http, url: &str) -> Result<Answer, HttpError> {
    http.send(http.client().get(url), CAP).await
}

async fn follow(http: &Http, url: &str, hops: usize) -> Result<Answer, HttpError> {
    let request = http.client().get(url).bearer_auth("canary").header("accept", "text/calendar");
    http.follow(request, CAP, hops).await
}

macro_rules! assert_refused {
    ($result:expr, $($told:tt)*) => {{
        let result = $result;
        assert!(matches!(result, Err(HttpError::Refused)), "{}: {result:?}", format!($($told)*));
    }};
}

#[tokio::test]
async fn a_host_that_is_named_may_be_private() {
    let mut server = Server::ok().await;
    let http = naming(&[server.url.as_str()]);
    let answer = get(&http, server.url.as_str()).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.body.as_slice()), (200, &b"ok"[..]));

    let head = server.was_asked().unwrap();
    assert!(head.contains("user-agent: oO/"), "{head}");
    assert!(!head.contains("accept-encoding"), "what arrives is what is counted: {head}");
}

#[tokio::test]
async fn another_port_of_it_is_not_named() {
    let mut server = Server::ok().await;
    assert_refused!(get(&naming(&["http://127.0.0.1:1"]), server.url.as_str()).await, "a port");
    assert_refused!(get(&naming(&[]), server.url.as_str()).await, "nothing named");
    assert_eq!(server.was_asked(), None);
}

#[tokio::test]
async fn addresses_are_refused_however_they_are_spelled() {
    let http = naming(&[]);
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "0",
        "10.0.0.1",
        "169.254.169.254",
        "0xa9fea9fe",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::a9fe:a9fe]",
        "[fe80::1]",
        "[fd00::1]",
    ] {
        assert_refused!(get(&http, &format!("https://{host}/")).await, "{host}");
    }
}

#[tokio::test]
async fn plain_http_is_for_hosts_that_are_named() {
    let http = naming(&[]);
    for url in
        ["http://example.org/", "http://1.1.1.1/", "ftp://example.org/", "file:///etc/passwd"]
    {
        let refused = get(&http, url).await;
        assert!(matches!(refused, Err(HttpError::Refused | HttpError::Invalid)), "{url}");
    }
    // One that is named, and yet not in a network of one's own: nobody is to read along.
    assert_refused!(get(&naming(&["http://1.1.1.1/"]), "http://1.1.1.1/").await, "in clear");
    assert_refused!(get(&naming(&["http://169.254.169.254"]), "http://169.254.169.254").await, "");
}

#[tokio::test]
async fn a_name_that_leads_inside_is_refused_when_it_is_dialled() {
    let mut server = Server::ok().await;
    let https = server.under("rebound.test").replace("http:", "https:");
    for answers in [
        &[&["127.0.0.1"][..]][..],
        &[&["::1", "127.0.0.1", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254"]],
        &[&[]],
    ] {
        let http = Http::over(&Script::of(answers), Hosts::default(), PATIENCE).unwrap();
        assert_refused!(get(&http, &https).await, "{answers:?}");
    }
    assert_eq!(server.was_asked(), None);

    // The operating system's own.
    let localhost = server.under("localhost").replace("http:", "https:");
    assert_refused!(get(&naming(&[]), &localhost).await, "localhost");
}

#[tokio::test]
async fn a_name_that_was_public_a_moment_ago_is_refused_too() {
    let mut server = Server::ok().await;
    let https = server.under("rebound.test").replace("http:", "https:");
    let names = Script::of(&[&["1.1.1.1"], &["127.0.0.1"]]);
    let guarded = Guarded::new(names.clone(), Rule::Public);

    // Who would look first and dial then is told that it is public.
    let looked: Vec<_> = guarded.resolve("rebound.test".parse().unwrap()).await.unwrap().collect();
    assert_eq!(looked, ["1.1.1.1:0".parse().unwrap()]);
    let http = Http::over(&names, Hosts::default(), PATIENCE).unwrap();
    assert_refused!(get(&http, &https).await, "rebound");
    assert_eq!(server.was_asked(), None);
}

#[tokio::test]
async fn of_several_addresses_those_that_are_allowed_remain() {
    let names = Script::of(&[&["127.0.0.1", "1.1.1.1", "169.254.169.254", "10.0.0.1"]]);
    let left = async |rule| -> Vec<String> {
        let guarded = Guarded::new(names.clone(), rule);
        let found = guarded.resolve("mixed.test".parse().unwrap()).await.unwrap();
        found.map(|addr| addr.ip().to_string()).collect()
    };
    assert_eq!(left(Rule::Public).await, ["1.1.1.1"]);
    assert_eq!(left(Rule::Named).await, ["127.0.0.1", "1.1.1.1", "10.0.0.1"]);
    assert_eq!(left(Rule::Clear).await, ["127.0.0.1", "10.0.0.1"]);
}

#[tokio::test]
async fn a_name_in_ones_own_network_works_when_it_is_named() {
    let mut server = Server::ok().await;
    let url = server.under("tasks.lan");
    let hosts: Hosts = "tasks.lan".parse().unwrap();
    let http = Http::over(&Script::of(&[&["127.0.0.1"]]), hosts, PATIENCE).unwrap();
    assert_eq!(get(&http, &url).await.unwrap().body, b"ok");
    assert!(server.was_asked().is_some());
    // Not to the addresses at which clouds give out secrets.
    let hosts: Hosts = "tasks.lan".parse().unwrap();
    let http = Http::over(&Script::of(&[&["169.254.169.254"]]), hosts, PATIENCE).unwrap();
    assert_refused!(get(&http, &url).await, "link-local");
}

#[tokio::test]
async fn redirects_are_answers() {
    let mut server = Server::redirecting("{here}/there").await;
    let http = naming(&[server.url.as_str()]);
    let answer = get(&http, server.url.as_str()).await.unwrap();
    assert_eq!(answer.status.as_u16(), 302);
    assert!(server.was_asked().unwrap().starts_with("GET / "));
    assert_eq!(server.was_asked(), None);
}

#[tokio::test]
async fn redirects_are_followed_where_they_are_wanted_and_not_for_ever() {
    let mut server = Server::redirecting("/there").await;
    let http = naming(&[server.url.as_str()]);
    let answer = follow(&http, server.url.as_str(), 2).await;
    assert!(matches!(answer, Err(HttpError::Astray)), "{answer:?}");
    for path in ["/", "/there", "/there"] {
        let head = server.was_asked().unwrap();
        assert!(head.starts_with(&format!("GET {path} ")), "{head}");
        assert!(head.contains("Bearer canary") && head.contains("text/calendar"), "{head}");
    }
    assert_eq!(server.was_asked(), None);

    let request = http.client().post(server.url.clone()).body("once");
    assert!(matches!(http.follow(request, CAP, 2).await, Err(HttpError::Invalid)));
}

#[tokio::test]
async fn a_hop_goes_nowhere_inside() {
    let mut inside = Server::ok().await;
    let within = inside.url.to_string();
    for to in [
        within.as_str(),
        "https://127.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://localhost/",
        "http://example.org/",
        "https://someone:secret@example.org/",
        "ftp://example.org/",
        "https://",
    ] {
        let server = Server::redirecting(to).await;
        // Named as it is, nobody else may send there.
        let http = naming(&[server.url.as_str(), &within]);
        assert_refused!(follow(&http, server.url.as_str(), 3).await, "{to}");
    }
    assert_eq!(inside.was_asked(), None);
}

#[test]
fn a_hop_elsewhere_takes_no_secret_along() {
    let secrets =
        ["authorization", "cookie", "proxy-authorization", "x-api-key", "referer", "x-request-id"];
    let mut headers = HeaderMap::new();
    for name in secrets {
        headers.insert(name, "canary".parse().unwrap());
    }
    headers.insert("accept", "text/calendar".parse().unwrap());
    let harmless = follow::harmless(&headers);
    assert_eq!(harmless.len(), 1);
    assert_eq!(harmless["accept"], "text/calendar");
}

#[tokio::test]
async fn nobody_keeps_it_waiting() {
    let hurried = Patience { connect: LONG, total: Duration::from_millis(50) };
    for answer in [
        "",
        "HTTP/1.1 200 OK\r\nx-slow: ",
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf",
    ] {
        let server = Server::saying(answer).await;
        let hosts = [&server.url].into_iter().collect();
        let system: Arc<dyn Resolve> = Arc::new(System);
        let http = Http::over(&system, hosts, hurried).unwrap();
        let error = get(&http, server.url.as_str()).await.unwrap_err();
        assert!(matches!(error, HttpError::Timeout), "{answer:?}: {error:?}");
        let error = follow(&http, server.url.as_str(), 3).await.unwrap_err();
        assert!(matches!(error, HttpError::Timeout), "{answer:?}: {error:?}");
    }
}

#[tokio::test]
async fn a_request_of_others_is_under_the_same_rules_and_has_a_patience_of_its_own() {
    let built = |url: &str| Http::new(Hosts::default()).unwrap().client().get(url).build().unwrap();
    let hurried = Duration::from_millis(50);
    let server = Server::saying("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf").await;
    let system: Arc<dyn Resolve> = Arc::new(System);
    let patient = Patience { connect: LONG, total: LONG };
    let hosts = [&server.url].into_iter().collect();
    let http = Http::over(&system, hosts, patient).unwrap();
    let slow = http.send_built(built(server.url.as_str()), hurried, CAP).await;
    assert!(matches!(slow, Err(HttpError::Timeout)));
    let inside = http.send_built(built("http://127.0.0.1:1/"), hurried, CAP).await;
    assert!(matches!(inside, Err(HttpError::Refused)));

    let server = Server::ok().await;
    let hosts = [&server.url].into_iter().collect();
    let hasty =
        Http::over(&system, hosts, Patience { connect: LONG, total: Duration::ZERO }).unwrap();
    let answer = hasty.send_built(built(server.url.as_str()), LONG, CAP).await;
    assert_eq!(answer.unwrap().status, StatusCode::OK);
}

#[tokio::test]
async fn a_name_that_is_never_resolved_is_not_waited_for() {
    struct Never;
    impl Resolve for Never {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(std::future::pending())
        }
    }
    let never: Arc<dyn Resolve> = Arc::new(Never);
    let hurried = Patience { connect: Duration::from_millis(50), total: LONG };
    let http = Http::over(&never, Hosts::default(), hurried).unwrap();
    assert!(matches!(get(&http, "https://never.test/").await, Err(HttpError::Timeout)));
}

#[tokio::test]
async fn nobody_feeds_it_without_end() {
    let head = "HTTP/1.1 200 OK\r\n";
    let long = format!("{head}content-length: {}\r\n\r\n{}", CAP + 1, "x".repeat(CAP + 1));
    let exact = format!("{head}content-length: {CAP}\r\n\r\n{}", "x".repeat(CAP));
    let fits = Server::saying(&exact).await;
    let answer = get(&naming(&[fits.url.as_str()]), fits.url.as_str()).await.unwrap();
    assert_eq!(answer.body.len(), CAP);

    let over = Server::saying(&long).await;
    let error = get(&naming(&[over.url.as_str()]), over.url.as_str()).await.unwrap_err();
    assert!(matches!(error, HttpError::TooLarge { cap: CAP }), "{error:?}");

    // Headers and a body that never end: what follows the head is one chunk after another.
    let endless = Server::repeating("HTTP/1.1 200 OK\r\nx-more: and more\r\n", true).await;
    let error = get(&naming(&[endless.url.as_str()]), endless.url.as_str()).await.unwrap_err();
    assert!(matches!(error, HttpError::Unreachable), "{error:?}");
    let endless = Server::repeating("HTTP/1.1 200 OK\r\n\r\nand more", true).await;
    let error = get(&naming(&[endless.url.as_str()]), endless.url.as_str()).await.unwrap_err();
    assert!(matches!(error, HttpError::TooLarge { cap: CAP }), "{error:?}");
}

#[tokio::test]
async fn an_error_tells_neither_address_nor_content() {
    let http = naming(&["http://127.0.0.1:1"]);
    for url in ["http://127.0.0.1:1/canary", "https://10.0.0.1/canary", "http://canary.test/"] {
        let error = get(&http, url).await.unwrap_err();
        let told = format!("{error} {error:?}");
        assert!(
            !told.contains("canary") && !told.contains("127") && !told.contains("10."),
            "{told}"
        );
    }
}

#[test]
fn hosts_are_read() {
    let hosts: Hosts = "auth.lan, LiteLLM:4000,10.0.0.7:80 , [fd00::1]:8443,".parse().unwrap();
    let contain = |url: &str| hosts.contain(&url.parse().unwrap());
    for url in [
        "https://auth.lan",
        "http://AUTH.lan:8080/x",
        "http://litellm:4000/v1",
        "http://10.0.0.7/",
        "https://[fd00::1]:8443/",
    ] {
        assert!(contain(url), "{url}");
    }
    for url in [
        "https://auth.lan.evil.test",
        "https://notauth.lan",
        "http://litellm/",
        "https://10.0.0.7/",
        "https://[fd00::1]/",
    ] {
        assert!(!contain(url), "{url}");
    }
    for text in ["http://auth.lan", "auth.lan/x", "a b", "user@auth.lan", "auth.lan:http", "[::1"] {
        assert_eq!(text.parse::<Hosts>(), Err(NoHosts), "{text}");
    }
    assert_eq!("".parse::<Hosts>(), Ok(Hosts::default()));
}
