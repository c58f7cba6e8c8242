//! Configuration: every mistake at once, no secret repeated, and a file that explains it all.

use std::collections::{BTreeSet, HashMap};

use server::config::{Config, Mode};

fn read(mode: Mode, variables: &[(&str, &str)]) -> Result<Config, String> {
    let variables: HashMap<&str, &str> = variables.iter().copied().collect();
    let look_up = |name: &str| variables.get(name).map(|value| (*value).to_owned());
    Config::read(mode, None, &look_up).map_err(|error| error.to_string())
}

#[test]
fn nothing_has_to_be_configured() {
    let config = read(Mode::Demo, &[]).expect("a configuration");
    assert_eq!(config.http.addr.to_string(), "127.0.0.1:3000");
    assert!(config.database.url.is_none() && config.oidc.is_none() && config.todoist.is_none());
}

#[test]
fn all_mistakes_are_told_at_once_and_no_secret_with_them() {
    let told = read(
        Mode::Serve,
        &[
            ("LEPTOS_SITE_ADDR", "here"),
            ("OO_BASE_URL", "http://oo.example.org"),
            ("OO_OIDC_CLIENT_SECRET", "hunter2"),
            ("OO_POLICY", "greedy"),
            ("OO_UNDO_SECONDS", "soon"),
            ("OO_LOG_FORMAT", "xml"),
            ("TODOIST_CLIENT_ID", "id"),
            ("TODOIST_CLIENT_SECRET", "swordfish"),
        ],
    )
    .expect_err("mistakes");
    for variable in [
        "LEPTOS_SITE_ADDR",
        "OO_BASE_URL",
        "OO_OIDC_ISSUER",
        "OO_OIDC_CLIENT_ID",
        "OO_POLICY",
        "OO_UNDO_SECONDS",
        "OO_LOG_FORMAT",
        "OO_VAULT_KEYS",
    ] {
        assert!(told.contains(&format!("{variable}: ")), "{variable} in:\n{told}");
    }
    assert!(!told.contains("hunter2") && !told.contains("swordfish"));
}

#[test]
fn the_demo_stays_on_this_machine() {
    for (variable, value) in
        [("OO_BASE_URL", "https://oo.example.org"), ("LEPTOS_SITE_ADDR", "0.0.0.0:3000")]
    {
        let told = read(Mode::Demo, &[(variable, value)]).expect_err("a mistake");
        assert!(told.contains(variable), "{told}");
    }
    assert!(read(Mode::Demo, &[("OO_BASE_URL", "http://localhost:3000")]).is_ok());
}

#[test]
fn what_listens_beyond_this_machine_has_a_public_name() {
    assert!(read(Mode::Serve, &[("LEPTOS_SITE_ADDR", "0.0.0.0:80")]).is_err());
    let named = [("LEPTOS_SITE_ADDR", "0.0.0.0:80"), ("OO_BASE_URL", "https://oo.example.org")];
    assert!(read(Mode::Serve, &named).is_ok());
}

#[test]
fn what_is_named_may_be_private_and_nothing_else() {
    let lan = ("OO_PRIVATE_HOSTS", "auth.lan, 10.0.0.7:8080");
    let todoist = [
        ("TODOIST_CLIENT_ID", "id"),
        ("TODOIST_CLIENT_SECRET", "secret"),
        ("OO_VAULT_KEYS", "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="),
    ];
    let at = |url| [("TODOIST_API_URL", url), lan, todoist[0], todoist[1], todoist[2]];
    let hosts = read(Mode::Serve, &at("http://10.0.0.7:8080/api")).expect("named").hosts;
    let contain = |url: &str| hosts.contain(&url.parse().expect("a URL"));
    assert!(contain("https://auth.lan") && contain("http://10.0.0.7:8080"));
    assert!(!contain("https://api.todoist.com") && !contain("http://10.0.0.7:8081"));

    let hosts = read(Mode::Serve, &at("https://todoist.lan/api")).expect("a service").hosts;
    assert!(hosts.contain(&"https://todoist.lan/oauth".parse().expect("a URL")));

    let told = read(Mode::Serve, &at("http://10.0.0.7:8081/api")).expect_err("plain http");
    assert!(told.contains("TODOIST_API_URL"), "{told}");
    let told = read(Mode::Serve, &[("OO_PRIVATE_HOSTS", "http://auth.lan")]).expect_err("a URL");
    assert!(told.contains("OO_PRIVATE_HOSTS"), "{told}");
}

/// Asks the configuration which variables it looks at, with everything set that makes it look at more.
#[test]
fn the_example_explains_every_variable_and_no_other() {
    let asked = std::cell::RefCell::new(BTreeSet::new());
    let look_up = |name: &str| {
        asked.borrow_mut().insert(name.to_owned());
        Some("https://oo.example.org".to_owned())
    };
    let _ = Config::read(Mode::Serve, None, &look_up);

    let example = include_str!("../../../.env.example");
    let explained: BTreeSet<String> = example
        .lines()
        .filter_map(|line| line.trim_start_matches('#').split_once('='))
        .map(|(name, _)| name.trim().to_owned())
        .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        .collect();
    assert_eq!(*asked.borrow(), explained);
}
