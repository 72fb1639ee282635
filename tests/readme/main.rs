//! The README's tables of parameters are those of the code. With `UPDATE_README=1` in the
//! environment the test writes them anew.

mod api;

use contract::action::Action;
use contract::parameters::{Kind, Parameter, Required, of};
use media::{Budget, Limits};
use service::pictures::code;
use std::fmt::Write;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");

fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Long { .. } | Kind::Count => "Long",
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

/// The table of one action as the README has it.
fn table(action: Action) -> String {
    let mut table =
        "| parameter | type | needed | rule | default | meaning |\n|---|---|---|---|---|---|\n"
            .to_owned();
    for parameter in of(action) {
        let rule = parameter.kind.rule(&contract::command::Limits::default());
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} | {} | {} |",
            parameter.name,
            type_name(parameter.kind),
            needed(parameter),
            rule.trim_start_matches("It must ")
                .trim_start_matches("be ")
                .trim_start_matches("have ")
                .trim_end_matches('.'),
            parameter.default.unwrap_or(""),
            parameter.doc,
        );
    }
    table
}

/// The text with what stands between the action's heading and the next empty line replaced.
fn with_table(readme: &str, action: Action) -> Option<String> {
    let heading = format!("#### {}\n\n", action.name());
    let start = readme.find(&heading)? + heading.len();
    let end = readme[start..]
        .find("\n\n")
        .map_or(readme.len(), |at| start + at + 1);
    Some(format!(
        "{}{}{}",
        &readme[..start],
        table(action),
        &readme[end..]
    ))
}

/// Each limit that a video can go over.
fn budgets() -> String {
    let mut table = "| setting | default | bounds | ErrorCode |\n|---|---|---|---|\n".to_owned();
    let limits = Limits::default();
    for budget in Budget::ALL {
        let name = budget.name().map(|name| format!("`{name}`"));
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} |",
            name.as_deref().unwrap_or("not to be set"),
            budget.of(&limits),
            budget.meaning(),
            code(budget).name(),
        );
    }
    let pictures = contract::command::Limits::default().max_snapshots;
    let _ = writeln!(
        table,
        "| `--max-snapshots`, `MAX_SNAPSHOTS` | {pictures} | pictures of one job | \
         InvalidParameter.Interval; a larger Count is refused at once |",
    );
    table
}

#[test]
fn the_table_of_budgets_is_that_of_the_code() {
    let readme = std::fs::read_to_string(PATH).unwrap();
    let start = readme.find("| setting | default | bounds |").unwrap();
    let end = start + readme[start..].find("\n\n").unwrap() + 1;
    if std::env::var_os("UPDATE_README").is_some() {
        let updated = format!("{}{}{}", &readme[..start], budgets(), &readme[end..]);
        std::fs::write(PATH, updated).unwrap();
    } else {
        assert!(
            readme[start..end] == budgets(),
            "UPDATE_README=1 cargo test -p promises --test readme -- --test-threads=1"
        );
    }
}

#[test]
fn the_tables_of_parameters_are_those_of_the_code() {
    let readme = std::fs::read_to_string(PATH).unwrap();
    let mut expected = readme.clone();
    let mut tables = 0;
    for action in Action::ALL {
        // Only actions that the README lists have a table there.
        if let Some(text) = with_table(&expected, action) {
            expected = text;
            tables += 1;
        }
    }
    assert!(tables >= 6, "the README lists the actions that it serves");
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(PATH, &expected).unwrap();
    } else {
        assert!(
            readme == expected,
            "UPDATE_README=1 cargo test -p promises --test readme -- --test-threads=1"
        );
    }
}
