//! JSON values as XML: objects are elements, arrays repeat their element, null is nothing.

use serde_json::Value;

/// A document with one `root` element.
pub(crate) fn document(root: &str, value: &Value) -> String {
    let mut text = "<?xml version='1.0' encoding='UTF-8'?>".to_owned();
    element(root, value, &mut text);
    text
}

// Values are this service's own, nested a handful deep: recursion is bounded.
fn element(name: &str, value: &Value, text: &mut String) {
    match value {
        Value::Null => {}
        Value::Array(items) => items.iter().for_each(|item| element(name, item, text)),
        other => {
            open(name, text);
            content(other, text);
            close(name, text);
        }
    }
}

fn content(value: &Value, text: &mut String) {
    match value {
        Value::Object(fields) => {
            fields
                .iter()
                .for_each(|(name, field)| element(name, field, text));
        }
        Value::String(words) => words.chars().for_each(|c| escape(c, text)),
        plain => text.push_str(&plain.to_string()),
    }
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
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn arrays_repeat_their_element_and_nulls_are_left_out() {
        let value = json!({"List": [{"A": 1}, {"A": true}], "None": null, "Empty": []});
        assert_eq!(
            document("R", &value),
            "<?xml version='1.0' encoding='UTF-8'?>\
             <R><List><A>1</A></List><List><A>true</A></List></R>"
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
