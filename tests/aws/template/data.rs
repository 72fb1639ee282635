//! What is kept: encrypted, private, reached over TLS alone, and still there when the stack goes.

use crate::template::{Resource, Template, shown, unconditional};
use serde_json::{Value, json};

/// Alarms tell of numbers alone, and CloudWatch may not use the key of SNS.
const UNENCRYPTED: &str = "AlarmTopic";

pub(crate) fn encrypted(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    for it in template.all("AWS::S3::Bucket") {
        let rule = &it.property("BucketEncryption")["ServerSideEncryptionConfiguration"][0];
        let by_key =
            |with: Value, without: Value| json!({"Fn::If": ["HasBucketKey", with, without]});
        let (key, none) = (
            json!({"Ref": "BucketKeyArn"}),
            json!({"Ref": "AWS::NoValue"}),
        );
        let encryption = json!({
            "ServerSideEncryptionByDefault": {
                "SSEAlgorithm": by_key(json!("aws:kms"), json!("AES256")),
                "KMSMasterKeyID": by_key(key, none.clone()),
            },
            // One call of KMS for many objects.
            "BucketKeyEnabled": by_key(json!(true), none),
        });
        wrong.extend(it.expect(rule == &encryption, "not encrypted by the key of the stack"));
    }
    for it in template.all("AWS::SQS::Queue") {
        let encrypted = it.property("SqsManagedSseEnabled") == &json!(true);
        wrong.extend(it.expect(encrypted, "not encrypted"));
    }
    for it in template.all("AWS::DynamoDB::Table") {
        let encrypted = it.property("SSESpecification")["SSEEnabled"] == true;
        wrong.extend(it.expect(encrypted, "not encrypted"));
    }
    for it in template.all("AWS::SNS::Topic") {
        let encrypted = it.property("KmsMasterKeyId") == "alias/aws/sns";
        wrong.extend(it.expect(encrypted || it.id == UNENCRYPTED, "not encrypted"));
    }
    wrong
}

pub(crate) fn private(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    let all = json!({
        "BlockPublicAcls": true, "BlockPublicPolicy": true,
        "IgnorePublicAcls": true, "RestrictPublicBuckets": true,
    });
    for it in template.all("AWS::S3::Bucket") {
        let blocked = it.property("PublicAccessBlockConfiguration") == &all;
        wrong.extend(it.expect(blocked, "may become public"));
        let owner = &it.property("OwnershipControls")["Rules"][0]["ObjectOwnership"];
        wrong.extend(it.expect(owner == "BucketOwnerEnforced", "objects have owners"));
    }
    for (it, statement) in policies(template) {
        let to_all = statement["Principal"] == "*" || statement["Principal"]["AWS"] == "*";
        let open = to_all && statement["Effect"] != "Deny";
        wrong.extend(it.expect(!open, "lets everybody in"));
        let service = statement["Principal"]["Service"].is_string();
        let bound = statement["Condition"]["ArnEquals"]["aws:SourceArn"].is_object();
        wrong.extend(it.expect(!service || bound, "lets a service in for anybody"));
    }
    wrong
}

pub(crate) fn over_tls(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    for (kind, everything) in [
        ("AWS::S3::Bucket", "s3:*"),
        ("AWS::SQS::Queue", "sqs:*"),
        ("AWS::SNS::Topic", "sns:Publish"),
    ] {
        for it in template.all(kind).filter(|it| it.id != UNENCRYPTED) {
            let refused = policies(template).any(|(_, statement)| {
                let on = shown(&statement["Resource"]);
                statement["Effect"] == "Deny"
                    && statement["Principal"] == "*"
                    && statement["Action"] == everything
                    && statement["Condition"] == json!({"Bool": {"aws:SecureTransport": false}})
                    && (on.contains(&it.id.to_owned()) || on.contains(&format!("{}.Arn", it.id)))
                    && (kind != "AWS::S3::Bucket" || on.contains(&format!("{}.Arn/*", it.id)))
            });
            wrong.extend(it.expect(refused, "can be reached without TLS"));
        }
    }
    wrong
}

