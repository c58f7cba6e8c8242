use std::time::Duration;

use chrono::TimeDelta;
use serde_json::{Value, json};
use testkit::todoist::{CLIENT_ID, CLIENT_SECRET, NewAccount};

use crate::{Client, start, told};

const CALLBACK: &str = "http://127.0.0.1:9/connect/todoist/callback";

/// Answers the consent page and tells where it leads.
async fn consent(client: &Client, decision: &str, further: &[(&str, &str)]) -> url::Url {
    let mut fields = vec![
        ("client_id", CLIENT_ID),
        ("scope", "data:read_write,data:delete"),
        ("state", "s&t=a te"),
        ("redirect_uri", CALLBACK),
        ("decision", decision),
    ];
    fields.extend_from_slice(further);
    let answer = client.form("/oauth/authorize", &fields).await;
    assert_eq!(answer.status.as_u16(), 302);
    answer.headers["location"].to_str().unwrap().parse().unwrap()
}

fn query(url: &url::Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(own, _)| own == name).map(|(_, value)| value.into())
}

async fn exchange(client: &Client, code: &str, further: &[(&str, &str)]) -> (u16, Value) {
    let mut fields =
        vec![("client_id", CLIENT_ID), ("client_secret", CLIENT_SECRET), ("code", code)];
    fields.extend_from_slice(further);
    told(&client.form("/oauth/access_token", &fields).await)
}

#[tokio::test]
async fn a_code_works_once() {
    let (_double, _, client) = start().await;
    let back = consent(&client, "allow", &[]).await;
    assert!(back.as_str().starts_with(CALLBACK));
    assert_eq!(query(&back, "state").as_deref(), Some("s&t=a te"));
    let code = query(&back, "code").unwrap();

    let (status, tokens) = exchange(&client, &code, &[("redirect_uri", CALLBACK)]).await;
    assert_eq!(status, 200);
    assert_eq!(tokens["expires_in"], 3600);
    assert_eq!(tokens["scope"], "data:read_write data:delete");
    let caller = client.with_token(tokens["access_token"].as_str().unwrap());
    assert_eq!(caller.get("/api/v1/tasks").await.0, 200);

    let again = exchange(&client, &code, &[]).await;
    assert_eq!(again, (400, json!({ "error": "bad_authorization_code" })));
}

