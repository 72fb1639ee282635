//! `sam deploy` into the emulator, and what the emulator leaves undone.

use crate::artefacts::Artefacts;
use cloud::Emulator;
use cloud::install::SAM;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::process::Command;
use tempfile::TempDir;

/// One stack.
pub(crate) struct Deployment {
    endpoint: String,
    /// As the template says.
    pub(crate) outputs: BTreeMap<String, String>,
    /// Where its workers write.
    #[allow(dead_code, reason = "removed with the deployment")]
    scratch: TempDir,
}

impl Deployment {
    /// With these parameters of the template, `Name=value`.
    pub(crate) fn make(emulator: &Emulator, name: &str, parameters: &[String]) -> Self {
        let artefacts = Artefacts::make();
        let home = TempDir::new().unwrap();
        let output = Command::new("python3")
            .args(["-m", "samcli", "deploy", "--stack-name", name, "--template"])
            .arg(artefacts.template())
            .args(["--resolve-s3", "--capabilities", "CAPABILITY_IAM"])
            .args(["--no-confirm-changeset", "--no-progressbar"])
            .arg("--parameter-overrides")
            .args(parameters)
            .env("PYTHONPATH", SAM.installed().unwrap())
            .env("AWS_ENDPOINT_URL", &emulator.endpoint)
            .env("AWS_ACCESS_KEY_ID", "test")
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("SAM_CLI_TELEMETRY", "0")
            .env("HOME", home.path())
            .output()
            .unwrap();
        let said =
            String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let mut deployment = Self {
            endpoint: emulator.endpoint.clone(),
            outputs: BTreeMap::new(),
            scratch: TempDir::new().unwrap(),
        };
        deployment.outputs = deployment.described(name);
        deployment.route();
        deployment.give_decoder();
        deployment.count_workers();
        deployment
    }

    /// An output of the template.
    pub(crate) fn output(&self, name: &str) -> &str {
        let output = self.outputs.get(name);
        output.unwrap_or_else(|| panic!("{name}: {:?}", self.outputs))
    }

    /// Where the API answers. The emulator knows it by path, AWS by host.
    pub(crate) fn api(&self) -> String {
        format!("/_aws/execute-api/{}/$default", self.api_id())
    }

    fn api_id(&self) -> &str {
        let host = self.output("Endpoint").strip_prefix("https://").unwrap();
        host.split('.').next().unwrap()
    }

    fn described(&self, name: &str) -> BTreeMap<String, String> {
        let query = format!("Action=DescribeStacks&Version=2010-05-15&StackName={name}");
        let answer = ureq::get(format!("{}/?{query}", self.endpoint)).call();
        let text = answer.unwrap().body_mut().read_to_string().unwrap();
        let between = |text: &str, name: &str| {
            let (_, rest) = text.split_once(&format!("<{name}>"))?;
            let (value, _) = rest.split_once(&format!("</{name}>"))?;
            Some(value.replace("&amp;", "&"))
        };
        let members = text.split("<member>");
        let pairs = members.filter_map(|member| {
            Some((
                between(member, "OutputKey")?,
                between(member, "OutputValue")?,
            ))
        });
        pairs.collect()
    }

    /// The emulator does not look for routes in the body that SAM writes for an HttpApi.
    fn route(&self) {
        let api = format!("/v2/apis/{}", self.api_id());
        let function = self.output("SubmitFunction");
        let arn = format!("arn:aws:lambda:us-east-1:000000000000:function:{function}");
        let integration = json!({
            "integrationType": "AWS_PROXY", "integrationUri": arn,
            "integrationMethod": "POST", "payloadFormatVersion": "2.0",
        });
        let made = self.send("POST", &format!("{api}/integrations"), &integration);
        let target = format!("integrations/{}", made["integrationId"].as_str().unwrap());
        let route = json!({"routeKey": "$default", "target": target});
        self.send("POST", &format!("{api}/routes"), &route);
    }

    /// No layer lies below /opt of this machine, and no environment has a /tmp of its own: a
    /// folder of another name is not emptied between jobs, which would be another's in hand.
    fn give_decoder(&self) {
        let configuration = format!(
            "/2015-03-31/functions/{}/configuration",
            self.output("WorkerFunction")
        );
        let mut now = self.send("GET", &configuration, &Value::Null);
        let variables = &mut now["Environment"]["Variables"];
        assert_eq!(variables["VOD_SNAPSHOT_FFMPEG"], "/opt/bin/ffmpeg");
        variables["VOD_SNAPSHOT_FFMPEG"] = json!(cloud::stack::ffmpeg().path);
        variables["TMPDIR"] = json!(self.scratch.path());
        let environment = json!({ "Environment": { "Variables": variables } });
        self.send("PUT", &configuration, &environment);
    }

    /// The emulator hands numbers of a template's parameters on as texts, and then can't compare
    /// them.
    fn count_workers(&self) {
        let mappings = "/2015-03-31/event-source-mappings/";
        let all = self.send("GET", mappings, &Value::Null);
        let queue = self.output("QueueUrl").rsplit('/').next().unwrap();
        let mut all = all["EventSourceMappings"].as_array().unwrap().iter();
        let ours = all.find(|one| one["EventSourceArn"].as_str().unwrap().ends_with(queue));
        let ours = ours.expect("the queue has a reader");
        let count = &ours["ScalingConfig"]["MaximumConcurrency"];
        let count: u32 = count.as_str().map_or(2, |text| text.parse().unwrap());
        let scaling = json!({"ScalingConfig": {"MaximumConcurrency": count}});
        let mapping = format!("{mappings}{}", ours["UUID"].as_str().unwrap());
        self.send("PUT", &mapping, &scaling);
    }

    fn send(&self, method: &str, path: &str, body: &Value) -> Value {
        let config = ureq::Agent::config_builder().allow_non_standard_methods(true);
        let http: ureq::Agent = config.build().into();
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.endpoint))
            .header("content-type", "application/json")
            .body(if body.is_null() {
                Vec::new()
            } else {
                body.to_string().into_bytes()
            });
        let mut answer = http.run(request.unwrap()).unwrap();
        answer.body_mut().read_json().unwrap()
    }
}
