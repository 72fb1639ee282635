//! JSON values as XML: objects are elements, null is nothing, and an array is one element that holds
//! its items, each an element of its own: `<JobInfoList><JobInfo>...</JobInfo></JobInfoList>`.
//!
//! That is how the vendor's gateway writes lists, and all that the Java SDK reads: it takes an
//! element whose children have one name for a list of them, and reads a repeated element as its
//! last one.

use serde_json::{Map, Value};

/// A document with one `root` element.
pub(crate) fn document(root: &str, value: &Value) -> String {
    let mut text = "<?xml version='1.0' encoding='UTF-8'?>".to_owned();
    element(root, value, &mut text);
    text
}

// Values are this service's own, nested a handful deep: recursion is bounded.
fn element(name: &str, value: &Value, text: &mut String) {
    if value.is_null() {
        return;
    }
    open(name, text);
    content(name, value, text);
    close(name, text);
}

fn content(name: &str, value: &Value, text: &mut String) {
    match value {
        Value::Array(list) => items(item_name(name), list, text),
        Value::Object(fields) => match only_list(fields) {
            Some((item, list)) => items(item, list, text),
            None => fields
                .iter()
                .for_each(|(name, field)| element(name, field, text)),
        },
        Value::String(words) => words.chars().for_each(|c| escape(c, text)),
        plain => text.push_str(&plain.to_string()),
    }
}

fn items(name: &str, list: &[Value], text: &mut String) {
    for item in list {
        element(name, item, text);
    }
}

/// `"Snapshots": {"Snapshot": [...]}` has in JSON what other lists have in XML alone: a name for its
/// items.
fn only_list(fields: &Map<String, Value>) -> Option<(&str, &[Value])> {
    let (name, value) = fields.iter().next().filter(|_| fields.len() == 1)?;
    Some((name, value.as_array()?))
}

/// What an item of a list is called: `JobInfoList` has a `JobInfo`, `FailedFileURLs` a
/// `FailedFileURL`.
fn item_name(list: &str) -> &str {
    let singular = list.strip_suffix("List").or_else(|| list.strip_suffix('s'));
    singular.filter(|name| !name.is_empty()).unwrap_or(list)
}

fn open(name: &str, text: &mut String) {
    text.push('<');
    text.push_str(name);
    text.push('>');
}

fn close(name: &str, text: &mut String) {
    text.push_str("</");
    text.push_str(name);
    text.push('>');
}

fn escape(c: char, text: &mut String) {
    match c {
        '<' => text.push_str("&lt;"),
        '>' => text.push_str("&gt;"),
        '&' => text.push_str("&amp;"),
        '"' => text.push_str("&quot;"),
        '\'' => text.push_str("&apos;"),
        // A parser would turn these into spaces or line feeds.
        '\r' => text.push_str("&#13;"),
        '\t' => text.push_str("&#9;"),
        '\n' => text.push_str("&#10;"),
        // XML has no way to spell these, not even by number.
        '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => text.push('\u{fffd}'),
        // Allowed, but some parsers refuse them unless by number.
        '\u{7f}'..='\u{9f}' => text.extend(["&#", &u32::from(c).to_string(), ";"]),
        other => text.push(other),
    }
}

#[cfg(test)]
mod java_reader;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_list_holds_its_items_and_nulls_are_left_out() {
        let value = json!({
            "AList": [{"B": 1}, {"B": true}], "Urls": ["x"], "None": null, "Items": [],
            "Snapshots": {"Snapshot": [1, 2]}, "List": [[3]],
        });
        assert_eq!(
            document("R", &value),
            "<?xml version='1.0' encoding='UTF-8'?><R>\
             <AList><A><B>1</B></A><A><B>true</B></A></AList>\
             <Urls><Url>x</Url></Urls><Items></Items>\
             <Snapshots><Snapshot>1</Snapshot><Snapshot>2</Snapshot></Snapshots>\
             <List><List><List>3</List></List></List></R>"
        );
    }

    #[test]
    fn text_is_escaped_to_the_last_control_character() {
        let value = json!("<&>'\"\0\u{1b}\r\n\t\u{7f}\u{ffff}中");
        assert_eq!(
            document("R", &value),
            "<?xml version='1.0' encoding='UTF-8'?><R>&lt;&amp;&gt;&apos;&quot;\
             \u{fffd}\u{fffd}&#13;&#10;&#9;&#127;\u{fffd}中</R>"
        );
    }
}
