//! Configuration: every mistake at once, no secret repeated, and a file that explains it all.

use std::collections::{BTreeSet, HashMap};

use auth::oidc::Credential;
use kernel::Entropy;
use notifier::push::Key;
use secrecy::ExposeSecret;
use server::config::{Config, Mode};
use vault::MasterKeys;

fn read(mode: Mode, variables: &[(&str, &str)]) -> Result<Config, String> {
    let variables: HashMap<&str, &str> = variables.iter().copied().collect();
    let look_up = |name: &str| variables.get(name).map(|value| (*value).to_owned());
    Config::read(mode, None, &look_up).map_err(|error| error.to_string())
}

#[test]
fn nothing_has_to_be_configured() {
    let config = read(Mode::Demo, &[]).expect("a configuration");
    assert_eq!(config.http.addr.to_string(), "127.0.0.1:3000");
    assert!(config.sign_in.providers.is_empty() && !config.sign_in.registration.is_open);
    assert!(config.database.url.is_none() && config.todoist.is_none());
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
    let (lan, key) = (("OO_PRIVATE_HOSTS", "auth.lan, 10.0.0.7:8080"), new_key());
    let todoist = [
        ("TODOIST_CLIENT_ID", "id"),
        ("TODOIST_CLIENT_SECRET", "a secret of the two"),
        ("OO_VAULT_KEYS", &key),
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

/// A file of its own with this text, and its path.
fn file(name: &str, text: impl AsRef<[u8]>) -> String {
    let path = std::env::temp_dir().join(format!("oo-{}-{name}", std::process::id()));
    std::fs::write(&path, text).unwrap();
    path.to_string_lossy().into_owned()
}

fn new_key() -> String {
    let key = MasterKeys::generate(&Entropy::from_os().unwrap());
    key.expose_secret().to_owned()
}

#[test]
fn secrets_are_read_from_files() {
    let url = "postgres://oo:secret@localhost/oo";
    let (key, other) = (new_key(), new_key());
    let files = [
        ("DATABASE_URL_FILE", file("url", format!("{url}\n"))),
        ("OO_OIDC_CLIENT_SECRET_FILE", file("oidc", "a  secret of the two\r\n")),
        ("TODOIST_CLIENT_SECRET_FILE", file("todoist", "0123456789abcdef")),
        ("OO_VAULT_KEYS_FILE", file("keys", format!("{key},{other}\n"))),
    ];
    let mut variables = vec![
        ("OO_OIDC_ISSUER", "https://auth.example.org"),
        ("OO_OIDC_CLIENT_ID", "oo"),
        ("TODOIST_CLIENT_ID", "oo"),
    ];
    variables.extend(files.iter().map(|(name, path)| (*name, path.as_str())));
    let config = read(Mode::Serve, &variables).expect("a configuration");

    let Credential::Secret(secret) = &config.sign_in.providers[0].credential else {
        panic!("a client secret was expected")
    };
    let todoist = config.todoist.expect("Todoist");
    assert_eq!(config.database.url.expect("a URL").expose_secret(), url);
    assert_eq!(secret.expose_secret(), "a  secret of the two");
    assert_eq!(todoist.client_secret.expose_secret(), "0123456789abcdef");
    let keys = config.vault_keys.expect("keys");
    let ids: Vec<&str> = [&key, &other].map(|key| key.split_once(':').expect("an id").0).into();
    assert_eq!(keys.ids().collect::<Vec<_>>(), ids);
    for (_, path) in &files {
        std::fs::remove_file(path).expect("it is there");
    }
}

#[test]
fn files_that_hold_no_secret_are_told_without_a_word_of_them() {
    let (empty, binary) =
        (file("empty", "\n"), file("binary", [b"sword", &[0xFF; 4][..]].concat()));
    let large = file("large", "sword".repeat(20_000));
    let folder = std::env::temp_dir().to_string_lossy().into_owned();
    for path in [empty.as_str(), &binary, &large, &folder, "/nowhere/swordfish"] {
        let variables = [("TODOIST_CLIENT_ID", "oo"), ("TODOIST_CLIENT_SECRET_FILE", path)];
        let variables = [&variables[..], &[("OO_VAULT_KEYS_FILE", path)]].concat();
        let told = read(Mode::Serve, &variables).expect_err("mistakes");
        for name in ["TODOIST_CLIENT_SECRET_FILE", "OO_VAULT_KEYS_FILE"] {
            assert!(told.contains(&format!("{name}: the file that it names ")), "{told}");
        }
        // One mistake each: that they are set is not in doubt.
        assert!(told.contains("2 things") && !told.contains("sword"), "{told}");
    }
    for path in [empty, binary, large] {
        std::fs::remove_file(path).expect("it is there");
    }
}

#[test]
fn a_secret_is_given_once() {
    let path = file("twice", "0123456789abcdef");
    let told = read(
        Mode::Serve,
        &[
            ("TODOIST_CLIENT_ID", "oo"),
            ("TODOIST_CLIENT_SECRET", "fedcba9876543210"),
            ("TODOIST_CLIENT_SECRET_FILE", &path),
            ("OO_VAULT_KEYS", &new_key()),
        ],
    )
    .expect_err("a mistake");
    assert!(told.contains("one thing"), "{told}");
    assert!(told.contains("TODOIST_CLIENT_SECRET: it is set, and so is "), "{told}");
    std::fs::remove_file(path).expect("it is there");
}

#[test]
fn weak_secrets_stop_the_start() {
    let with = |name: &'static str, value: &str| {
        let key = new_key();
        let mut variables = HashMap::from([
            ("OO_OIDC_ISSUER", "https://auth.example.org"),
            ("OO_OIDC_CLIENT_ID", "oo"),
            ("OO_OIDC_CLIENT_SECRET", "0123456789abcdef"),
            ("TODOIST_CLIENT_ID", "oo"),
            ("TODOIST_CLIENT_SECRET", "0123456789abcdef"),
            ("OO_VAULT_KEYS", &key),
        ]);
        variables.insert(name, value);
        let variables: Vec<_> = variables.into_iter().collect();
        read(Mode::Serve, &variables).map(drop)
    };
    assert_eq!(with("OO_LOG", "info"), Ok(()));

    for name in ["OO_OIDC_CLIENT_SECRET", "TODOIST_CLIENT_SECRET"] {
        for weak in ["hunter2", "secret", "ChangeMe", "password", "xxxxxxxxxxxx"] {
            let told = with(name, weak).expect_err(weak);
            assert!(told.contains("one thing") && told.contains(&format!("{name}: it is weak")));
            assert!(!told.contains(weak), "{told}");
        }
    }
    for weak in [
        "k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        // 0123456789abcdef0123456789abcdef
        "k1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    ] {
        let told = with("OO_VAULT_KEYS", weak).expect_err(weak);
        assert!(told.contains("one thing") && told.contains("OO_VAULT_KEYS: key 1 is weak"));
        assert!(told.contains("`oo keys generate`") && !told.contains(&weak[3..10]), "{told}");
    }
    let told = with("OO_VAULT_KEYS", "k1:AAAA").expect_err("a mistake");
    assert!(told.contains("key 1 has 3 bytes") && told.contains("`oo keys generate`"), "{told}");
}

#[test]
fn notes_are_signed_by_a_key_that_somebody_answers_for() {
    let key = Key::generate(&Entropy::from_os().unwrap());
    let secret = key.secret().expose_secret();
    let contact = ("OO_PUSH_CONTACT", "mailto:ana@example.org");
    let both =
        [("OO_PUSH_KEY", secret), contact, ("OO_PUSH_HOSTS", "push.example.org, 10.0.0.7:8080")];
    let push = read(Mode::Serve, &both).expect("a configuration").push.expect("notes");
    assert_eq!((push.key.public(), push.contact.as_str()), (key.public(), contact.1));
    assert!(push.services.named().contain(&"http://10.0.0.7:8080/x".parse().unwrap()));
    // What carries notes may be private for that alone.
    let config = read(Mode::Serve, &both).expect("a configuration");
    assert!(!config.hosts.contain(&"http://10.0.0.7:8080/x".parse().unwrap()));

    assert!(read(Mode::Serve, &[]).expect("a configuration").push.is_none());
    for (variables, expected) in [
        (vec![("OO_PUSH_KEY", secret)], "OO_PUSH_CONTACT: it is not set"),
        (vec![contact], "OO_PUSH_KEY: it is not set"),
        (vec![("OO_PUSH_KEY", "swordfish"), contact], "OO_PUSH_KEY: the key "),
        (vec![("OO_PUSH_KEY", &secret[1..]), contact], "OO_PUSH_KEY: the key "),
        (vec![("OO_PUSH_HOSTS", "com")], "OO_PUSH_HOSTS: "),
        (vec![("OO_PUSH_HOSTS", "https://push.example.org")], "OO_PUSH_HOSTS: "),
    ] {
        let told = read(Mode::Serve, &variables).expect_err("a mistake");
        assert!(told.contains("one thing") && told.contains(expected), "{told}");
        assert!(!told.contains(&secret[1..]) && !told.contains("swordfish"), "{told}");
    }
    for sloppy in
        ["ana@example.org", "mailto:ana", "mailto: <ana@example.org>", "http://example.org"]
    {
        let variables = [("OO_PUSH_KEY", secret), ("OO_PUSH_CONTACT", sloppy)];
        let told = read(Mode::Serve, &variables).expect_err(sloppy);
        assert!(told.contains("one thing") && told.contains("OO_PUSH_CONTACT: "), "{told}");
    }
}

/// Asks the configuration which variables it looks at, with everything set that makes it look at more.
#[test]
fn the_example_explains_every_variable_and_no_other() {
    let asked = std::cell::RefCell::new(BTreeSet::new());
    let look_up = |name: &str| {
        asked.borrow_mut().insert(name.trim_end_matches("_FILE").to_owned());
        let value = match name {
            "OO_OIDC_PROVIDERS" => "home",
            "OO_MODELS" => "s3://house",
            _ => "https://oo.example.org",
        };
        Some(value.to_owned())
    };
    let _ = Config::read(Mode::Serve, None, &look_up);

    let example = include_str!("../../../.env.example");
    let explained: BTreeSet<String> = example
        .lines()
        .filter_map(|line| line.trim_start_matches('#').split_once('='))
        .map(|(name, _)| name.trim().trim_end_matches("_FILE").to_owned())
        .filter(|name| name.chars().all(|c| c.is_ascii_uppercase() || c == '_'))
        .collect();
    assert_eq!(*asked.borrow(), explained);
}

#[test]
fn any_number_of_providers_can_be_named() {
    let of = |prefix: &'static str, key: &str| {
        let names = [
            format!("{prefix}_ISSUER"),
            format!("{prefix}_CLIENT_ID"),
            format!("{prefix}_CLIENT_SECRET"),
        ];
        let values = [format!("https://{key}.example.org"), "oo".to_owned(), "a secret".to_owned()];
        names.into_iter().zip(values)
    };
    let variables: HashMap<String, String> = of("GOOGLE", "google")
        .chain(of("OO_OIDC", "plain"))
        .chain(of("OO_OIDC_HOME", "home"))
        .chain(of("OO_OIDC_AT_WORK", "work"))
        .chain([("OO_OIDC_PROVIDERS".to_owned(), "home, at-work".to_owned())])
        .collect();
    let config =
        Config::read(Mode::Serve, None, &|name| variables.get(name).cloned()).expect("no mistake");
    let found: Vec<_> = config
        .sign_in
        .providers
        .iter()
        .map(|provider| (provider.key.as_str(), provider.issuer.as_str()))
        .collect();
    let expected = [
        ("google", "https://google.example.org"),
        ("oidc", "https://plain.example.org"),
        ("home", "https://home.example.org"),
        ("at-work", "https://work.example.org"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn mistakes_of_the_sign_in_are_told_without_secrets() {
    for (variables, expected) in [
        (vec![("OO_OIDC_PROVIDERS", "Home")], "OO_OIDC_PROVIDERS: "),
        (vec![("OO_OIDC_PROVIDERS", "home,home")], "OO_OIDC_PROVIDERS: "),
        (vec![("OO_OIDC_PROVIDERS", "google")], "OO_OIDC_PROVIDERS: "),
        (
            vec![("OO_OIDC_PROVIDERS", "home"), ("OO_OIDC_HOME_CLIENT_ID", "oo")],
            "OO_OIDC_HOME_ISSUER: ",
        ),
        (vec![("OO_REGISTRATION", "ajar")], "OO_REGISTRATION: "),
        (vec![("OO_ALLOWED", "ana@example.org,example.com")], "OO_ALLOWED: "),
        (
            vec![
                ("APPLE_CLIENT_ID", "a"),
                ("APPLE_TEAM_ID", "b"),
                ("APPLE_KEY_ID", "c"),
                ("APPLE_PRIVATE_KEY", "swordfish"),
            ],
            "APPLE_PRIVATE_KEY: ",
        ),
    ] {
        let told = read(Mode::Serve, &variables).expect_err("a mistake");
        assert!(told.contains(expected) && !told.contains("swordfish"), "{told}");
    }
}

#[test]
fn models_go_to_a_folder_or_to_a_bucket() {
    use lab::artefact::Place;

    let lab = |variables: &[(&str, &str)]| read(Mode::Demo, variables).map(|config| config.lab);
    let Place::Folder(folder) = lab(&[("OO_DATA_DIR", "here")]).expect("nothing").artefacts else {
        panic!("a folder, unless another place is named")
    };
    assert_eq!(folder, std::path::Path::new("here/models"));

    let keys = [("AWS_ACCESS_KEY_ID", "someone"), ("AWS_SECRET_ACCESS_KEY", "a long secret")];
    let at = |place| [("OO_MODELS", place), keys[0], keys[1]];
    let Place::S3(s3) = lab(&at("s3://house/oo/models/")).expect("a bucket").artefacts else {
        panic!("a bucket was named")
    };
    assert_eq!((s3.bucket.as_str(), s3.prefix.as_str()), ("house", "oo/models/"));
    assert_eq!(s3.endpoint.as_str(), "https://s3.us-east-1.amazonaws.com/");
    let told = lab(&at("s3:///oo")).expect_err("no bucket");
    assert!(told.contains("OO_MODELS"), "{told}");
    let told = lab(&[("OO_MODELS", "s3://house")]).expect_err("no keys");
    assert!(told.contains("AWS_ACCESS_KEY_ID") && told.contains("AWS_SECRET"), "{told}");

    let told = lab(&[("MLFLOW_TRACKING_URI", "file:./mlruns")]).expect_err("no server");
    assert!(told.contains("MLFLOW_TRACKING_URI"), "{told}");
    let server = ("MLFLOW_TRACKING_URI", "https://mlflow.example.org");
    assert!(lab(&[server]).expect("a server").mlflow.is_some());
    let told = lab(&[server, ("MLFLOW_TRACKING_USERNAME", "someone")]).expect_err("half a login");
    assert!(told.contains("MLFLOW_TRACKING_PASSWORD"), "{told}");
}