fn policies(template: &Template) -> impl Iterator<Item = (Resource<'_>, &Value)> {
    let kinds = [
        "AWS::S3::BucketPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::SNS::TopicPolicy",
    ];
    let policies = kinds.into_iter().flat_map(|kind| template.all(kind));
    policies.flat_map(|policy| {
        let statements = unconditional(&policy.property("PolicyDocument")["Statement"]);
        statements
            .into_iter()
            .map(move |statement| (policy, statement))
    })
}

pub(crate) fn kept(template: &Template) -> Vec<String> {
    let mut wrong = Vec::new();
    for kind in ["AWS::S3::Bucket", "AWS::DynamoDB::Table"] {
        for it in template.all(kind) {
            // What a stack leaves that could not be created keeps the next from its name.
            let kept = it.whole["DeletionPolicy"] == "RetainExceptOnCreate";
            let kept = kept && it.whole["UpdateReplacePolicy"] == "Retain";
            wrong.extend(it.expect(kept, "goes with the stack, or stays of one that never was"));
        }
    }
    for it in template.all("AWS::S3::Bucket") {
        let rules = unconditional(&it.property("LifecycleConfiguration")["Rules"]);
        let ends = |rule: &&Value| {
            rule["Status"] == "Enabled" && rule["AbortIncompleteMultipartUpload"].is_object()
        };
        wrong.extend(it.expect(rules.iter().any(ends), "keeps incomplete uploads"));
    }
    wrong
}

/// Secrets Manager makes another secret at any change of how it is generated: nothing that anybody
/// may want to change stands there, and for a stack of an earlier release it is what it was.
pub(crate) fn keys_stay(template: &Template) -> Vec<String> {
    let it = template.resource("Keys");
    let generated = json!({
        "SecretStringTemplate": "{}", "GenerateStringKey": {"Ref": "GeneratedKeyId"},
        "PasswordLength": 40, "ExcludePunctuation": true,
    });
    let same = it.property("GenerateSecretString") == &generated;
    let default = template.parameter("GeneratedKeyId")["Default"] == "vod-snapshot";
    let wrong = it.expect(same && default, "is generated anew");
    wrong.into_iter().collect()
}

/// What is left of a deleted stack is adopted by the names that the template has for it, and by all
/// that a table can't change.
#[test]
fn what_a_stack_leaves_is_not_what_another_adopts() {
    let path = Template::path().with_file_name("docs/adopt.yaml");
    let adopted = Template(crate::yaml::parse(&std::fs::read_to_string(path).unwrap()));
    let whole = Template::read();
    let mut kept: Vec<_> = ["AWS::S3::Bucket", "AWS::DynamoDB::Table"]
        .into_iter()
        .flat_map(|kind| whole.all(kind).map(|it| it.id))
        .collect();
    kept.sort_unstable();
    let mut found: Vec<_> = adopted.resources().map(|it| it.id).collect();
    found.sort_unstable();
    assert_eq!(found, kept);
    for it in adopted.resources() {
        let same = whole.resource(it.id);
        for name in ["Type", "DeletionPolicy", "UpdateReplacePolicy"] {
            assert_eq!(it.whole[name], same.whole[name], "{} {name}", it.id);
        }
        let properties = it.whole["Properties"].as_object().into_iter().flatten();
        for (name, value) in properties {
            assert_eq!(value, same.property(name), "{} {name}", it.id);
        }
    }
}

pub(crate) fn table(template: &Template) -> Vec<String> {
    let it = template.resource("Table");
    let keys = json!([
        {"AttributeName": "pk", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]);
    let recovery = &it.property("PointInTimeRecoverySpecification")["PointInTimeRecoveryEnabled"];
    let expiry = json!({"AttributeName": "expires", "Enabled": true});
    let on_demand = it.property("BillingMode") == "PAY_PER_REQUEST";
    [
        it.expect(
            it.property("KeySchema") == &keys,
            "other keys than the functions use",
        ),
        it.expect(recovery == true, "can't be recovered to a point in time"),
        it.expect(
            it.property("TimeToLiveSpecification") == &expiry,
            "nonces stay",
        ),
        it.expect(on_demand, "is paid for while idle"),
    ]
    .into_iter()
    .flatten()
    .collect()
}
