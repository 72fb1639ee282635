//! Tables that are made from the code. With `UPDATE_DOCS=1` in the environment the test writes
//! them anew.

use crate::documents::{self, root};
use crate::parameters;
use contract::action::Action;
use contract::parameters::{Kind, Parameter, Required, of};
use plan::{Budget, Limits};
use service::pictures::code;
use std::fmt::Write;

/// A table: its document, its name between `<!-- begin NAME -->` and `<!-- end NAME -->`, and
/// what makes it.
type Table = (&'static str, &'static str, fn() -> String);

const TABLES: [Table; 5] = [
    ("docs/api.md", "parameters", parameters_of_actions),
    (
        "docs/api.md",
        "refused-calls",
        contract::error::answers_in_markdown,
    ),
    (
        "docs/api.md",
        "failed-jobs",
        contract::error::failed_jobs_in_markdown,
    ),
    ("docs/operations.md", "limits", limits),
    (
        "docs/aws.md",
        "template-parameters",
        parameters::of_the_template,
    ),
];

/// The text with the table `name` in its place.
fn with_table(text: &str, name: &str, table: &str) -> String {
    let (begin, end) = (
        format!("<!-- begin {name} -->\n"),
        format!("<!-- end {name} -->"),
    );
    let parts = text.split_once(&begin);
    let parts = parts.and_then(|(head, rest)| Some((head, rest.split_once(&end)?.1)));
    let (head, tail) = parts.unwrap_or_else(|| panic!("no place for the table {name}"));
    format!("{head}{begin}\n{}\n\n{end}{tail}", table.trim())
}

#[test]
fn generated_tables_are_those_of_the_code() {
    for (path, name, make) in TABLES {
        let document = documents::read(path);
        let expected = with_table(&document.text, name, &make());
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(root().join(path), expected).unwrap();
        } else {
            assert!(
                document.text == expected,
                "{path}: the table {name} is out of date: \
                 UPDATE_DOCS=1 cargo test -p promises --test readme tables"
            );
        }
    }
}

fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Long { .. } | Kind::SignedLong | Kind::Count => "Long",
        Kind::Json { .. } | Kind::Longs { .. } => "JSON",
        _ => "String",
    }
}

fn needed(parameter: &Parameter) -> String {
    match parameter.required {
        Required::No => "no".to_owned(),
        Required::Always => "yes".to_owned(),
        Required::OneOf { set, .. } => format!("one of {}", set.join(", ")),
    }
}

/// A heading and a table for each action.
fn parameters_of_actions() -> String {
    let mut text = String::new();
    for action in Action::ALL {
        let _ = writeln!(text, "### {}\n", action.name());
        text.push_str("| parameter | type | required | rule | default | meaning |\n");
        text.push_str("|---|---|---|---|---|---|\n");
        for parameter in of(action) {
            text.push_str(&parameter_row(parameter));
        }
        text.push('\n');
    }
    text
}

fn parameter_row(parameter: &Parameter) -> String {
    let rule = parameter.kind.rule(&contract::command::Limits::default());
    let rule = rule
        .trim_start_matches("It must ")
        .trim_start_matches("be ")
        .trim_start_matches("have ")
        .trim_end_matches('.');
    format!(
        "| {} | {} | {} | {rule} | {} | {} |\n",
        parameter.name,
        type_name(parameter.kind),
        needed(parameter),
        parameter.default.unwrap_or(""),
        parameter.doc,
    )
}

/// Each limit that a video can exceed.
fn limits() -> String {
    let mut table = "| setting | default | limits | ErrorCode |\n|---|---|---|---|\n".to_owned();
    let limits = Limits::default();
    for budget in Budget::all() {
        let name = budget.name().map(|name| format!("`{name}`"));
        let refusal = match budget.is_refusal() {
            true => code(budget).name(),
            false => "none",
        };
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} |",
            name.as_deref().unwrap_or("fixed"),
            budget.of(&limits),
            budget.meaning(),
            refusal,
        );
    }
    let pictures = contract::command::Limits::default().max_snapshots;
    let _ = writeln!(
        table,
        "| `--max-snapshots`, `MAX_SNAPSHOTS` | {pictures} | pictures of one job | \
         InvalidParameter.Interval; a larger Count is refused |",
    );
    table
}
