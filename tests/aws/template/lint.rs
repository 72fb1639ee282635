//! What AWS's own tools say.

use crate::template::Template;
use cloud::install::SAM;
use std::process::Command;

/// What a tool said, once it ended well.
fn said(tool: &str, arguments: &[&str]) -> String {
    let tools = SAM.installed();
    let template = Template::path().canonicalize().unwrap();
    let output = Command::new("python3")
        .arg(tools.join("bin").join(tool))
        .args(arguments)
        .arg(template)
        .env("PYTHONPATH", tools)
        .env("SAM_CLI_TELEMETRY", "0")
        .env("AWS_DEFAULT_REGION", "us-east-1")
        .env_remove("AWS_PROFILE")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, errors) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{tool}: {out}{errors}");
    out
}

#[test]
fn sam_finds_the_template_valid_and_has_nothing_against_it() {
    let lint = ["validate", "--lint", "--template-file"];
    let said = said("sam", &lint);
    assert!(said.contains("is a valid SAM Template"), "{said}");
}

#[test]
fn cfn_lint_has_nothing_against_the_template_in_several_regions() {
    let lint = [
        "--regions",
        "us-east-1",
        "eu-central-1",
        "ap-southeast-2",
        "--",
    ];
    assert_eq!(said("cfn-lint", &lint).trim(), "");
}
