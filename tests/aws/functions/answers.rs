use crate::stack;
use crate::system::{SUBMIT, System};
use cloud::http_api::{HOST, event};
use cloud::{Function, Stack};
use contract::request::RawRequest;
use contract::signature::Secret;
use contract::signature::client::Signer;
use serde_json::{Value, json};
use service::ports::{Clock, SystemClock};
use std::time::{Duration, Instant};

async fn closed(stack: &Stack) -> Function {
    Function::start(SUBMIT, &stack.environment()).await
}

fn body(answer: &Value) -> Value {
    let body = answer["body"].as_str().unwrap();
    let body: Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("no JSON: {body}"));
    assert!(body["RequestId"].is_string(), "no envelope: {body}");
    body
}

fn code(answer: &Value) -> String {
    assert!(answer["statusCode"].as_i64().unwrap() >= 400, "{answer}");
    let body = body(answer);
    for field in ["Code", "Message", "HostId"] {
        assert!(body[field].is_string(), "no {field}: {body}");
    }
    body["Code"].as_str().unwrap().to_owned()
}

fn signed(key: &str, secret: &str) -> RawRequest {
    let signer = Signer::now(key, &Secret::new(secret), SystemClock.now_ms());
    signer.v1("GET", "ListVodTemplate", &[("TemplateType", "Snapshot")])
}

#[tokio::test]
async fn who_signs_with_a_key_of_the_secret_is_answered_once() {
    let stack = stack!();
    let submit = closed(&stack).await;
    let call = event(&signed("AKID", "secret"));
    let first = submit.answer(call.clone()).await;
    assert_eq!(first["statusCode"], 200, "{first}");
    assert_eq!(
        first["headers"]["content-type"],
        "application/json;charset=utf-8"
    );
    assert_eq!(code(&submit.answer(call).await), "SignatureNonceUsed");
    let stranger = submit.answer(event(&signed("NOBODY", "secret"))).await;
    assert_eq!(code(&stranger), "InvalidAccessKeyId.NotFound");
    let forged = submit.answer(event(&signed("AKID", "guess"))).await;
    assert_eq!(code(&forged), "SignatureDoesNotMatch");
}

/// Of an endpoint that ends with `/`, and behind a proxy, clients sign the path that they call.
#[tokio::test]
async fn a_call_that_is_signed_with_its_path_is_refused() {
    let stack = stack!();
    let submit = closed(&stack).await;
    let on = |path: &str, signed_path: &str| {
        let signer = Signer::now("AKID", &Secret::new("secret"), SystemClock.now_ms());
        let parameters = [("TemplateType", "Snapshot")];
        let raw = signer.v3_at(HOST, signed_path, "ListVodTemplate", &parameters);
        let mut call = event(&raw.unwrap());
        call["rawPath"] = json!(path);
        call["requestContext"]["http"]["path"] = json!(path);
        call
    };
    for path in ["/", "//", "/vod/", "/vod//", "/play/", "/stage/vod/"] {
        let answer = submit.answer(on(path, path)).await;
        assert_eq!(answer["statusCode"], 200, "{path}: {answer}");
        assert_eq!(body(&answer)["VodTemplateInfoList"], json!([]), "{path}");
        let forged = submit.answer(on(path, "/elsewhere/")).await;
        assert_eq!(code(&forged), "SignatureDoesNotMatch", "{path}");
    }
}

/// As the URL of a function hands it over: a call that the HTTP API would not let through.
#[tokio::test]
async fn a_call_that_is_too_long_for_the_http_api_comes_by_the_url_of_the_function() {
    let stack = stack!();
    let submit = closed(&stack).await;
    let entry = |number: u32| {
        json!({
            "FileURL": format!("s3://bucket/\u{89c6}\u{9891}/{number}.mp4"),
            "Title": "\u{6807}\u{9898}".repeat(20), "Description": "\u{8bf4}\u{660e}".repeat(40),
            "Tags": "\u{65b0}\u{95fb},\u{4f53}\u{80b2}",
        })
    };
    let entries = json!((0..10).map(entry).collect::<Vec<_>>()).to_string();
    let signer = Signer::now("AKID", &Secret::new("secret"), SystemClock.now_ms());
    let raw = signer.v1("POST", "RegisterMedia", &[("RegisterMetadatas", &entries)]);
    assert!(raw.raw_query.len() > 10_240, "{}", raw.raw_query.len());
    let mut call = event(&raw);
    let host = "abcdefghijklmnopqrstuvwxyz012345.lambda-url.us-east-1.on.aws";
    call["headers"]["host"] = json!(host);
    call["requestContext"] = json!({
        "accountId": "anonymous", "apiId": "abcdefghijklmnopqrstuvwxyz012345",
        "domainName": host, "domainPrefix": "abcdefghijklmnopqrstuvwxyz012345",
        "http": {
            "method": "POST", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1",
            "userAgent": "test",
        },
        "requestId": "e1506fd5-9e7b-434f-bd42-4f8fa224b599", "routeKey": "$default",
        "stage": "$default", "time": "12/Mar/2020:19:03:58 +0000", "timeEpoch": 1_583_348_638_390_u64,
    });
    let answer = submit.answer(call).await;
    assert_eq!(answer["statusCode"], 200, "{answer}");
    let failed = &body(&answer)["FailedFileURLs"];
    assert_eq!(failed.as_array().map(Vec::len), Some(10), "{failed}");
}

