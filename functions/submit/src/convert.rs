//! Events of HTTP APIs (payload 2.0) and function URLs, which are alike, and what answers them.

use aws_lambda_events::apigw::{ApiGatewayV2httpRequest, ApiGatewayV2httpResponse};
use aws_lambda_events::encodings::Body;
use aws_lambda_events::http::{HeaderName, HeaderValue};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use contract::request::RawRequest;
use contract::response::Answer;

/// The call as it came: signatures are over the query and the body as they were sent, and some
/// over the path.
///
/// None where the body is not the Base64 it says it is.
pub(crate) fn request(event: ApiGatewayV2httpRequest) -> Option<RawRequest> {
    let body = event.body.unwrap_or_default();
    let body = if event.is_base64_encoded {
        BASE64_STANDARD.decode(body).ok()?
    } else {
        body.into_bytes()
    };
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = event.headers.iter();
    let raw = RawRequest {
        method: event.request_context.http.method.as_str().to_owned(),
        raw_query: event.raw_query_string.unwrap_or_default(),
        headers: headers
            .map(|(name, value)| (name.as_str().to_owned(), text(value)))
            .collect(),
        body,
    };
    Some(raw.at(event.raw_path.as_deref().unwrap_or_default()))
}

/// The answer as it goes out.
pub(crate) fn response(answer: Answer) -> ApiGatewayV2httpResponse {
    let mut response = ApiGatewayV2httpResponse::default();
    response.status_code = i64::from(answer.status);
    for (name, value) in answer.headers {
        let name = HeaderName::try_from(name);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
            response.headers.insert(name, value);
        }
    }
    // JSON has texts alone: what is none, such as a compressed body, goes out as Base64.
    response.is_base64_encoded = false;
    response.body = Some(Body::Text(String::from_utf8(answer.body).unwrap_or_else(
        |bytes| {
            response.is_base64_encoded = true;
            BASE64_STANDARD.encode(bytes.as_bytes())
        },
    )));
    response
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn event(body: &Value, encoded: bool) -> ApiGatewayV2httpRequest {
        let event = json!({
            "version": "2.0", "routeKey": "$default", "rawPath": "/",
            "rawQueryString": "a=%20b&c=+&a=2&=",
            "headers": {"content-type": "application/x-www-form-urlencoded", "host": "h"},
            "requestContext": {
                "http": {"method": "POST", "path": "/", "protocol": "HTTP/1.1"},
                "requestId": "r", "stage": "$default", "timeEpoch": 0,
            },
            "body": body, "isBase64Encoded": encoded,
        });
        serde_json::from_value(event).unwrap()
    }

    #[test]
    fn the_query_and_the_body_stay_as_they_were_sent() {
        let plain = request(event(&json!("x=%2B&y=\u{e9}"), false)).unwrap();
        assert_eq!(plain.method, "POST");
        assert_eq!(plain.raw_query, "a=%20b&c=+&a=2&=");
        assert_eq!(plain.body, "x=%2B&y=\u{e9}".as_bytes());
        assert_eq!(plain.host(), "h");
        let encoded = request(event(&json!("AP8vK2E9Yg=="), true)).unwrap();
        assert_eq!(encoded.body, b"\0\xff/+a=b");
        assert_eq!(request(event(&Value::Null, false)).unwrap().body, b"");
        assert_eq!(request(event(&json!("%"), true)), None);
    }

    /// Whatever the signature was over, it was checked as one over `/`.
    #[test]
    fn the_path_that_was_signed_is_lost() {
        for path in ["/", "//", "/vod/", "/vod"] {
            let mut event = event(&Value::Null, false);
            event.raw_path = Some(path.to_owned());
            assert_eq!(request(event).unwrap().path(), path);
        }
        let mut event = event(&Value::Null, false);
        event.raw_path = None;
        assert_eq!(request(event).unwrap().path(), "/");
    }

    #[test]
    fn an_answer_goes_out_as_it_stands() {
        let answer = Answer {
            status: 404,
            headers: vec![(
                "content-type".to_owned(),
                "text/xml;charset=utf-8".to_owned(),
            )],
            body: "<\u{e9}/>".into(),
        };
        let sent = serde_json::to_value(response(answer)).unwrap();
        assert_eq!(sent["statusCode"], 404);
        assert_eq!(sent["headers"]["content-type"], "text/xml;charset=utf-8");
        assert_eq!(sent["body"], "<\u{e9}/>");
        assert_eq!(sent["isBase64Encoded"], false);
    }

    #[test]
    fn bytes_that_are_no_text_come_out_as_others() {
        let answer = Answer {
            status: 200,
            headers: Vec::new(),
            body: vec![0x1f, 0x8b, 8, 0],
        };
        let sent = serde_json::to_value(response(answer)).unwrap();
        assert_eq!(sent["body"], "H4sIAA==");
        assert_eq!(sent["isBase64Encoded"], true);
    }
}
