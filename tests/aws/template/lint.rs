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

/// The emulator imports as CloudFormation does: what is not to be kept it refuses.
#[test]
fn what_a_stack_has_left_cannot_be_adopted() {
    let tools = SAM.installed();
    let script = Template::path().with_file_name("tests/aws/template/adopt.py");
    let output = Command::new("python3")
        .arg(script)
        .arg(&cloud::Emulator::get().endpoint)
        .arg(Template::path().with_file_name("docs/adopt.yaml"))
        .env("PYTHONPATH", tools)
        .env_remove("AWS_PROFILE")
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut lines: Vec<_> = text(&output.stdout).lines().map(str::to_owned).collect();
    lines.sort_unstable();
    let expected = [
        "IMPORT_COMPLETE",
        "Pictures left-pictures",
        "Source left-source",
        "Table left-table",
        "Uploads left-uploads",
    ];
    assert_eq!(lines, expected, "{}", text(&output.stderr));
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
