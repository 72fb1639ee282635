//! Commands for AWS can be pasted: what they use was set before.

use crate::documents::{self, Document};

/// What every shell has.
const OF_THE_SHELL: [&str; 3] = ["HOME", "PATH", "PWD"];

/// What is the reader's own, as the name says.
const OF_THE_READER: &str = "YOUR_";

/// The line that makes variables of the outputs of a stack.
const OUTPUTS_ARE_SET: &str = "gsub(/[A-Z]/, \"_&\", $1)";

#[test]
fn no_command_uses_a_variable_that_nothing_sets() {
    let mut uses = 0;
    for path in ["README.md", "docs/aws.md"] {
        let document = documents::read(path);
        for (name, is_set) in variables(&document) {
            assert!(is_set, "{path}: nothing sets ${name} before it is used");
            uses += 1;
        }
    }
    assert!(uses > 10, "only {uses} variables were found");
}

/// Each use of a variable, and whether it has a value there.
fn variables(document: &Document) -> Vec<(String, bool)> {
    let outputs = outputs();
    let (mut set, mut found) = (Vec::new(), Vec::new());
    for line in document.code_blocks() {
        if line.contains(OUTPUTS_ARE_SET) {
            set.extend(outputs.iter().cloned());
        }
        for word in line.split_whitespace() {
            for name in used(word) {
                let is_known = OF_THE_SHELL.contains(&name) || name.starts_with(OF_THE_READER);
                let is_set = is_known || set.iter().any(|known| known == name);
                found.push((name.to_owned(), is_set));
            }
            set.extend(assigned(word));
        }
    }
    found
}

/// `NAME` of each `$NAME` in capitals; others are of a function or a loop.
fn used(word: &str) -> Vec<&str> {
    let parts = word.split('$').skip(1);
    let names = parts.map(|rest| capitals(rest.trim_start_matches('{')));
    names.filter(|name| name.len() > 1).collect()
}

/// `NAME` of `NAME=...`.
fn assigned(word: &str) -> Option<String> {
    let (name, _) = word.split_once('=')?;
    (!name.is_empty() && capitals(name) == name).then(|| name.to_owned())
}

fn capitals(text: &str) -> &str {
    let is_part = |c: char| c.is_ascii_uppercase() || c == '_';
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    &text[..end]
}

/// Outputs of the template, `KeysSecret` as `KEYS_SECRET`.
fn outputs() -> Vec<String> {
    let template = std::fs::read_to_string(documents::root().join("template.yaml")).unwrap();
    let (_, below) = template.split_once("\nOutputs:\n").unwrap();
    let names = below.lines().filter_map(|line| {
        let name = line.strip_prefix("  ")?.strip_suffix(':')?;
        (!name.starts_with(' ')).then_some(name)
    });
    names.map(shouted).collect()
}

fn shouted(name: &str) -> String {
    let mut text = String::new();
    for (at, letter) in name.char_indices() {
        if at > 0 && letter.is_ascii_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}
