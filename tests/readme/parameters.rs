//! The parameters of `template.yaml`, by its lines: all that is read of it here is plain.

use crate::documents;
use std::fmt::Write;

/// One parameter of the template.
#[derive(Default)]
struct StackParameter {
    name: String,
    default: String,
    description: String,
}

fn all() -> Vec<StackParameter> {
    let template = documents::read("template.yaml").text;
    let section = template.split("\nParameters:\n").nth(1).unwrap();
    let lines = section.lines();
    let mut parameters: Vec<StackParameter> = Vec::new();
    let mut is_folded = false;
    for line in lines.take_while(|line| line.starts_with("  ")) {
        let text = line.trim();
        if let Some(name) = line.strip_prefix("  ").filter(|l| !l.starts_with(' ')) {
            parameters.push(StackParameter {
                name: name.trim_end_matches(':').to_owned(),
                ..StackParameter::default()
            });
            continue;
        }
        let parameter = parameters.last_mut().unwrap();
        if is_folded && line.starts_with("      ") {
            parameter.description += &format!(" {text}");
            continue;
        }
        is_folded = text == "Description: >-";
        if let Some(default) = text.strip_prefix("Default: ") {
            parameter.default = default.trim_matches('"').to_owned();
        } else if let Some(description) = text.strip_prefix("Description: ") {
            parameter.description = description.trim_start_matches(">-").to_owned();
        }
    }
    parameters
}

/// A table of them.
pub(crate) fn of_the_template() -> String {
    let mut table = "| parameter | default | meaning |\n|---|---|---|\n".to_owned();
    let parameters = all();
    assert!(parameters.len() > 20, "the template has more parameters");
    for parameter in parameters {
        let default = parameter.default.as_str();
        let default = if default.is_empty() { "none" } else { default };
        let (name, meaning) = (&parameter.name, parameter.description.trim());
        assert!(!meaning.is_empty(), "{name} has no description");
        let _ = writeln!(table, "| {name} | {default} | {meaning} |");
    }
    table
}
