use super::*;
use hyper::Request;
use proptest::prelude::*;

fn open() -> HostPolicy {
    HostPolicy::Loopback(vec![
        "vod.example.com".parse().unwrap(),
        "fd00::5".parse().unwrap(),
    ])
}

fn request(uri: &str, headers: &[(&str, &str)]) -> Parts {
    let mut request = Request::builder().uri(uri);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap().into_parts().0
}

fn admits(hosts: &HostPolicy, is_api_call: bool, uri: &str, headers: &[(&str, &str)]) -> bool {
    let admitted = hosts.check(&request(uri, headers), is_api_call);
    if let Err(refusal) = &admitted {
        assert_eq!((refusal.status(), refusal.code()), (403, "Forbidden"));
        assert!(refusal.message().contains("--allow-host"));
    }
    admitted.is_ok()
}

#[test]
fn an_open_server_is_called_by_loopback_hosts_and_by_those_allowed() {
    for (host, fine) in [
        ("127.0.0.1:8080", true),
        ("127.0.0.1", true),
        ("127.8.9.1:1", true),
        ("localhost:8080", true),
        ("LocalHost", true),
        ("[::1]:8080", true),
        ("[0:0:0:0:0:0:0:1]", true),
        ("[::ffff:127.0.0.1]:80", true),
        ("vod.example.com", true),
        ("VOD.example.com:444", true),
        ("[fd00::5]:80", true),
        ("evil.example.com:8080", false),
        ("x.vod.example.com", false),
        ("vod.example.com.evil.com", false),
        ("localhost.evil.com", false),
        ("[::1].evil.com", false),
        ("127.0.0.1.nip.io:8080", false),
        ("evil-localhost", false),
        ("foo.localhost", false),
        ("localhost.", false),
        ("127.1", false),
        ("2130706433", false),
        ("0x7f.0.0.1", false),
        ("0.0.0.0", false),
        ("[::]", false),
        ("10.0.0.1", false),
        ("192.168.1.5:8080", false),
        ("user@localhost", false),
        ("localhost@evil.com", false),
        ("localhost/evil", false),
        ("", false),
    ] {
        for is_api_call in [true, false] {
            let admitted = admits(&open(), is_api_call, "/", &[("host", host)]);
            assert_eq!(admitted, fine, "{host}");
        }
    }
}

#[test]
fn the_first_line_and_the_header_name_one_host() {
    let (evil, ours) = ("http://evil.com/", "http://localhost:1/");
    assert!(admits(&open(), true, ours, &[("host", "localhost:1")]));
    assert!(admits(&open(), true, ours, &[]));
    assert!(!admits(&open(), true, evil, &[("host", "localhost:1")]));
    assert!(!admits(&open(), true, ours, &[("host", "evil.com")]));
    assert!(!admits(&open(), true, evil, &[]));
    let twice = [("host", "localhost"), ("host", "evil.com")];
    assert!(!admits(&open(), true, "/", &twice));
}

#[test]
fn only_http_1_0_may_leave_the_host_out() {
    let mut old = request("/", &[]);
    assert!(open().check(&old, true).is_err());
    old.version = Version::HTTP_10;
    assert!(open().check(&old, true).is_ok());
}

#[test]
fn calls_of_other_pages_are_refused_and_pictures_are_not() {
    let table: &[(&[(&str, &str)], bool)] = &[
        (&[], true),
        (&[("sec-fetch-site", "none")], true),
        (&[("sec-fetch-site", "same-origin")], true),
        (&[("sec-fetch-site", "same-site")], false),
        (&[("sec-fetch-site", "cross-site")], false),
        (&[("sec-fetch-site", "Cross-Site")], false),
        (
            &[("sec-fetch-site", "none"), ("sec-fetch-site", "cross-site")],
            false,
        ),
        (&[("origin", "http://localhost:8080")], true),
        (&[("origin", "https://localhost:8080")], true),
        (&[("origin", "https://vod.example.com")], true),
        (&[("origin", "http://localhost:3000")], false),
        (&[("origin", "http://localhost")], false),
        (&[("origin", "http://127.0.0.1:8080")], false),
        (&[("origin", "http://evil.com")], false),
        (&[("origin", "http://localhost:8080.evil.com")], false),
        (&[("origin", "null")], false),
        (&[("origin", "file://")], false),
        (&[("origin", "")], false),
        (
            &[
                ("origin", "http://localhost:8080"),
                ("origin", "http://evil.com"),
            ],
            false,
        ),
        (
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://vod.example.com"),
            ],
            false,
        ),
    ];
    for (headers, fine) in table {
        let mut headers = headers.to_vec();
        headers.push(("host", "localhost:8080"));
        assert_eq!(admits(&open(), true, "/", &headers), *fine, "{headers:?}");
        assert!(admits(&open(), false, "/v/a.jpg", &headers), "{headers:?}");
        assert!(admits(&HostPolicy::Any, true, "/", &headers), "{headers:?}");
    }
    let own = [("host", "localhost"), ("origin", "http://localhost:80")];
    assert!(
        admits(&open(), true, "/", &own),
        "the port is that of the scheme"
    );
    assert!(admits(&HostPolicy::Any, true, "/", &[("host", "evil.com")]));
}

#[test]
fn a_host_to_allow_is_a_host() {
    for (text, fine) in [
        ("vod.example.com", true),
        ("10.0.0.7", true),
        ("::1", true),
        ("[::1]", true),
        ("my_host", true),
        ("", false),
        ("http://host", false),
        ("host:80", false),
        ("[::1]:80", false),
        ("host/", false),
        ("a b", false),
        ("u@host", false),
        ("*", false),
    ] {
        assert_eq!(text.parse::<AllowedHost>().is_ok(), fine, "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_that_is_not_loopback_passes(host in "[a-z0-9.:@\\[\\]%-]{0,24}") {
        let ours = ["localhost", "127.", "[::", "[0"];
        if !ours.iter().any(|start| host.starts_with(start)) {
            prop_assert!(!admits(&HostPolicy::Loopback(Vec::new()), true, "/", &[("host", &host)]));
        }
    }
}
