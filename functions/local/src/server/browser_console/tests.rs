use super::BrowserConsole;
use contract::request::RawRequest;
use hyper::Request;

/// Whether the console answers this request and not the API.
fn takes(method: &str, target: &str, headers: &[(&str, &str)]) -> bool {
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let (parts, ()) = request.body(()).unwrap().into_parts();
    let raw = RawRequest {
        method: method.to_owned(),
        raw_query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: headers
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        body: Vec::new(),
    };
    BrowserConsole::takes(&parts) && !raw.at(parts.uri.path()).is_call()
}

const BROWSER: (&str, &str) = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");

/// The answers that clients of the API get stay as they are, to the byte.
#[test]
fn whoever_calls_the_api_gets_no_page() {
    assert!(takes("GET", "/", &[BROWSER]));
    assert!(takes("HEAD", "/", &[BROWSER]));
    let form = ("content-type", "application/x-www-form-urlencoded");
    // As Java's client accepts.
    let java = (
        "accept",
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
    );
    for (method, target, headers) in [
        ("GET", "/", &[][..]),
        ("GET", "/", &[("accept", "*/*")]),
        ("GET", "/", &[("accept", "application/json")]),
        ("POST", "/", &[BROWSER]),
        ("POST", "/", &[java, form]),
        ("GET", "/?Action=GetVideoList&Version=2017-03-21", &[java]),
        ("GET", "/?Format=XML", &[java]),
        ("GET", "/", &[java, ("x-acs-action", "GetVideoList")]),
        ("GET", "/GetVideoList", &[BROWSER]),
        ("POST", "/console/jobs", &[form]),
        ("GET", "/console/GetVideoList", &[BROWSER]),
        ("GET", "/0123/snapshots/1-00001.jpg", &[BROWSER]),
        ("OPTIONS", "/", &[BROWSER]),
    ] {
        assert!(
            !takes(method, target, headers),
            "{method} {target} {headers:?}"
        );
    }
    assert!(takes("GET", "/console/jobs", &[]));
    assert!(takes("POST", "/console/upload?name=a", &[]));
}
