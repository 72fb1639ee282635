use super::*;
use proptest::prelude::*;

const LIST: &str = "Action=ListSnapshots&Version=2017-03-21";

fn get(raw_query: &str) -> RawRequest {
    RawRequest {
        method: "GET".to_owned(),
        raw_query: raw_query.to_owned(),
        ..RawRequest::default()
    }
}

fn code(raw: RawRequest) -> String {
    Request::decode(raw).unwrap_err().code().to_owned()
}

fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn the_query_and_a_form_body_are_one() {
    let raw = RawRequest {
        method: "POST".to_owned(),
        raw_query: "Action=ListSnapshots".to_owned(),
        headers: vec![header(
            "Content-Type",
            "Application/X-WWW-Form-Urlencoded; charset=UTF-8",
        )],
        body: b"Version=2017-03-21&VideoId=a+b".to_vec(),
    };
    let request = Request::decode(raw.clone()).unwrap();
    assert_eq!(request.action(), Action::ListSnapshots);
    assert_eq!(request.parameter("VideoId"), Some("a b"));

    let twice = RawRequest {
        raw_query: format!("{LIST}&VideoId=x"),
        ..raw.clone()
    };
    assert_eq!(code(twice), "InvalidParameter");
    let json = RawRequest {
        headers: vec![header("content-type", "application/json")],
        ..raw
    };
    assert_eq!(
        code(json),
        "MissingVersion",
        "another body is no parameters"
    );
}

#[test]
fn headers_name_the_action_where_parameters_do_not() {
    let mut raw = get("VideoId=x");
    raw.headers = vec![
        header("X-Acs-Action", "GetVideoInfo"),
        header("x-acs-version", "2017-03-21"),
    ];
    assert_eq!(Request::decode(raw).unwrap().action(), Action::GetVideoInfo);
}

#[test]
fn a_header_that_is_acted_upon_comes_once() {
    let repeated = [
        ("Authorization", "ACS3-HMAC-SHA256 x"),
        ("content-type", "application/json"),
        ("Host", "h"),
        ("x-acs-action", "ListSnapshots"),
        ("x-acs-content-sha256", "0"),
        ("x-acs-date", "2017-10-10T12:02:54Z"),
        ("x-acs-anything", ""),
    ];
    for (name, value) in repeated {
        let mut raw = get(LIST);
        raw.headers = vec![header(name, value)];
        assert!(Request::decode(raw.clone()).is_ok(), "{name}");
        raw.headers.push(header(&name.to_uppercase(), value));
        let refused = Request::decode(raw).unwrap_err();
        assert!(refused.message().ends_with("It is given twice."), "{name}");
    }
    let mut raw = get(LIST);
    raw.headers = vec![header("accept", "a"), header("accept", "b")];
    assert!(Request::decode(raw).is_ok(), "it decides nothing");
}

#[test]
fn a_parameter_and_its_header_say_the_same() {
    for (name, value) in [("x-acs-action", "DeleteImage"), ("x-acs-version", "1")] {
        let mut raw = get(LIST);
        raw.headers = vec![header(name, value)];
        let refused = Request::decode(raw).unwrap_err();
        assert!(refused.message().contains(name), "{refused}");
    }
}

#[test]
fn refusals_come_in_the_order_of_the_contract() {
    let mut put = get("Format=yaml");
    put.method = "PUT".to_owned();
    let refused = Request::decode(put).unwrap_err();
    assert_eq!(
        (refused.status(), refused.code()),
        (403, "UnsupportedHTTPMethod")
    );
    assert_eq!(code(get("Format=yaml")), "InvalidParameter.Format");
    assert_eq!(code(get("Action=Nothing")), "MissingVersion");
    assert_eq!(
        code(get("Action=Nothing&Version=2016-01-01")),
        "InvalidVersion"
    );
    assert_eq!(code(get("Version=2017-03-21")), "MissingAction");
    let refused = Request::decode(get("Version=2017-03-21&Action=submitSnapshotJob")).unwrap_err();
    assert_eq!(
        (refused.status(), refused.code()),
        (404, "InvalidAction.NotFound")
    );
}

