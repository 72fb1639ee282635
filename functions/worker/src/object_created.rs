//! What S3 says of a new object, by EventBridge: it becomes a message of ours.

use serde_json::Value;
use service::model::Message;

/// The longest title that a video has, bytes.
const LONGEST_TITLE: usize = 128;

/// The message that an `Object Created` event stands for; none: it is no such event.
///
/// An object of a bucket with versions is named with its version, so that each is a video of its
/// own; elsewhere what is put under a key again is the same video.
pub(crate) fn message(body: &str) -> Option<Message> {
    let event: Value = serde_json::from_str(body).ok()?;
    if event["source"] != "aws.s3" || event["detail-type"] != "Object Created" {
        return None;
    }
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
    let bucket = text("/detail/bucket/name")?;
    let key = text("/detail/object/key")?;
    let version = text("/detail/object/version-id").filter(|id| *id != "null");
    let file_url = match version {
        Some(version) => aws::version_url(text("/region")?, bucket, key, version),
        None => format!("s3://{bucket}/{key}"),
    };
    let tag = version.or_else(|| text("/detail/object/etag"))?;
    Some(Message::ObjectCreated {
        file_url,
        title: title(key),
        tag: tag.to_owned(),
    })
}

/// The name of the file, cut where it is too long.
fn title(key: &str) -> String {
    let name = key.rsplit('/').next().unwrap_or(key);
    name[..name.floor_char_boundary(LONGEST_TITLE)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(object: Value) -> String {
        let detail = json!({"bucket": {"name": "b.c"}, "object": object});
        let event = json!({
            "source": "aws.s3", "detail-type": "Object Created", "region": "eu-west-1",
            "detail": detail,
        });
        event.to_string()
    }

    fn arrival(object: Value) -> Option<(String, String, String)> {
        match message(&event(object))? {
            Message::ObjectCreated {
                file_url,
                title,
                tag,
            } => Some((file_url, title, tag)),
            _ => None,
        }
    }

    fn three(file_url: &str, title: &str, tag: &str) -> Option<(String, String, String)> {
        Some((file_url.to_owned(), title.to_owned(), tag.to_owned()))
    }

    #[test]
    fn an_object_is_named_as_it_is() {
        let plain = json!({"key": "in/a b%20+\u{e9}.mp4", "etag": "e", "size": 5});
        let expected = three("s3://b.c/in/a b%20+\u{e9}.mp4", "a b%20+\u{e9}.mp4", "e");
        assert_eq!(arrival(plain), expected);
        let unversioned = json!({"key": "a.mp4", "etag": "e", "version-id": "null"});
        assert_eq!(arrival(unversioned), three("s3://b.c/a.mp4", "a.mp4", "e"));
        let versioned = json!({"key": "in/a b?.mp4", "etag": "e", "version-id": "v+1"});
        let url = "https://s3.eu-west-1.amazonaws.com/b.c/in/a%20b%3F.mp4?versionId=v%2B1";
        assert_eq!(arrival(versioned), three(url, "a b?.mp4", "v+1"));
    }

    #[test]
    fn a_long_name_is_cut_between_letters() {
        let name = "\u{4e2d}".repeat(100);
        let (_, title, _) = arrival(json!({"key": name, "etag": "e"})).unwrap_or_default();
        assert_eq!(title, "\u{4e2d}".repeat(42));
    }

    #[test]
    fn other_texts_are_no_arrivals() {
        let deleted = event(json!({"key": "a", "etag": "e"})).replace("Created", "Deleted");
        let others = event(json!({"key": "a", "etag": "e"})).replace("aws.s3", "mine");
        let bare = event(json!({"size": 1}));
        for body in [
            &deleted,
            &others,
            &bare,
            "",
            "[]",
            "{}",
            "{\"source\":\"aws.s3\"}",
        ] {
            assert_eq!(message(body), None, "{body}");
        }
    }
}
