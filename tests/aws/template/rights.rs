//! What each function may do: what the library says it needs, and nothing else.

use crate::template::{Resource, Template, shown, unconditional};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Actions by the resource they are on.
type Rights = BTreeMap<String, BTreeSet<String>>;

const SOURCES: &str = "source buckets";

pub(crate) fn least(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    for (function, needed) in [
        ("Submit", submit()),
        ("Worker", worker()),
        ("Notify", notify()),
    ] {
        let function = template.resource(function);
        let id = function.property("Role")["Fn::GetAtt"][0].as_str();
        let Some(role) = id.map(|id| template.resource(id)) else {
            wrong.push(format!("{}: no role of its own", function.id));
            continue;
        };
        wrong.extend(role.expect(trusts_lambda_alone(role), "trusts others than Lambda"));
        let granted = granted(template, role);
        if granted != needed {
            wrong.push(format!("{}: {granted:#?} instead of {needed:#?}", role.id));
        }
    }
    let roles: BTreeSet<_> = ["Submit", "Worker", "Notify"]
        .map(|id| template.resource(id).property("Role").to_string())
        .into();
    wrong.extend((roles.len() < 3).then(|| "functions share a role".to_owned()));
    wrong.extend(reads_settings_alone(template));
    wrong
}

/// Of the table, the one item with SetMessageCallback's settings.
fn reads_settings_alone(template: &Template) -> Option<String> {
    let role = template.resource("NotifyRole");
    let statements = &role.property("Policies")[0]["PolicyDocument"]["Statement"];
    let on_table = unconditional(statements).into_iter();
    let mut on_table = on_table.filter(|it| shown(&it["Resource"]) == ["Table.Arn"]);
    let bound = serde_json::json!({
        "ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["APP#app-1000000"]},
    });
    role.expect(
        on_table.all(|it| it["Condition"] == bound),
        "reads other items than settings",
    )
}

fn rights(pairs: &[(&str, &str)]) -> Rights {
    let pairs = pairs.iter().chain(&[
        (SOURCES, "s3:ListBucket"),
        (
            "objects of source buckets",
            "s3:GetObject s3:GetObjectVersion",
        ),
        ("Uploads.Arn", "s3:ListBucket"),
        ("SourceKeyArns", "kms:Decrypt"),
        ("*", "xray:PutTraceSegments xray:PutTelemetryRecords"),
    ]);
    exactly(pairs)
}

fn exactly<'a>(pairs: impl IntoIterator<Item = &'a (&'a str, &'a str)>) -> Rights {
    let set = |actions: &str| actions.split(' ').map(str::to_owned).collect();
    let pairs = pairs.into_iter();
    pairs
        .map(|(on, actions)| ((*on).to_owned(), set(actions)))
        .collect()
}

fn submit() -> Rights {
    rights(&[
        (
            "Table.Arn",
            "dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem dynamodb:UpdateItem dynamodb:DeleteItem",
        ),
        ("Queue.Arn", "sqs:SendMessage"),
        ("Pictures.Arn", "s3:ListBucket"),
        ("Pictures.Arn/*", "s3:GetObject"),
        // DeleteDynamicImage.
        ("Pictures.Arn/*/snapshots/dynamic/*", "s3:DeleteObject"),
        (
            "Pictures.Arn/*/snapshots/*-manifest.json",
            "s3:DeleteObject",
        ),
        ("the secret", "secretsmanager:GetSecretValue"),
        ("KeysSecretKeyArn", "kms:Decrypt"),
        ("BucketKeyArn", "kms:Decrypt"),
        ("the file of templates", "s3:GetObject"),
        ("Uploads.Arn/*", "s3:GetObject s3:DeleteObject"),
        ("SubmitLogs.Arn", "logs:CreateLogStream logs:PutLogEvents"),
    ])
}

fn worker() -> Rights {
    rights(&[
        (
            "Table.Arn",
            "dynamodb:GetItem dynamodb:BatchGetItem dynamodb:Query dynamodb:PutItem \
             dynamodb:UpdateItem dynamodb:DeleteItem",
        ),
        (
            "Queue.Arn",
            "sqs:SendMessage sqs:ChangeMessageVisibility sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes",
        ),
        (
            "GivenUp.Arn",
            "sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes",
        ),
        ("DeadLetters.Arn", "sqs:SendMessage"),
        ("Pictures.Arn", "s3:ListBucket"),
        (
            "Pictures.Arn/*",
            "s3:GetObject s3:PutObject s3:DeleteObject",
        ),
        (
            "Uploads.Arn/*",
            "s3:GetObject s3:PutObject s3:AbortMultipartUpload s3:DeleteObject",
        ),
        ("BucketKeyArn", "kms:Decrypt kms:GenerateDataKey"),
        ("Topic", "sns:Publish"),
        ("Callbacks.Arn", "sqs:SendMessage"),
        ("WorkerLogs.Arn", "logs:CreateLogStream logs:PutLogEvents"),
    ])
}

/// No file, no picture and no secret.
fn notify() -> Rights {
    exactly(&[
        ("Table.Arn", "dynamodb:GetItem"),
        (
            "Callbacks.Arn",
            "sqs:SendMessage sqs:ChangeMessageVisibility sqs:ReceiveMessage sqs:DeleteMessage sqs:GetQueueAttributes",
        ),
        ("CallbackDeadLetters.Arn", "sqs:SendMessage"),
        ("NotifyLogs.Arn", "logs:CreateLogStream logs:PutLogEvents"),
        ("*", "xray:PutTraceSegments xray:PutTelemetryRecords"),
    ])
}

