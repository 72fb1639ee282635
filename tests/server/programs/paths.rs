//! Clients put an endpoint and a path of their own together in many ways.

use super::Place;
use contract::request::RawRequest;
use support::server::Reply;

const CALL: &str = "Action=ListVodTemplate&Version=2017-03-21&TemplateType=Snapshot";
const FORM: &str = "application/x-www-form-urlencoded";

fn code(reply: &Reply) -> String {
    reply.json()["Code"].as_str().unwrap_or("none").to_owned()
}

/// A call with the path `/` before its query; here the path goes on.
fn send(place: &Place, method: &str, rest: &str, headers: &[(&str, &str)], body: &str) -> Reply {
    let client = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build();
    let mut request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("{}{rest}", place.server.url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(body.as_bytes().to_vec()).unwrap();
    let mut response = ureq::Agent::from(client).run(request).unwrap();
    Reply {
        status: response.status().as_u16(),
        content_type: String::new(),
        retry_after_ms: None,
        bytes: response.body_mut().read_to_vec().unwrap(),
    }
}

/// A path other than `/` was the key of a picture.
#[test]
fn a_request_that_names_an_action_is_a_call_on_any_path() {
    let place = Place::start();
    for path in ["/", "//", "/vod/", "/openapi.json", "/a/b.jpg"] {
        let in_query = send(&place, "GET", &format!("{path}?{CALL}"), &[], "");
        assert_eq!(in_query.status, 200, "{path}: {}", code(&in_query));
        assert!(in_query.json()["VodTemplateInfoList"].is_array(), "{path}");
        let in_body = send(&place, "POST", path, &[("Content-Type", FORM)], CALL);
        assert_eq!(in_body.status, 200, "{path}: {}", code(&in_body));
        let headers = [
            ("x-acs-action", "ListVodTemplate"),
            ("x-acs-version", "2017-03-21"),
        ];
        let in_headers = send(
            &place,
            "POST",
            &format!("{path}?TemplateType=Snapshot"),
            &headers,
            "",
        );
        assert_eq!(in_headers.status, 200, "{path}: {}", code(&in_headers));
    }
    assert_eq!(
        code(&send(&place, "GET", "/vod/", &[], "")),
        "NoSuchResource"
    );
    let document = send(&place, "GET", "/openapi.json", &[], "").json();
    assert!(document["openapi"].is_string());
}

/// What is answered as a call is checked as one, whatever its path.
#[test]
fn a_foreign_page_can_make_no_call_on_any_path() {
    let place = Place::start();
    let foreign = ("Sec-Fetch-Site", "cross-site");
    for path in ["/", "//", "/vod/", "/a/b.jpg", "/openapi.json"] {
        let in_query = send(&place, "GET", &format!("{path}?{CALL}"), &[foreign], "");
        let in_body = send(
            &place,
            "POST",
            path,
            &[foreign, ("Content-Type", FORM)],
            CALL,
        );
        for refused in [in_query, in_body] {
            assert_eq!(
                (refused.status, code(&refused).as_str()),
                (403, "Forbidden"),
                "{path}"
            );
        }
    }
}

#[test]
fn an_unknown_action_is_told_where_the_known_ones_are_listed() {
    let place = Place::start();
    for action in ["SubmitTranscodeJobs", "SubmitAIJob"] {
        let raw = RawRequest {
            method: "GET".to_owned(),
            raw_query: format!("Action={action}&Version=2017-03-21"),
            ..RawRequest::default()
        };
        let reply = place.server.send(&raw);
        assert_eq!(
            (reply.status, code(&reply).as_str()),
            (404, "InvalidAction.NotFound")
        );
        let recommend = reply.json()["Recommend"].as_str().unwrap().to_owned();
        assert_eq!(recommend, format!("{}/openapi.json", place.server.url));
        assert!(place.server.get(&recommend).json()["paths"].is_object());
    }
}
