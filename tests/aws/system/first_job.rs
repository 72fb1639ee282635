//! "First job" of docs/aws.md: its ten commands, taken from there, each run as it stands against an
//! emulator that is empty.
//!
//! What is not as on AWS, and nothing else:
//!
//! * 1 is not run: the tools are those of the suites, at the same versions but for awscli, which has none.
//! * `aws configure` (2) reads its answers.
//! * `sam build` (3) gives the functions that were built beside the suite, and the template as
//!   `package.rs` changes it for the emulator; `gaps.py` follows `sam deploy`.
//! * pip (6) finds that the client is there, at the version that the command names.
//! * AWS_ENDPOINT_URL says where AWS is, to the functions ENDPOINT_URL does, and HTTPS_PROXY says where
//!   the names of APIs lead.

use crate::deployed::{deployed_folder, runtime};
use crate::named_apis::NamedApis;
use crate::package::package;
use cloud::Emulator;
use cloud::faults::Faults;
use cloud::install::{CLI, SAM};
use std::fmt::Write;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use support::clients::PYTHON;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The commands, in their order.
fn commands() -> Vec<String> {
    let document = fs::read_to_string(format!("{ROOT}/docs/aws.md")).unwrap();
    let section = document.split("\n## First job\n").nth(1).unwrap();
    let block = section.split("```sh\n").nth(1).unwrap();
    let block = block.split("```").next().unwrap();
    let mut commands = Vec::new();
    for line in block.lines() {
        let next = format!("# {}. ", commands.len() + 1);
        if line.starts_with(&next) {
            commands.push(String::new());
        }
        let command: &mut String = commands.last_mut().expect("a number before all else");
        command.push_str(line);
        command.push('\n');
    }
    commands
}

/// One script of them, in which each that fails is the end.
fn script(commands: &[String]) -> String {
    let mut script = "set -u\n".to_owned();
    for (number, command) in (1..).zip(commands) {
        let (before, after) = match number {
            1 => (": not run <<'COMMAND'\n".to_owned(), "COMMAND\n".to_owned()),
            2 => (
                "{\n".to_owned(),
                "} <<< $'test\\ntest\\nus-east-1\\njson' || exit 2\n".to_owned(),
            ),
            3 => (
                "{\n".to_owned(),
                "} </dev/null || exit 3\nfill-gaps || exit 33\n".to_owned(),
            ),
            // "Repeat it."
            10 => (
                "for attempt in $(seq 90); do {\n".to_owned(),
                "} </dev/null && exit 0; sleep 1; done; exit 10\n".to_owned(),
            ),
            _ => (
                "{\n".to_owned(),
                format!("}} </dev/null || exit {number}\n"),
            ),
        };
        write!(script, "echo '== {number}' >&2\n{before}{command}{after}").unwrap();
    }
    script
}

fn write_program(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// What `sam build` would make, with functions that know where AWS is.
fn build(folder: &Path, endpoint: &str) {
    fs::create_dir_all(folder).unwrap();
    package(folder);
    for function in ["submit", "worker", "notify"] {
        let start = folder.join(function).join("bootstrap");
        fs::rename(&start, folder.join(function).join("inner")).unwrap();
        let text = format!("#!/bin/sh\nexport ENDPOINT_URL={endpoint}\nexec \"${{0%/*}}/inner\"\n");
        write_program(&start, &text);
    }
}

/// `sam`, `aws`, and what fills the gaps of the emulator.
fn programs(folder: &Path, built: &Path) {
    fs::create_dir_all(folder).unwrap();
    let (sam, aws) = (SAM.installed(), CLI.installed());
    let (sam, aws, built) = (sam.display(), aws.display(), built.display());
    write_program(
        &folder.join("sam"),
        &format!(
            "#!/bin/sh\n\
             if [ \"$1\" = build ]; then mkdir -p .aws-sam && exec cp -r {built} .aws-sam/build; fi\n\
             PYTHONPATH={sam} exec python3 -m samcli \"$@\"\n"
        ),
    );
    write_program(
        &folder.join("aws"),
        &format!("#!/bin/sh\nPYTHONPATH={aws} exec python3 -m awscli \"$@\"\n"),
    );
    let gaps = concat!(env!("CARGO_MANIFEST_DIR"), "/system/gaps.py");
    write_program(
        &folder.join("fill-gaps"),
        &format!(
            "#!/bin/sh\n\
             output() {{ aws cloudformation describe-stacks --stack-name vod-snapshot --output text \\\n\
             --query \"Stacks[0].Outputs[?OutputKey=='$1'].OutputValue\"; }}\n\
             api=$(output Endpoint); api=${{api#https://}}\n\
             PYTHONPATH={sam} exec python3 {gaps} \"${{api%%.*}}\" $(output SubmitFunction) \\\n\
             $(output WorkerFunction) $(output NotifyFunction)\n"
        ),
    );
}

/// They were run in parts, none after the other.
#[test]
fn ten_commands_lead_from_an_empty_account_to_the_first_picture() {
    let commands = commands();
    assert_eq!(commands.len(), 10, "{commands:#?}");
    let client = "aliyun-python-sdk-core==2.16.1";
    assert!(commands[5].contains(client), "{}", commands[5]);
    let emulator = Emulator::of_templates();
    let (endpoint, apis) = runtime().block_on(async {
        let (endpoint, _) = Faults::TLS.way_to(&emulator.endpoint).await;
        (endpoint, NamedApis::of(&emulator.endpoint).await)
    });
    let folder = deployed_folder("first-job");
    let (bin, built, checkout) = (
        folder.join("bin"),
        folder.join("built"),
        folder.join("checkout"),
    );
    build(&built, &endpoint);
    programs(&bin, &built);
    fs::create_dir_all(&checkout).unwrap();
    for name in ["template.yaml", "samconfig.toml", "docs"] {
        std::os::unix::fs::symlink(format!("{ROOT}/{name}"), checkout.join(name)).unwrap();
    }
    let film = cloud::clips::encode(10, "320x180", 25);
    fs::write(checkout.join("a.mp4"), film).unwrap();

    let path = std::env::var("PATH").unwrap();
    let mut bash = Command::new("bash");
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("AWS_")) {
        bash.env_remove(name);
    }
    let output = bash
        .args(["-c", &script(&commands)])
        .current_dir(&checkout)
        .env("PATH", format!("{}:{path}", bin.display()))
        .env("AWS_CONFIG_FILE", folder.join("config"))
        .env("AWS_SHARED_CREDENTIALS_FILE", folder.join("credentials"))
        .env("AWS_ENDPOINT_URL", &endpoint)
        .env("SAM_CLI_TELEMETRY", "0")
        .env("HTTPS_PROXY", &apis.url)
        .env("CURL_CA_BUNDLE", apis.authority())
        .env("ALIBABA_CLOUD_CA_BUNDLE", apis.authority())
        .env("PYTHONPATH", PYTHON.installed())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .unwrap();
    let (said, told) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success(), "{}: {said}\n{told}", output.status);
    let picture = fs::read(checkout.join("first.jpg")).unwrap();
    assert_eq!(picture[..3], [0xff, 0xd8, 0xff]);
    assert_eq!(picture[picture.len() - 2..], [0xff, 0xd9]);
}