/// Keys are used through the service whose data they encrypt, so that the rest of what they encrypt
/// cannot be read with a function's credentials.
pub(crate) fn keys_through_their_service(template: &Template) -> Vec<String> {
    let policies = template.resources().flat_map(|it| {
        let inline = it.property("Policies").as_array().into_iter().flatten();
        let inline = inline.map(|policy| &policy["PolicyDocument"]);
        inline
            .chain([it.property("PolicyDocument")])
            .collect::<Vec<_>>()
    });
    let statements = policies
        .filter(|policy| policy["Statement"].is_array())
        .flat_map(|policy| unconditional(&policy["Statement"]));
    let mut wrong = Vec::new();
    for it in statements {
        let uses_keys = shown(&it["Action"]).iter().any(|on| on.starts_with("kms:"));
        let service = match &*shown(&it["Resource"])[0] {
            "KeysSecretKeyArn" => "secretsmanager",
            _ => "s3",
        };
        let through = serde_json::json!({
            "StringLike": {"kms:ViaService": format!("{service}.*.amazonaws.com*")},
        });
        let is_bound = !uses_keys || it["Condition"] == through;
        wrong.extend((!is_bound).then(|| format!("a key is used for other things: {it}")));
    }
    let checks = &template.0["Conditions"]["HasSecretKey"]["Fn::And"][0];
    let is_checked = checks == &serde_json::json!({"Condition": "ChecksKeys"});
    wrong.extend((!is_checked).then(|| "the key of a secret that nobody reads".to_owned()));
    wrong
}

fn granted(template: &Template, role: Resource<'_>) -> Rights {
    let own = role.property("Policies").as_array().unwrap().iter();
    let own = own.map(|policy| &policy["PolicyDocument"]);
    let shared = role
        .property("ManagedPolicyArns")
        .as_array()
        .into_iter()
        .flatten();
    // Only policies that stand in the template: what AWS manages grants more than is needed.
    let shared = shared.map(|policy| {
        let id = policy["Ref"]
            .as_str()
            .unwrap_or_else(|| panic!("{policy} is not ours"));
        template.resource(id).property("PolicyDocument")
    });
    let mut granted = Rights::new();
    for statement in own
        .chain(shared)
        .flat_map(|it| unconditional(&it["Statement"]))
    {
        assert_eq!(statement["Effect"], "Allow");
        for on in resources(&statement["Resource"]) {
            granted
                .entry(on)
                .or_default()
                .extend(shown(&statement["Action"]));
        }
    }
    granted
}

/// As people would say it. The lists of existing source buckets are told by their ends.
fn resources(value: &Value) -> Vec<String> {
    let text = value.to_string();
    let by_condition = value["Fn::If"].is_array();
    match by_condition {
        false if text.contains("\"Ref\":\"TemplatesUri\"") => {
            let whole = r#"["arn:",{"Ref":"AWS::Partition"},":s3:::","#;
            assert!(text.contains(whole), "{text}");
            vec!["the file of templates".to_owned()]
        }
        true if text.contains("HasKeys") => {
            assert_eq!(value["Fn::If"][1]["Ref"], "KeysSecretArn");
            assert_eq!(value["Fn::If"][2]["Ref"], "Keys");
            vec!["the secret".to_owned()]
        }
        true => {
            let made = shown(&value["Fn::If"][1]);
            assert!(text.contains("\"Ref\":\"SourceBuckets\""), "{text}");
            assert!(text.contains("\"arn:*:s3:::\""), "{text}");
            let objects = made == ["Source.Arn/*"] && text.contains("\"/*,arn:*:s3:::\"");
            let buckets = made == ["Source.Arn"] && text.contains("\",arn:*:s3:::\"");
            match (objects, buckets) {
                (true, false) => vec![format!("objects of {SOURCES}")],
                (false, true) => vec![SOURCES.to_owned()],
                _ => vec![text],
            }
        }
        false => shown(value),
    }
}

/// Where an organisation asks for a boundary, a role without one can't be made.
pub(crate) fn bounded(template: &Template) -> Vec<String> {
    let boundary = serde_json::json!({"Fn::If": [
        "HasBoundary", {"Ref": "PermissionsBoundaryArn"}, {"Ref": "AWS::NoValue"},
    ]});
    let roles = template.all("AWS::IAM::Role");
    let wrong = roles.map(|it| {
        it.expect(
            it.property("PermissionsBoundary") == &boundary,
            "has no boundary",
        )
    });
    wrong.flatten().collect()
}

/// In each partition, such as that of China, ARNs begin with another, and the console has another name.
pub(crate) fn any_partition(template: &Template) -> Vec<String> {
    let resources = template.resources();
    let wrong = resources.filter(|it| it.whole.to_string().contains("arn:aws:"));
    let wrong = wrong.map(|it| format!("{}: works in one partition alone", it.id));
    let link = template.0["Outputs"]["Dashboard"]["Value"].to_string();
    let consoles = ["console.amazonaws.cn", "console.amazonaws-us-gov.com"];
    let elsewhere = consoles.iter().filter(|console| !link.contains(**console));
    let elsewhere = elsewhere.map(|console| format!("the dashboard is never at {console}"));
    wrong.chain(elsewhere).collect()
}

fn trusts_lambda_alone(role: Resource<'_>) -> bool {
    let statements = role.property("AssumeRolePolicyDocument")["Statement"].as_array();
    let statements = statements.unwrap();
    statements.len() == 1
        && statements[0]["Principal"] == serde_json::json!({"Service": "lambda.amazonaws.com"})
}
