//! What others make of a message: `scripts/test-push.sh` runs it.

use std::{
    env,
    io::Write,
    process::{Command, Stdio},
};

use notifier::Outcome;
use serde_json::{Value, json};

use crate::{CONTACT, Sending, message};

/// The libraries of the web push project for Python open what oO has sealed, and find its signature good.
#[tokio::test]
#[ignore = "asks Python's http_ece and py_vapid: scripts/test-push.sh"]
async fn python_reads_it_too() {
    let python = env::var("OO_TEST_PUSH_PYTHON").expect("scripts/test-push.sh names it");
    let sending = Sending::start().await;
    let (id, to) = sending.subscribe();
    assert_eq!(sending.pusher.send(&to, &message()).await, Outcome::Accepted);
    let [ref arrived] = sending.double.handle().messages_of(&id)[..] else { panic!("one message") };

    let asked = json!({
        "secret": sending.double.handle().secret(&id),
        "auth": to.auth(),
        "body": arrived.body,
        "authorization": arrived.authorization,
    });
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/push/read.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(asked.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());

    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["data"], arrived.data);
    assert_eq!(told["claims"]["aud"], json!(sending.double.base_url()));
    assert_eq!(told["claims"]["sub"], json!(CONTACT));
    assert_eq!(told["claims"]["exp"], json!(arrived.signed.exp));
    assert_eq!(told["changed_is_refused"], json!(true));
}
