//! What the template guards a stack with, as the deployed stack has it: rights on keys of KMS, who may
//! call the function by its URL, and the logs of the API.

use crate::deployed::{KMS_KEYS, Sam};
use crate::deployment;
use serde_json::{Value, json};

fn found() -> Value {
    let deployed = deployment!();
    let outputs = &deployed.outputs;
    let api = outputs["Endpoint"].split(['/', '.']).nth(2).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/system/guards.py");
    let [submit, worker, notify] =
        ["Submit", "Worker", "Notify"].map(|name| &*outputs[&format!("{name}Function")]);
    let mut arguments = vec![script, api, submit, worker, notify];
    arguments.extend(KMS_KEYS);
    arguments.push("arn:aws:kms:us-east-1:123456789012:key/another");
    let said = Sam::at(deployed.config.endpoint_url().unwrap()).run(&arguments);
    serde_json::from_str(&said).unwrap()
}

/// Of each key what its parameter is for, by the account's own evaluation of the deployed roles.
#[test]
fn roles_may_use_other_keys_than_they_were_given() {
    let nothing = json!([]);
    let decrypt = json!(["Decrypt"]);
    let expected = json!({
        "Submit buckets": decrypt, "Submit films": decrypt, "Submit secret": decrypt,
        "Submit another": nothing,
        "Worker buckets": ["Decrypt", "GenerateDataKey"], "Worker films": decrypt,
        "Worker secret": nothing, "Worker another": nothing,
        "Notify buckets": nothing, "Notify films": nothing, "Notify secret": nothing,
        "Notify another": nothing,
    });
    let found = found();
    assert_eq!(found["rights"], expected);
    let direct = found["direct"].as_object().unwrap();
    assert!(
        direct.values().all(|rights| *rights == nothing),
        "{direct:?}"
    );
}

/// Anybody, by the URL alone; the API; and nobody else.
#[test]
fn the_function_is_called_by_others_than_its_api_and_its_url() {
    let found = found();
    let callers = found["callers"].as_array().unwrap();
    let mut said: Vec<_> = callers
        .iter()
        .map(|it| format!("{} {} {}", it["Action"], it["Principal"], it["Condition"]))
        .collect();
    said.sort();
    let [invoke, gateway, url] = &said[..] else {
        panic!("{said:#?}");
    };
    assert!(gateway.contains("apigateway.amazonaws.com"), "{gateway}");
    assert!(invoke.contains("lambda:InvokedViaFunctionUrl"), "{invoke}");
    assert!(url.contains("\"lambda:InvokeFunctionUrl\""), "{url}");
    assert!(url.contains("NONE"), "{url}");
}

#[test]
fn the_url_of_the_function_answers_as_the_api_does() {
    let deployed = deployment!();
    let host = &deployed.outputs["FunctionUrlEndpoint"];
    let id = host.split(['/', '.']).nth(2).unwrap();
    let base = deployed.config.endpoint_url().unwrap();
    let url = format!("{base}/_aws/lambda-url/{id}/?Action=GetVideoInfo&Version=2017-03-21");
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    let agent: ureq::Agent = config.build().into();
    let mut answer = agent.get(&url).call().unwrap();
    let text = answer.body_mut().read_to_string().unwrap();
    let body: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(answer.status(), 400, "{body}");
    assert!(body["RequestId"].is_string(), "{body}");
}

#[test]
fn the_api_logs_nothing() {
    let found = found();
    let logs = &found["logs"];
    let group = logs["DestinationArn"].as_str().unwrap();
    assert!(group.contains("AccessLogGroup"), "{group}");
    let format: Value = serde_json::from_str(logs["Format"].as_str().unwrap()).unwrap();
    assert_eq!(format["status"], "$context.status");
}
