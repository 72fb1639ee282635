//! What players read of sheets, by the URLs of lists and events: texts by the function, sheets and cells by
//! the bucket.

use crate::asking::{ask, parts, picture};
use crate::pictures::signed;
use crate::stack;
use crate::system::{System, clip, delivery, none_failed};
use cloud::Function;
use serde_json::Value;
use service::picture_access::PictureAccess;

const SPRITE: &str = r#"{"CellWidth":160,"Columns":2,"Lines":1,"KeepCellPic":"delete","Outputs":["vtt","hls","dash","json","bif","jellyfin"]}"#;

/// The files that a text names, as a player finds them from its address.
fn named(text: &str, address: &str, job: &str) -> Vec<String> {
    let text = text.replace("&amp;", "&");
    let folder = address.split(job).next().unwrap();
    let begins = text.match_indices(job).map(|(at, _)| &text[at..]);
    let names = begins.map(|rest| rest.split(['"', '#', '\n']).next().unwrap());
    let names = names.map(|name| name.replace("$Number%05d$", "00002"));
    names.map(|name| format!("{folder}{name}")).collect()
}

/// A file that a list or an event names is there, and so is whatever it names.
async fn read(submit: &Function, file: &Value, job: &str) {
    let (format, url) = (
        file["Format"].as_str().unwrap(),
        file["Url"].as_str().unwrap(),
    );
    match format {
        "bif" => assert_eq!(picture(submit, url).await[..4], *b"\x89BIF"),
        "jellyfin" => assert_eq!(picture(submit, url).await[..2], [0xff, 0xd8]),
        _ => {
            let (path, query) = parts(url);
            let answer = ask(submit, "GET", &path, &query).await;
            assert_eq!(answer["statusCode"], 200, "{url}: {answer}");
            let files = named(answer["body"].as_str().unwrap(), url, job);
            assert!(!files.is_empty(), "{answer}");
            for file in files {
                let (path, query) = parts(&file);
                let status = ask(submit, "GET", &path, &query).await["statusCode"].take();
                assert!(status == 302 || status == 200, "{file} of {url}: {status}");
            }
        }
    }
}

#[tokio::test]
async fn what_players_read_of_sheets_leads_to_them_with_and_without_signatures() {
    for access in [PictureAccess::Public, PictureAccess::Signed] {
        let stack = match access {
            PictureAccess::Public => stack!(),
            PictureAccess::Signed => signed(stack!()),
        };
        let system = System::start(stack).await;
        let video = system.register("clip.mp4", clip(4, "320x180")).await;
        let parameters = [("Interval", "1"), ("SpriteSnapshotConfig", SPRITE)];
        let job = system.job(&video, &parameters).await;
        let worker = system.worker().await;
        let message = system.next_message().await.unwrap();
        assert!(none_failed(&worker.answer(delivery(&message)).await));
        let event = system.heard().await.unwrap();
        let parameters = [("VideoId", &*video), ("SnapshotType", "SpriteSnapshot")];
        let listed = system.call("ListSnapshots", &parameters).await;
        let files = |value: &Value, path: &str| {
            let files = value.pointer(path).and_then(Value::as_array);
            files.unwrap_or_else(|| panic!("{value}")).clone()
        };
        let files = [
            files(&listed, "/MediaSnapshot/Storyboards/Storyboard"),
            files(&event, "/SnapshotInfos/0/Storyboards"),
        ];
        assert_eq!(files.each_ref().map(Vec::len), [10, 6]);
        for file in files.iter().flatten() {
            read(&system.submit, file, &job).await;
        }
    }
}
