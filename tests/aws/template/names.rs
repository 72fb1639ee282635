//! Any number of stacks in one account.

use crate::template::Template;

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
            let own = refers || value.is_null() || value.to_string().contains("${AWS::StackName}");
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
