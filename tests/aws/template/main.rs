//! Promise: what `template.yaml` describes is safe, watched, and what the functions expect.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod alarms;
mod builds;
mod data;
mod environment;
mod functions;
mod lint;
mod names;
mod parameters;
mod queue;
mod rights;
mod template;
mod weakened;
mod yaml;

use template::Template;

/// A rule: what breaks it, one line each.
type Policy = fn(&Template) -> Vec<String>;

/// All rules, by name.
const POLICIES: [(&str, Policy); 15] = [
    ("alarms", alarms::watched),
    ("data: encrypted", data::encrypted),
    ("data: private", data::private),
    ("data: over TLS", data::over_tls),
    ("data: kept", data::kept),
    ("data: table", data::table),
    ("environment", environment::as_the_functions_read_it),
    ("functions", functions::as_they_run),
    ("functions: every call is theirs", functions::every_call),
    ("functions: logs end", functions::logs_end),
    ("names", names::none_fixed),
    ("parameters", parameters::described),
    ("queue", queue::redriven),
    ("queue: hidden long enough", queue::hidden_long_enough),
    ("rights", rights::least),
];

#[test]
fn the_template_keeps_every_rule() {
    let template = Template::read();
    for (name, policy) in POLICIES {
        assert_eq!(policy(&template), Vec::<String>::new(), "{name}");
    }
}
