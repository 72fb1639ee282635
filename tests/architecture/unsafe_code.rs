//! `unsafe` is forbidden in every crate but one.

use crate::arrows::crates;
use std::fs;
use toml::Table;

/// The one that confines the decoder.
const MAY: &str = "decoder";

#[test]
fn unsafe_code_is_forbidden_in_every_crate_but_one() {
    let own = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml")).unwrap();
    let own: Table = own.parse().unwrap();
    let of_all = &own["workspace"]["lints"]["rust"]["unsafe_code"];
    assert_eq!(of_all.as_str(), Some("forbid"), "in the workspace");
    for (name, folder) in crates() {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
        let manifest: Table = manifest.parse().unwrap();
        let lints = &manifest["lints"];
        let inherited = lints.get("workspace").and_then(|value| value.as_bool());
        let forbidden =
            inherited == Some(true) || lints["rust"]["unsafe_code"].as_str() == Some("forbid");
        assert_eq!(forbidden, name != MAY, "unsafe_code forbidden in {name}");
    }
}