#[tokio::test]
async fn calls_over_the_limit_are_told_so() {
    let mut stack = stack!();
    stack.deployment.max_qps = 2;
    let submit = closed(&stack).await;
    let mut codes = Vec::new();
    for _ in 0..6 {
        let answer = submit.answer(event(&signed("AKID", "secret"))).await;
        if answer["statusCode"] != 200 {
            codes.push(code(&answer));
        }
    }
    assert!(!codes.is_empty());
    assert!(
        codes.iter().all(|code| code == "Throttling.User"),
        "{codes:?}"
    );
}

#[tokio::test]
async fn whatever_comes_has_an_answer_of_the_contract() {
    let system = System::start(stack!()).await;
    let call = |method: &str, query: &str| RawRequest {
        method: method.to_owned(),
        raw_query: query.to_owned(),
        ..RawRequest::default()
    };
    let mut not_encoded = event(&call("POST", "Action=GetVideoInfo&Version=2017-03-21"));
    not_encoded["isBase64Encoded"] = json!(true);
    not_encoded["body"] = json!("%%%");
    let mut long = event(&call("POST", ""));
    long["body"] = json!("x".repeat(1024 * 1024 + 1));
    for strange in [
        json!({}),
        json!([1]),
        json!({"Records": []}),
        event(&call("DELETE", "")),
        event(&call("GET", "")),
        event(&call("GET", "%zz&&&==")),
        event(&call("GET", "Action=Nothing&Version=2017-03-21")),
        not_encoded,
        long,
    ] {
        let answer = system.submit.answer(strange.clone()).await;
        assert!(!code(&answer).is_empty(), "{strange}");
    }
    let xml = event(&call("GET", "Format=XML&Action=Nothing&Version=2017-03-21"));
    let answer = system.submit.answer(xml).await;
    assert_eq!(answer["headers"]["content-type"], "text/xml;charset=utf-8");
    assert!(
        answer["body"].as_str().unwrap().contains("<Error>"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_form_in_the_body_is_read_base64_or_not() {
    let system = System::start(stack!()).await;
    let form = "Action=ListVodTemplate&Version=2017-03-21&TemplateType=Snapshot";
    let headers = vec![(
        "content-type".to_owned(),
        "application/x-www-form-urlencoded".to_owned(),
    )];
    let raw = RawRequest {
        method: "POST".to_owned(),
        headers,
        body: form.into(),
        ..RawRequest::default()
    };
    let mut encoded = event(&raw);
    encoded["isBase64Encoded"] = json!(true);
    encoded["body"] = json!(
        "QWN0aW9uPUxpc3RWb2RUZW1wbGF0ZSZWZXJzaW9uPTIwMTctMDMtMjEmVGVtcGxhdGVUeXBlPVNuYXBzaG90"
    );
    for call in [event(&raw), encoded] {
        let answer = system.submit.answer(call).await;
        assert_eq!(answer["statusCode"], 200, "{answer}");
        assert_eq!(body(&answer)["VodTemplateInfoList"], json!([]));
    }
}

#[tokio::test]
async fn a_store_that_does_not_answer_is_an_answer_in_time() {
    let mut stack = stack!();
    stack.deployment.open = true;
    let mut environment = stack.environment();
    // Takes connections and says nothing.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    environment.push(("AWS_ENDPOINT_URL_DYNAMODB".to_owned(), url));
    let submit = Function::start(SUBMIT, &environment).await;
    let call = RawRequest {
        method: "GET".to_owned(),
        raw_query: "Action=GetVideoInfo&Version=2017-03-21&VideoId=v".to_owned(),
        ..RawRequest::default()
    };
    submit.answer(json!({})).await;
    let begun = Instant::now();
    assert_eq!(
        code(&submit.answer(event(&call)).await),
        "ServiceUnAvailable"
    );
    let took = begun.elapsed();
    assert!(
        took < Duration::from_secs(3),
        "clients are gone after {took:?}"
    );
    // The end of the function's own time comes before the client's.
    let short = submit.call(event(&call), Duration::from_secs(1)).await;
    assert_eq!(code(&short.unwrap().unwrap()), "ServiceUnAvailable");
}

#[tokio::test]
async fn the_document_of_the_api_is_there() {
    let system = System::start(stack!()).await;
    let mut call = event(&RawRequest {
        method: "GET".to_owned(),
        ..RawRequest::default()
    });
    call["rawPath"] = json!("/openapi.json");
    let answer = system.submit.answer(call).await;
    let document: Value = serde_json::from_str(answer["body"].as_str().unwrap()).unwrap();
    assert!(document["openapi"].is_string());
    assert_eq!(answer["headers"]["access-control-allow-origin"], "*");
    for (method, status) in [("HEAD", 200), ("OPTIONS", 204), ("DELETE", 403)] {
        let answer = system.submit.answer(at(method, "/openapi.json", "")).await;
        assert_eq!(answer["statusCode"], status, "{method}");
        assert_eq!(answer["headers"]["access-control-allow-origin"], "*");
    }
    // Its paths are those of actions, so it says what stands before them.
    let staged = system
        .submit
        .answer(at("GET", "/prod/openapi.json", ""))
        .await;
    let document: Value = serde_json::from_str(staged["body"].as_str().unwrap()).unwrap();
    let server = document["servers"][0]["url"].as_str().unwrap();
    assert!(server.ends_with("/prod"), "{server}");
}

fn at(method: &str, path: &str, query: &str) -> Value {
    let mut call = event(&RawRequest {
        method: method.to_owned(),
        raw_query: query.to_owned(),
        ..RawRequest::default()
    });
    call["rawPath"] = json!(path);
    call
}

#[tokio::test]
async fn an_action_is_not_found_at_its_path() {
    let mut stack = stack!();
    stack.deployment.open = true;
    let system = System::start(stack).await;
    for path in ["/ListVodTemplate", "/prod/ListVodTemplate"] {
        let call = at("GET", path, "TemplateType=Snapshot");
        let answer = system.submit.answer(call).await;
        assert_eq!(answer["statusCode"], 200, "{answer}");
        let asked = system.submit.answer(at("OPTIONS", path, "")).await;
        assert_eq!(asked["statusCode"], 204, "{asked}");
        // Calls are unsigned here.
        let allowed = &asked["headers"]["access-control-allow-origin"];
        assert_eq!(allowed, &Value::Null);
    }
    let call = at(
        "GET",
        "/ListVodTemplate",
        "Action=DeleteVideo&Version=2017-03-21",
    );
    assert_eq!(code(&system.submit.answer(call).await), "InvalidParameter");
}

#[tokio::test]
async fn a_page_with_a_key_cannot_read_answers() {
    let submit = closed(&stack!()).await;
    let refused = submit.answer(at("GET", "/GetVideoList", "")).await;
    assert_ne!(refused["statusCode"], 200, "{refused}");
    let asked = submit.answer(at("OPTIONS", "/", "")).await;
    assert_eq!(asked["statusCode"], 204);
    for answer in [refused, asked] {
        let allowed = &answer["headers"]["access-control-allow-origin"];
        assert_eq!(allowed, "*", "{answer}");
    }
}

#[tokio::test]
async fn log_lines_name_the_request_and_metrics_the_cold_start() {
    let system = System::start(stack!()).await;
    let answer = system
        .call("ListVodTemplate", &[("TemplateType", "Snapshot")])
        .await;
    system
        .call("ListVodTemplate", &[("TemplateType", "Snapshot")])
        .await;
    let lines = system.submit.lines("ColdStart", 2).await;
    let named = lines
        .iter()
        .filter(|line| line["RequestId"] == answer["RequestId"]);
    assert!(named.count() > 0, "{lines:?}");
    let cold: Vec<_> = lines
        .iter()
        .filter_map(|line| line.get("ColdStart"))
        .collect();
    assert_eq!(cold, [&json!(1), &json!(0)]);
}
