//! Any number of stacks in one account.

use crate::template::Template;
use serde_json::{Value, json};

/// Properties that name a resource.
const NAMES: [&str; 15] = [
    "AlarmName",
    "BucketName",
    "BucketNamePrefix",
    "DashboardName",
    "FunctionName",
    "GroupName",
    "LayerName",
    "LogGroupName",
    "ManagedPolicyName",
    "Name",
    "QueueName",
    "RoleName",
    "StageName",
    "TableName",
    "TopicName",
];

pub(crate) fn none_fixed(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    for it in template.resources() {
        for name in NAMES {
            let value = it.property(name);
            // That of another resource, and not of a parameter.
            let refers = value["Ref"].as_str();
            let refers = refers.is_some_and(|id| template.0["Resources"].get(id).is_some());
            let own = refers || value.is_null() || is_of_the_stack(value);
            wrong.extend(it.expect(own, "two stacks would have it"));
        }
    }
    // A layer without a name takes that of its resource.
    for it in template.all("AWS::Serverless::LayerVersion") {
        wrong.extend(it.expect(!it.property("LayerName").is_null(), "shares its name"));
    }
    let outputs = template.0["Outputs"].as_object().unwrap();
    let exported = outputs
        .iter()
        .filter(|(_, output)| output.get("Export").is_some());
    wrong.extend(exported.map(|(name, _)| format!("{name}: exports have one name an account")));
    wrong
}

/// The longest that CloudFront takes for a function or an access control. Others may be longer.
const CLOUDFRONT_CHARACTERS: usize = 64;

/// A stack's name, and the last part of its id, have so many characters at most.
const STACK_NAME_CHARACTERS: usize = 128;
const STACK_ID_CHARACTERS: usize = 36;

/// The longest name of a region so far, such as `ap-southeast-1`, and some more.
const REGION_CHARACTERS: usize = 20;

/// Whatever the stack is called, CloudFront takes the names of its parts, and no other stack has them:
/// it has one list of names for all regions.
pub(crate) fn short_for_cloudfront(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    for it in template.resources() {
        let kind = it.whole["Type"].as_str().unwrap_or_default();
        if !kind.starts_with("AWS::CloudFront::") {
            continue;
        }
        let properties = it.whole["Properties"].as_object().unwrap();
        let nested = properties.values().map(|config| &config["Name"]);
        let own = std::iter::once(it.property("Name"));
        for name in own.chain(nested).filter(|name| !name.is_null()) {
            let short = longest(name) <= CLOUDFRONT_CHARACTERS;
            wrong.extend(it.expect(short, "has a name that a long stack name makes too long"));
            wrong.extend(it.expect(is_of_the_stack(name), "two stacks would have it"));
        }
    }
    wrong
}

/// The last part of the stack's id, a UUID, by the name `Id`.
fn id_of_the_stack() -> Value {
    json!({"Id": {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}})
}

fn is_of_the_stack(name: &Value) -> bool {
    let text = name["Fn::Sub"].as_str();
    let named = text.is_some_and(|text| text.contains("${AWS::StackName}"));
    let by_id = name["Fn::Sub"][0].as_str();
    let by_id = by_id.is_some_and(|text| text.contains("${Id}"));
    named || (by_id && name["Fn::Sub"][1] == id_of_the_stack())
}

/// The length of the name in the stack where it is longest.
fn longest(name: &Value) -> usize {
    let parts = &name["Fn::Sub"];
    let text = parts.as_str().or_else(|| parts[0].as_str());
    let text = text.or_else(|| name.as_str()).unwrap_or_default();
    let filled = text
        .replace("${AWS::StackName}", &"s".repeat(STACK_NAME_CHARACTERS))
        .replace("${AWS::Region}", &"r".repeat(REGION_CHARACTERS))
        .replace("${Id}", &"i".repeat(STACK_ID_CHARACTERS));
    filled.len()
}
