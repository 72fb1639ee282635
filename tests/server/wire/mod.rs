//! Every answer as the wire spells it, success and refusal, JSON and XML. What changes here
//! changes for every client.

mod errors;
mod successes;

use contract::response::{Answer, Format};

const REQUEST_ID: &str = "25818875-5F78-4A13-BEF6-D7393642CA58";

/// Status, headers and body in both formats.
fn spelled(render: impl Fn(Format) -> Answer) -> String {
    [Format::Json, Format::Xml]
        .map(|format| text(&render(format)))
        .join("\n\n")
}

fn text(answer: &Answer) -> String {
    let headers = answer
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}"));
    let mut lines = vec![answer.status.to_string()];
    lines.extend(headers);
    lines.push(String::from_utf8(answer.body.clone()).unwrap());
    lines.join("\n")
}

/// Compares with `snapshots/{name}.snap`.
fn hold(name: &str, text: &str) {
    insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!(name, text);
    });
}
