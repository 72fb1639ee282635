//! Promise: what `template.yaml` describes is safe, watched, and what the functions expect.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr
)]

mod alarms;
mod builds;
mod callbacks;
mod dashboard;
mod data;
mod endpoint;
mod environment;
mod functions;
mod layers;
mod lint;
mod names;
mod parameters;
mod pictures;
mod queue;
mod rights;
mod template;
mod upgrade;
mod weakened;
mod yaml;

use template::Template;

/// A rule: what breaks it, one line each.
type Policy = fn(&Template) -> Vec<String>;

/// All rules, by name.
const POLICIES: [(&str, Policy); 33] = [
    ("alarms", alarms::watched),
    ("alarms: optional", alarms::optional),
    ("callbacks", callbacks::delivered),
    ("dashboard", dashboard::drawn),
    ("data: encrypted", data::encrypted),
    ("data: private", data::private),
    ("data: over TLS", data::over_tls),
    ("data: kept", data::kept),
    ("data: keys stay", data::keys_stay),
    ("data: table", data::table),
    ("endpoint: URL of the function", endpoint::function_url),
    ("endpoint: bounded", endpoint::bounded),
    ("endpoint: uploads need keys", endpoint::uploads_need_keys),
    ("environment", environment::as_the_functions_read_it),
    ("functions", functions::as_they_run),
    ("functions: every call is theirs", functions::every_call),
    ("functions: sized", functions::sized),
    ("functions: logs end", functions::logs_end),
    ("names", names::none_fixed),
    ("names: taken by CloudFront", names::short_for_cloudfront),
    ("parameters", parameters::described),
    ("parameters: no wildcards", parameters::refused),
    ("pictures: read by pages", pictures::read_by_pages),
    (
        "pictures: signed beside no CDN",
        pictures::signed_beside_no_cdn,
    ),
    ("pictures: CDN", pictures::cdn),
    ("queue", queue::redriven),
    ("queue: arrivals", queue::arrivals),
    ("queue: hidden long enough", queue::hidden_long_enough),
    ("upgrade", upgrade::keeps_what_it_holds),
    ("rights", rights::least),
    ("rights: within a boundary", rights::bounded),
    ("rights: in any partition", rights::any_partition),
    (
        "rights: keys through their service",
        rights::keys_through_their_service,
    ),
];

#[test]
fn the_template_keeps_every_rule() {
    let template = Template::read();
    for (name, policy) in POLICIES {
        assert_eq!(policy(&template), Vec::<String>::new(), "{name}");
    }
}