#[test]
fn the_format_is_known_even_of_a_call_that_is_not() {
    assert_eq!(Format::of(&get("a=%zz&Format=xMl&a=1")), Format::Xml);
    assert_eq!(Format::of(&get("Format=yaml")), Format::Json);
    assert_eq!(Format::of(&get("")), Format::Json);
    assert_eq!(
        Request::decode(get(&format!("{LIST}&Format=json")))
            .unwrap()
            .format(),
        Format::Json
    );
    assert_eq!(
        Request::decode(get(&format!("{LIST}&Format=XML")))
            .unwrap()
            .format(),
        Format::Xml
    );
}

#[test]
fn a_megabyte_of_hostile_text_is_read_like_any_other() {
    let many: String = (0..100_000).map(|i| format!("&p{i}=%41+")).collect();
    assert_eq!(
        Request::decode(get(&format!("{LIST}{many}")))
            .unwrap()
            .parameters()
            .len(),
        100_002
    );
    assert_eq!(
        Request::decode(get(&format!("{LIST}{}", "&".repeat(1 << 20)))).map(|_| ()),
        Ok(())
    );
    let long_name = format!("{LIST}&{0}=1&{0}=2", "n".repeat(1 << 20));
    assert!(
        Request::decode(get(&long_name))
            .unwrap_err()
            .message()
            .len()
            < 200
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_said_is_what_is_heard(
        said in proptest::collection::btree_map("[a-z]{1,8}", ".{0,20}", 0..8),
        in_body in any::<bool>(),
    ) {
        let business = form::canonical(said.iter());
        let mut raw = get(LIST);
        if in_body {
            raw.headers = vec![header("content-type", "application/x-www-form-urlencoded")];
            raw.body = business.into_bytes();
        } else {
            raw.raw_query = format!("{business}&{LIST}");
        }
        let request = Request::decode(raw).unwrap();
        for (name, value) in &said {
            prop_assert_eq!(request.parameter(name), Some(value.as_str()));
        }
        prop_assert_eq!(request.parameters().len(), said.len() + 2);
    }
}

#[test]
fn an_unsigned_call_may_name_its_action_by_its_path_alone() {
    let at = |path, query| Request::decode(get(query).at(path));
    for path in ["/GetVideoInfo", "/prod/GetVideoInfo"] {
        let request = at(path, "VideoId=x").unwrap();
        assert_eq!(request.action(), Action::GetVideoInfo, "{path}");
        assert!(get("VideoId=x").at(path).names_action());
    }
    let said = |path, query| at(path, query).unwrap_err().code().to_owned();
    assert_eq!(said("/CreateUploadVideo", ""), "OperationDenied");
    assert_eq!(
        said("/GetVideoInfo", "Version=2016-01-01"),
        "InvalidVersion"
    );
    assert_eq!(said("/getvideoinfo", "VideoId=x"), "MissingVersion");
    assert!(!get("").at("/getvideoinfo").names_action());
    assert!(!get("").at("/GetVideoInfo/x.jpg").names_action());
}

#[test]
fn a_path_and_an_action_that_differ_are_refused() {
    let raw = get(LIST).at("/DeleteVideo");
    let refused = Request::decode(raw).unwrap_err();
    assert!(refused.message().contains("The path says otherwise."));
    assert!(Request::decode(get(LIST).at("/prod/ListSnapshots")).is_ok());
}

/// Its signature would be good for a call of any other action.
#[test]
fn a_signed_call_takes_its_action_from_its_path_alone() {
    let mut v3 = get("VideoId=x").at("/DeleteVideo");
    v3.headers
        .push(header("Authorization", "ACS3-HMAC-SHA256 x"));
    assert_eq!(code(v3), "MissingVersion");
    let v1 = get("VideoId=x&Version=2017-03-21&Signature=x").at("/DeleteVideo");
    assert_eq!(code(v1), "MissingAction");
}