#[tokio::test]
async fn the_exchange_checks_return_address_verifier_and_client() {
    let (_double, _, client) = start().await;
    let code = query(&consent(&client, "allow", &[]).await, "code").unwrap();
    let elsewhere = exchange(&client, &code, &[("redirect_uri", "http://127.0.0.1/else")]).await;
    assert_eq!(elsewhere.0, 400);

    // The pair of RFC 7636, appendix B.
    let challenge = [
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    let code = query(&consent(&client, "allow", &challenge).await, "code").unwrap();
    assert_eq!(exchange(&client, &code, &[("code_verifier", "wrong")]).await.0, 400);
    let code = query(&consent(&client, "allow", &challenge).await, "code").unwrap();
    let verifier = [("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")];
    assert_eq!(exchange(&client, &code, &verifier).await.0, 200);

    let code = query(&consent(&client, "allow", &[]).await, "code").unwrap();
    let stranger = [("client_id", CLIENT_ID), ("client_secret", "no"), ("code", code.as_str())];
    let refused = told(&client.form("/oauth/access_token", &stranger).await);
    assert_eq!(refused, (400, json!({ "error": "incorrect_application_credentials" })));
}

#[tokio::test]
async fn the_page_refuses_what_it_should() {
    let (_double, _, client) = start().await;
    let back = consent(&client, "deny", &[]).await;
    assert_eq!(back.as_str(), format!("{CALLBACK}?error=access_denied"));

    let page = |query: &str| {
        let path = format!("/oauth/authorize?{query}");
        async { client.raw("GET", &{ path }, None).await.unwrap() }
    };
    let asked = |id: &str, scope: &str, back: &str| {
        format!("client_id={id}&scope={scope}&state=%22%3E%3Cb%3E&redirect_uri={back}")
    };
    let good = page(&asked(CLIENT_ID, "data:read,task:add", CALLBACK)).await;
    let html = String::from_utf8(good.body).unwrap();
    assert_eq!(good.status.as_u16(), 200);
    assert!(
        html.contains("Allow") && html.contains("Deny") && html.contains("data:read, task:add")
    );
    assert!(!html.contains("\"><b>") && !html.contains("{{"));

    assert_eq!(page(&asked("other", "data:read", CALLBACK)).await.status.as_u16(), 400);
    for address in ["http://example.org/", "javascript:alert(1)", "nonsense"] {
        assert_eq!(page(&asked(CLIENT_ID, "data:read", address)).await.status.as_u16(), 400);
    }
    let scope = page(&asked(CLIENT_ID, "data:everything", CALLBACK)).await;
    assert!(scope.headers["location"].to_str().unwrap().ends_with("error=invalid_scope"));
}

#[tokio::test]
async fn a_refresh_token_rotates_and_forgives_a_retry_for_a_minute() {
    let (double, clock, client) = start().await;
    let first = double.handle().grant(&double.handle().account());
    let token = first.refresh_token.unwrap();

    let (status, second) = client.refresh(&token).await;
    assert_eq!(status, 200);
    assert_ne!(second["access_token"], first.access_token.as_str());
    assert_ne!(second["refresh_token"], token.as_str());

    clock.advance(TimeDelta::seconds(60));
    let (status, retry) = client.refresh(&token).await;
    assert_eq!(status, 200);
    assert_eq!(retry["access_token"], second["access_token"]);
    assert_eq!(retry.get("refresh_token"), None);

    clock.advance(TimeDelta::seconds(1));
    let replay = client.refresh(&token).await;
    assert_eq!(replay, (400, json!({ "error": "invalid_grant" })));

    // A replay ends everything, the newest tokens too.
    let newest = second["refresh_token"].as_str().unwrap();
    assert_eq!(client.refresh(newest).await.0, 400);
    let caller = client.with_token(second["access_token"].as_str().unwrap());
    assert_eq!(caller.get("/api/v1/user").await.0, 401);
}

#[tokio::test]
async fn an_access_token_expires_by_the_clock() {
    let (double, clock, client) = start().await;
    let handle = double.handle();
    let caller = client.with_token(&handle.grant(&handle.account()).access_token);
    clock.advance(TimeDelta::minutes(59));
    assert_eq!(caller.get("/api/v1/tasks").await.0, 200);
    clock.advance(TimeDelta::minutes(1));
    let (status, error) = caller.get("/api/v1/tasks").await;
    assert_eq!((status, &error["error_code"]), (401, &json!(477)));
    assert!(error["error_extra"]["retry_after"].is_u64());

    handle.set_token_lifetime(Duration::from_secs(5));
    let tokens = handle.grant(&handle.account());
    assert_eq!(tokens.expires_in, 5);
    handle.expire_access_tokens();
    assert_eq!(client.with_token(&tokens.access_token).get("/api/v1/user").await.0, 401);
    assert_eq!(client.refresh(&tokens.refresh_token.unwrap()).await.0, 200);

    handle.set_refresh_tokens(false);
    let legacy = handle.grant(&handle.account());
    assert_eq!((legacy.refresh_token, legacy.expires_in), (None, 315_360_000));
    clock.advance(TimeDelta::days(400));
    assert_eq!(client.with_token(&legacy.access_token).get("/api/v1/user").await.0, 200);
}

#[tokio::test]
async fn scopes_bind() {
    let (double, _, client) = start().await;
    let handle = double.handle();
    let ids = handle.set_tasks(&handle.account(), vec![testkit::todoist::NewTask::titled("a")]);
    let tokens = handle.grant_scopes(&handle.account(), "data:read").unwrap();
    let reader = client.with_token(&tokens.access_token);
    assert_eq!(reader.get("/api/v1/tasks").await.0, 200);
    let close = format!("/api/v1/tasks/{}/close", ids[0]);
    assert_eq!(reader.post(&close, &json!({})).await.0, 403);
    assert_eq!(handle.grant_scopes(&handle.account(), "data:read,nothing"), None);
}

#[tokio::test]
async fn revocation_ends_one_grant_and_no_other() {
    let (double, _, client) = start().await;
    let handle = double.handle();
    let (one, two) = (handle.grant(&handle.account()), handle.grant(&handle.account()));
    let revoke = |secret: &'static str, token: String| {
        let url = format!("{}/api/v1/revoke", client.base_url);
        let request = client.http.client().post(url).basic_auth(CLIENT_ID, Some(secret));
        let request = request.json(&json!({ "token": token, "token_type_hint": "access_token" }));
        async { client.http.send(request, 1024).await.unwrap().status.as_u16() }
    };
    assert_eq!(revoke("wrong", one.access_token.clone()).await, 401);
    assert_eq!(revoke(CLIENT_SECRET, one.access_token.clone()).await, 200);
    assert_eq!(revoke(CLIENT_SECRET, "never heard of".into()).await, 200);
    assert_eq!(client.refresh(&one.refresh_token.unwrap()).await.0, 400);
    assert_eq!(client.with_token(&one.access_token).get("/api/v1/user").await.0, 401);
    assert_eq!(client.with_token(&two.access_token).get("/api/v1/user").await.0, 200);
    handle.revoke(&handle.account());
    assert_eq!(client.with_token(&two.access_token).get("/api/v1/user").await.0, 401);
}

#[tokio::test]
async fn accounts_do_not_see_each_other() {
    let (double, _, client) = start().await;
    let handle = double.handle();
    let timezone = Some("Asia/Kathmandu".into());
    let other = handle.create_account(NewAccount { timezone, ..NewAccount::default() });
    handle.set_demo_tasks(&handle.account());
    let back = consent(&client, "allow", &[("account", other.as_str())]).await;
    let (_, tokens) = exchange(&client, &query(&back, "code").unwrap(), &[]).await;
    let caller = client.with_token(tokens["access_token"].as_str().unwrap());

    let (_, user) = caller.get("/api/v1/user").await;
    assert_eq!(user["id"], other.as_str());
    assert_eq!(user["tz_info"]["timezone"], "Asia/Kathmandu");
    assert_eq!(user["tz_info"]["gmt_string"], "+05:45");
    assert_eq!(caller.get("/api/v1/tasks").await.1["results"], json!([]));
}
