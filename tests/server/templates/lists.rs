use crate::templates::{bench, clip, not_there, refusal};

#[test]
fn pages_cover_the_list_and_count_on() {
    let bench = bench();
    let server = &bench.server;
    let video = server.register(clip());
    let job = server.submit(
        &video,
        &[("Count", "5"), ("Interval", "1"), ("Width", "160")],
    );
    assert_eq!(server.wait(&job), "Success");
    let page = |number: &str| {
        let parameters = [
            ("VideoId", video.as_str()),
            ("SnapshotType", "NormalSnapshot"),
            ("PageNo", number),
            ("PageSize", "2"),
        ];
        let answer = server.ok("ListSnapshots", &parameters);
        let media = &answer["MediaSnapshot"];
        assert_eq!(media["Total"], 5);
        let list = media["Snapshots"]["Snapshot"].as_array().unwrap().clone();
        list.iter()
            .map(|entry| entry["Index"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        [page("1"), page("2"), page("3")],
        [vec![1, 2], vec![3, 4], vec![5]]
    );
    assert!(page("4").is_empty());
}

#[test]
fn there_are_no_covers_and_they_are_what_is_asked_for_by_default() {
    let bench = bench();
    let server = &bench.server;
    let video = server.register(clip());
    let job = server.submit(&video, &[("Count", "1"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success");
    let answer = refusal(server, "ListSnapshots", &[("VideoId", &video)]);
    assert_eq!(answer, not_there("CoverSnapshot"));
}

#[test]
fn a_signed_url_is_held_to_its_signature_and_its_time() {
    let bench = bench();
    let server = &bench.server;
    let video = server.register(clip());
    let job = server.submit(&video, &[("Count", "2"), ("Width", "160")]);
    assert_eq!(server.wait(&job), "Success");
    let parameters = [
        ("VideoId", video.as_str()),
        ("SnapshotType", "NormalSnapshot"),
        ("AuthTimeout", "7200"),
    ];
    let answer = server.ok("ListSnapshots", &parameters);
    let urls = &answer["MediaSnapshot"]["Snapshots"]["Snapshot"];
    let url = |at: usize| urls[at]["Url"].as_str().unwrap().to_owned();
    let status = |url: &str| server.get(url).status;
    assert_eq!(status(&url(0)), 200);
    let (plain, query) = url(0)
        .split_once('?')
        .map(|(p, q)| (p.to_owned(), q.to_owned()))
        .unwrap();
    assert_eq!(status(&plain), 200, "public, as events give it");
    let second = url(1).split_once('?').unwrap().0.to_owned();
    let (expires, signature) = query.split_once('&').unwrap();
    let expires: i64 = expires.strip_prefix("Expires=").unwrap().parse().unwrap();
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let left = expires - i64::try_from(now.unwrap().as_secs()).unwrap();
    assert!((7000..=7201).contains(&left), "{left}");
    for wrong in [
        format!("{second}?{query}"),
        format!("{plain}?Expires={}&{signature}", expires + 1),
        format!("{plain}?Expires=1&{signature}"),
        format!("{plain}?Expires={expires}"),
        format!("{plain}?Expires=&{signature}"),
        format!("{plain}?Expires=soon&{signature}"),
        format!("{plain}?{}", query.replace("Signature=", "Signature=0")),
    ] {
        let reply = server.get(&wrong);
        let body = reply.json();
        assert_eq!(
            (reply.status, &body["Code"]),
            (403, &"Forbidden".into()),
            "{wrong}"
        );
        assert!(body["RequestId"].is_string());
    }
}
