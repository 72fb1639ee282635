//! The functions as they were built to run.

use crate::template::{Resource, Template};
use serde_json::{Value, json};

pub(crate) fn as_they_run(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    for it in template.all("AWS::Serverless::Function") {
        let of = |name: &str| template.of_function(it, name);
        let folder = it.property("CodeUri").as_str().unwrap();
        let package = Template::path().with_file_name(folder).join("Cargo.toml");
        wrong.extend(it.expect(package.exists(), "has no package"));
        wrong.extend(it.expect(is_made(it, folder), "is not built"));
        wrong.extend(it.expect(of("Runtime") == "provided.al2023", "runs elsewhere"));
        wrong.extend(it.expect(
            of("Architectures") == &json!([{"Ref": "Architecture"}]),
            "has no choice of processors",
        ));
        wrong.extend(it.expect(of("Tracing") == "Active", "is not traced"));
    }
    let architectures = &template.parameter("Architecture")["AllowedValues"];
    wrong.extend(
        (architectures != &json!(["x86_64", "arm64"])).then(|| "other processors".to_owned()),
    );
    // One for both processors: `sam build` builds what is there, whatever the conditions.
    let layers: Vec<_> = template.all("AWS::Serverless::LayerVersion").collect();
    wrong.extend((layers.len() != 1).then(|| "other layers".to_owned()));
    let used = template.resource("Worker").property("Layers");
    for it in layers {
        let folder = it.property("ContentUri").as_str().unwrap();
        wrong.extend(it.expect(is_made(it, folder), "is not built"));
        wrong.extend(it.expect(used == &json!([{"Ref": it.id}]), "is nobody's"));
        wrong.extend(it.expect(
            it.property("CompatibleArchitectures") == &json!([{"Ref": "Architecture"}]),
            "is for other processors",
        ));
    }
    wrong
}

/// What the worker thinks it has is what it has: its limits follow of both.
pub(crate) fn sized(template: &Template) -> Vec<String> {
    let worker = template.resource("Worker");
    let all = &template.0["Globals"]["Function"]["Environment"]["Variables"];
    let own = &worker.property("Environment")["Variables"];
    let memory = template.of_function(worker, "MemorySize");
    let disk = &template.of_function(worker, "EphemeralStorage")["Size"];
    let most = |name: &str| template.parameter(name)["MaxValue"].as_i64();
    [
        worker.expect(
            memory.is_object() && memory == &all["WORKER_MEMORY_MB"],
            "knows another memory",
        ),
        worker.expect(
            disk.is_object() && disk == &own["SCRATCH_MB"],
            "knows another disk",
        ),
        worker.expect(
            most("WorkerDiskMb") == Some(10_240) && most("WorkerMemory") == Some(10_240),
            "may be larger than Lambda makes it",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// By the Makefile in its folder, for the processors that the stack is for.
fn is_made(it: Resource<'_>, folder: &str) -> bool {
    let metadata = &it.whole["Metadata"];
    let makefile = Template::path().with_file_name(folder).join("Makefile");
    let target = format!("\nbuild-{}:\n", it.id);
    metadata["BuildMethod"] == "makefile"
        && metadata["WorkingDirectory"]
            == json!({"Fn::Sub": "functions/processors/${Architecture}"})
        && std::fs::read_to_string(makefile).is_ok_and(|text| text.contains(&target))
}

/// `$default`: an answer of the gateway's own would be success to some clients.
pub(crate) fn every_call(template: &Template) -> Vec<String> {
    let submit = template.resource("Submit");
    let events = submit.property("Events").as_object().unwrap();
    let whole = |event: &Value| {
        let said = &event["Properties"];
        event["Type"] == "HttpApi"
            && said["ApiId"] == json!({"Ref": "Api"})
            && said.get("Path").is_none()
            && said.get("Method").is_none()
    };
    let all = events.len() == 1 && events.values().all(whole);
    submit
        .expect(all, "leaves calls to the gateway")
        .into_iter()
        .collect()
}

pub(crate) fn logs_end(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    for it in template.all("AWS::Serverless::Function") {
        let group = it.property("LoggingConfig")["LogGroup"]["Ref"].as_str();
        let ends = group.is_some_and(|id| {
            template.resource(id).property("RetentionInDays") == &json!({"Ref": "LogDays"})
        });
        wrong.extend(it.expect(ends, "logs for ever"));
    }
    wrong
}

/// One record's panic is one record's failure: nothing may make it end the process.
#[test]
fn panics_unwind_in_what_is_deployed() {
    let workspace = Template::path().with_file_name("Cargo.toml");
    let workspace = std::fs::read_to_string(workspace).unwrap();
    let release = workspace.split("[profile.release]").nth(1).unwrap();
    assert!(release.contains("panic = \"unwind\""));
}

/// Lambda has what every program needs, and little else.
#[test]
fn what_is_deployed_fetches_nothing_and_links_with_nothing_that_lambda_lacks() {
    let cargo = std::process::Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--edges", "normal", "--prefix", "none"])
        .args(["--package", "submit", "--package", "worker"])
        .args(["--package", "notify"])
        .current_dir(Template::path().parent().unwrap())
        .output()
        .unwrap();
    let tree = String::from_utf8(cargo.stdout).unwrap();
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    let packages: Vec<_> = names.collect();
    assert!(packages.contains(&"aws-sdk-s3"), "{tree}");
    for lacking in [
        "lzma-sys",
        "openssl-sys",
        "libsqlite3-sys",
        "ureq",
        "zip",
        "ring",
    ] {
        assert!(!packages.contains(&lacking), "{lacking} is in a function");
    }
}
