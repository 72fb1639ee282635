//! Promise: what the documents say is so. Their tables are those of the code, their links lead
//! somewhere, and the files, commands and options that they name exist.

mod architecture;
mod blocks;
mod commands;
mod compatibility;
mod documents;
mod links;
mod options;
mod parameters;
mod paths;
mod tables;
mod variables;
mod walkthrough;
mod workspace;

/// The first screens are for somebody who has never heard of this.
const README_MAX_BYTES: usize = 12 * 1024;

#[test]
fn the_readme_is_short() {
    let bytes = documents::read("README.md").text.len();
    assert!(bytes <= README_MAX_BYTES, "README.md has {bytes} bytes");
}
