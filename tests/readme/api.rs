//! `docs/api.md` says what the code says: its parameters, its errors. With `UPDATE_README=1` in
//! the environment the tests write the generated parts anew.

use contract::action::Action;
use contract::error::{answers_in_markdown, failed_jobs_in_markdown};
use contract::parameters;
use std::fmt::Write;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/api.md");

/// Every action with its parameters.
fn actions() -> String {
    let mut text = String::new();
    for action in Action::ALL {
        let (name, summary) = (action.name(), action.summary());
        let _ = writeln!(text, "### {name}\n\n{summary}\n");
        match parameters::of(action) {
            [] => text.push_str("No parameters.\n\n"),
            _ => {
                let _ = writeln!(text, "{}", super::table(action));
            }
        }
    }
    text
}

/// What has to stand between the markers of this name.
fn generated(name: &str) -> String {
    match name {
        "actions" => actions(),
        "errors" => answers_in_markdown(),
        "failed jobs" => failed_jobs_in_markdown(),
        other => panic!("nothing is generated for {other:?}"),
    }
}

/// The text with what stands between the markers of `name` replaced.
fn with_generated(text: &str, name: &str) -> String {
    let begin = format!("<!-- generated: {name} -->\n");
    let end = "<!-- end of generated -->";
    let start = text.find(&begin).expect(name) + begin.len();
    let stop = start + text[start..].find(end).expect(name);
    let body = generated(name);
    format!(
        "{}\n{}\n\n{}",
        &text[..start],
        body.trim_end(),
        &text[stop..]
    )
}

#[test]
fn the_documentation_of_the_api_says_something_else_than_the_code() {
    let text = std::fs::read_to_string(PATH).unwrap();
    let names = ["actions", "errors", "failed jobs"];
    let expected = names
        .iter()
        .fold(text.clone(), |text, name| with_generated(&text, name));
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(PATH, &expected).unwrap();
    } else {
        assert!(
            text == expected,
            "UPDATE_README=1 cargo test -p promises --test readme -- --test-threads=1"
        );
    }
}
