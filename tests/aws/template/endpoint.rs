//! What is called from outside: the HTTP API, and a URL of the function where one is wanted.

use crate::template::Template;
use serde_json::json;

/// Calls reach the function by its URL with both permissions alone, since October 2025
/// (docs.aws.amazon.com/lambda/latest/dg/urls-auth.html), and nobody gets in where none is wanted.
pub(crate) fn function_url(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    let urls: Vec<_> = template.all("AWS::Lambda::Url").collect();
    wrong.extend((urls.len() != 1).then(|| "there is not one URL".to_owned()));
    for it in &urls {
        let of_submit =
            it.property("TargetFunctionArn") == &json!({"Fn::GetAtt": ["Submit", "Arn"]});
        wrong.extend(it.expect(of_submit, "calls another function"));
        let open = it.property("AuthType") == "NONE" && it.property("Cors").is_null();
        wrong.extend(it.expect(open, "answers in place of the service"));
    }
    let mut wanted = vec![
        json!({"FunctionName": {"Ref": "Submit"}, "Principal": "*",
               "Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"}),
        json!({"FunctionName": {"Ref": "Submit"}, "Principal": "*",
               "Action": "lambda:InvokeFunction", "InvokedViaFunctionUrl": true}),
    ];
    for it in template.all("AWS::Lambda::Permission") {
        let known = wanted
            .iter()
            .position(|wanted| wanted == &it.whole["Properties"]);
        match known {
            Some(place) => drop(wanted.remove(place)),
            None => wrong.push(format!("{}: lets others in", it.id)),
        }
    }
    wrong.extend(
        wanted
            .iter()
            .map(|wanted| format!("no permission {wanted}")),
    );
    let kinds = ["AWS::Lambda::Url", "AWS::Lambda::Permission"];
    for it in kinds.into_iter().flat_map(|kind| template.all(kind)) {
        let optional = it.whole["Condition"] == "HasFunctionUrl";
        wrong.extend(it.expect(optional, "is there for everybody"));
    }
    let off = template.parameter("FunctionUrl")["Default"] == "off"
        && template.0["Conditions"]["HasFunctionUrl"]
            == json!({"Fn::Equals": [{"Ref": "FunctionUrl"}, "on"]});
    wrong.extend((!off).then(|| "a URL is open to all by default".to_owned()));
    wrong
}

/// Variables of an access log that the gateway fills by itself. Queries and headers may hold signatures,
/// paths are what pictures are seen by, and of none of them is it documented that it is escaped.
const OWN_VARIABLES: [&str; 9] = [
    "requestId",
    "requestTime",
    "identity.sourceIp",
    "httpMethod",
    "status",
    "responseLength",
    "responseLatency",
    "error.message",
    "integrationErrorMessage",
];

/// Uploads are for those who have a key: everybody else would have files stored and given out here.
pub(crate) fn uploads_need_keys(template: &Template) -> Vec<String> {
    let rule = &template.0["Rules"]["OpenUploads"];
    let right = rule["RuleCondition"] == json!({"Fn::Equals": [{"Ref": "Auth"}, "none"]})
        && rule["Assertions"][0]["Assert"] == json!({"Fn::Equals": [{"Ref": "UploadQuotaMb"}, 0]});
    let mut wrong = Vec::new();
    wrong.extend((!right).then(|| "anybody has files stored".to_owned()));
    wrong
}

/// What an operator may bound or look at, and gets nothing of without asking.
pub(crate) fn bounded(template: &Template) -> Vec<String> {
    let api = template.resource("Api");
    let by = |condition: &str, with: serde_json::Value| json!({"Fn::If": [condition, with, {"Ref": "AWS::NoValue"}]});
    let throttling = json!({
        "ThrottlingRateLimit": {"Ref": "StageRate"}, "ThrottlingBurstLimit": {"Ref": "StageBurst"},
    });
    let logs = &api.property("AccessLogSettings")["Fn::If"];
    let format = logs[1]["Format"].as_str().unwrap_or_default();
    let is_json = serde_json::from_str::<serde_json::Value>(format).is_ok();
    let variables = format.match_indices("$context.").map(|(at, _)| {
        let variable = &format[at + "$context.".len()..];
        variable.split(['"', ' ']).next().unwrap_or_default()
    });
    // A quotation mark that a caller puts into one of another kind may end a member of the line.
    let strange: Vec<_> = variables.filter(|it| !OWN_VARIABLES.contains(it)).collect();
    let submit = template.resource("Submit");
    let reserved = by(
        "ReservesSubmit",
        json!({"Ref": "SubmitReservedConcurrency"}),
    );
    let mut wrong: Vec<_> = [
        api.expect(
            api.property("DefaultRouteSettings") == &by("BoundsStage", throttling),
            "can't be throttled",
        ),
        api.expect(
            logs[0] == "LogsAccess" && is_json && format.contains("$context.error.message"),
            "logs nothing of its own answers",
        ),
        api.expect(
            strange.is_empty() && !format.contains("$stageVariables"),
            "logs what callers write",
        ),
        submit.expect(
            submit.property("ReservedConcurrentExecutions") == &reserved,
            "can't be given room beside the workers",
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    // Each of these fails the first deployment of somebody, or costs money.
    for (name, none) in [
        ("SubmitReservedConcurrency", json!(0)),
        ("StageRate", json!(0)),
        ("AccessLogs", json!("off")),
        ("PermissionsBoundaryArn", json!("")),
    ] {
        let unasked = template.parameter(name)["Default"] != none;
        wrong.extend(unasked.then(|| format!("{name}: is there for everybody")));
    }
    wrong
}
