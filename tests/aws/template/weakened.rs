//! The rules see what they are for: whatever is taken away or loosened breaks one.

use crate::POLICIES;
use crate::template::Template;
use serde_json::{Value, json};

fn complaints(template: &Template) -> usize {
    POLICIES
        .iter()
        .map(|(_, policy)| policy(template).len())
        .sum()
}

/// The template with another value there; null takes it away.
fn with(pointer: &str, value: Value) -> Template {
    let mut template = Template::read();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = template
        .0
        .pointer_mut(parent)
        .unwrap_or_else(|| panic!("no {pointer}"));
    match parent {
        Value::Object(pairs) if value.is_null() => {
            pairs.remove(name).unwrap_or_else(|| panic!("no {pointer}"));
        }
        Value::Array(items) if value.is_null() => {
            items.remove(name.parse().unwrap());
        }
        other => {
            let place = match name.parse::<usize>() {
                Ok(index) => &mut other[index],
                Err(_) => &mut other[name],
            };
            assert_ne!(*place, value, "{pointer} is so already");
            *place = value;
        }
    }
    template
}

#[test]
fn whatever_is_taken_away_breaks_a_rule() {
    for pointer in [
        "Table/Properties/SSESpecification",
        "Table/Properties/PointInTimeRecoverySpecification",
        "Table/Properties/TimeToLiveSpecification",
        "Table/Properties/BillingMode",
        "Table/DeletionPolicy",
        "Table/UpdateReplacePolicy",
        "Pictures/DeletionPolicy",
        "Pictures/Properties/BucketEncryption",
        "Pictures/Properties/BucketEncryption/ServerSideEncryptionConfiguration/0/BucketKeyEnabled",
        "Uploads/Properties/BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault/KMSMasterKeyID",
        "Pictures/Properties/PublicAccessBlockConfiguration",
        "Pictures/Properties/PublicAccessBlockConfiguration/BlockPublicPolicy",
        "Pictures/Properties/OwnershipControls",
        "Pictures/Properties/LifecycleConfiguration/Rules/0/AbortIncompleteMultipartUpload",
        "Source/Properties/PublicAccessBlockConfiguration/RestrictPublicBuckets",
        "Source/Properties/BucketEncryption",
        "PicturesPolicy/Properties/PolicyDocument/Statement/0",
        "PicturesPolicy/Properties/PolicyDocument/Statement/1/Fn::If/1/Condition",
        "PicturesPolicy/Properties/PolicyDocument/Statement/2",
        "PicturesPolicy/Properties/PolicyDocument/Statement/2/Fn::If/1/Condition",
        "Pictures/Properties/CorsConfiguration",
        "Cdn/Condition",
        "Cdn/Properties/DistributionConfig/Origins/0/OriginAccessControlId",
        "Cdn/Properties/DistributionConfig/DefaultCacheBehavior/CachePolicyId",
        "Cdn/Properties/DistributionConfig/DefaultCacheBehavior/ResponseHeadersPolicyId",
        "Cdn/Properties/DistributionConfig/DefaultCacheBehavior/FunctionAssociations",
        "Cdn/Properties/DistributionConfig/DefaultCacheBehavior/ViewerProtocolPolicy",
        "CdnHeaders/Properties/ResponseHeadersPolicyConfig/CorsConfig",
        "CdnHeaders/Properties/ResponseHeadersPolicyConfig/CustomHeadersConfig/Items/2",
        "CdnCaching/Properties/CachePolicyConfig/MaxTTL",
        "SourcePolicy",
        "Uploads/DeletionPolicy",
        "Uploads/Properties/PublicAccessBlockConfiguration",
        "Uploads/Properties/LifecycleConfiguration/Rules/0/AbortIncompleteMultipartUpload",
        "UploadsPolicy",
        "QueuePolicy/Properties/PolicyDocument/Statement/0",
        "QueuePolicy/Properties/PolicyDocument/Statement/1/Fn::If/1/Condition",
        "DeadLettersPolicy",
        "GivenUpPolicy",
        "TopicPolicy/Properties/PolicyDocument/Statement/0",
        "Topic/Properties/KmsMasterKeyId",
        "Queue/Properties/SqsManagedSseEnabled",
        "Queue/Properties/RedrivePolicy",
        "Queue/Properties/VisibilityTimeout",
        "GivenUp/Properties/SqsManagedSseEnabled",
        "GivenUp/Properties/RedrivePolicy",
        "GivenUp/Properties/VisibilityTimeout",
        "GivenUp/Properties/MessageRetentionPeriod",
        "DeadLetters/Properties/SqsManagedSseEnabled",
        "DeadLetters/Properties/MessageRetentionPeriod",
        "Callbacks/Properties/FifoQueue",
        "Callbacks/Properties/DeduplicationScope",
        "Callbacks/Properties/FifoThroughputLimit",
        "Callbacks/Properties/VisibilityTimeout",
        "Callbacks/Properties/MessageRetentionPeriod",
        "Callbacks/Properties/SqsManagedSseEnabled",
        "Callbacks/Properties/RedrivePolicy",
        "CallbackDeadLetters/Properties/FifoQueue",
        "CallbackDeadLetters/Properties/MessageRetentionPeriod",
        "CallbackDeadLetters/Properties/SqsManagedSseEnabled",
        "CallbacksPolicy",
        "CallbackDeadLettersPolicy",
        "Notify/Properties/RecursiveLoop",
        "Notify/Properties/Role",
        "Notify/Properties/LoggingConfig",
        "Notify/Properties/Environment/Variables/CALLBACKS_URL",
        "Notify/Properties/Environment/Variables/CALLBACK_DEAD_LETTERS_URL",
        "Notify/Properties/Environment/Variables/CALLBACK_ALLOW",
        "Notify/Properties/Events/Callback/Properties/BatchSize",
        "Notify/Properties/Events/Callback/Properties/FunctionResponseTypes",
        "Notify/Properties/Events/Callback/Properties/ScalingConfig",
        "NotifyLogs/Properties/RetentionInDays",
        "NotifyRole/Properties/Policies/0/PolicyDocument/Statement/0/Condition",
        "SubmitRole/Properties/Policies/0/PolicyDocument/Statement/7/Fn::If/1/Condition",
        "Common/Properties/PolicyDocument/Statement/4/Fn::If/1/Condition",
        "Common/Properties/PolicyDocument/Statement/5/Fn::If/1/Condition",
        "Worker/Properties/Environment/Variables/CALLBACKS_URL",
        "CallbackDeadLetterAlarm",
        "NotifyErrorsAlarm",
        "NotifyThrottlesAlarm",
        "SubmitErrorsAlarm",
        "DeadLetterAlarm",
        "WorkerErrorsAlarm",
        "OldestMessageAgeAlarm",
        "SubmitFailuresAlarm",
        "SubmitThrottlesAlarm",
        "WorkerThrottlesAlarm",
        "WorkerErrorsAlarm/Properties/AlarmActions",
        "WorkerErrorsAlarm/Properties/AlarmActions/1",
        "WorkerErrorsAlarm/Properties/OKActions/0",
        "WorkerErrorsAlarm/Properties/TreatMissingData",
        "Worker/Properties/Environment/Variables/GIVEN_UP_ARN",
        "Worker/Properties/Environment/Variables/DEAD_LETTERS_URL",
        "Worker/Properties/Environment/Variables/TMPDIR",
        "Worker/Properties/Environment/Variables/SCRATCH_MB",
        "Worker/Properties/EphemeralStorage",
        "Submit/Properties/ReservedConcurrentExecutions",
        "SubmitUrl/Condition",
        "SubmitUrlCalls",
        "SubmitUrlInvocations",
        "SubmitUrlInvocations/Properties/InvokedViaFunctionUrl",
        "SubmitRole/Properties/PermissionsBoundary",
        "WorkerRole/Properties/PermissionsBoundary",
        "Api/Properties/DefaultRouteSettings",
        "Api/Properties/AccessLogSettings",
        "Arrivals/Properties/Targets/0/DeadLetterConfig",
        "DeadLettersPolicy/Properties/PolicyDocument/Statement/1/Fn::If/1/Condition",
        "WorkerErrorsAlarm/Condition",
        "Dashboard/Condition",
        "Dashboard/Properties/DashboardBody",
        "Worker/Properties/Events/Message/Properties/FunctionResponseTypes",
        "Worker/Properties/Events/Message/Properties/ScalingConfig",
        "Worker/Properties/Events/GivenUp",
        "Worker/Properties/Events/GivenUp/Properties/FunctionResponseTypes",
        "Worker/Properties/Events/GivenUp/Properties/ScalingConfig",
        "Worker/Properties/RecursiveLoop",
        "Worker/Properties/LoggingConfig",
        "Worker/Properties/Role",
        "Worker/Metadata",
        "Submit/Properties/Environment/Variables/KEYS_SECRET",
        "SubmitRole/Properties/Policies/0/PolicyDocument/Statement/1",
        "SubmitLogs/Properties/RetentionInDays",
        "Submit/Metadata/WorkingDirectory",
        "Ffmpeg/Metadata/WorkingDirectory",
        "Ffmpeg/Properties/LayerName",
    ] {
        let weakened = with(&format!("/Resources/{pointer}"), Value::Null);
        assert_ne!(complaints(&weakened), 0, "nobody misses {pointer}");
    }
    for pointer in [
        "/Globals/Function/Tracing",
        "/Globals/Function/Environment/Variables/TABLE",
        "/Globals/Function/Environment/Variables/PICTURES",
        "/Globals/Function/Environment/Variables/BUCKET_CDN",
        "/Rules/OpenUploads",
        "/Rules/SignedPictures",
        "/Conditions/HasSecretKey/Fn::And/0",
        "/Parameters/SourceBuckets/AllowedPattern",
        "/Parameters/SourceKeyArns/AllowedPattern",
        "/Parameters/CallbackAllow/AllowedPattern",
        "/Parameters/UploadAllow/AllowedPattern",
        "/Rules/SignedPictures/Assertions/0/Assert/Fn::And/1",
        "/Globals/Function/Environment/Variables/WORKER_MEMORY_MB",
        "/Parameters/MaxQps/Description",
        "/Parameters/JpegQuality/Default",
        "/Outputs/Endpoint",
        "/Mappings/Visibility/60",
    ] {
        assert_ne!(
            complaints(&with(pointer, Value::Null)),
            0,
            "nobody misses {pointer}"
        );
    }
}

#[test]
fn whatever_is_loosened_breaks_a_rule() {
    let statement = |role: &str, number: usize| {
        format!("/Resources/{role}/Properties/Policies/0/PolicyDocument/Statement/{number}")
    };
    for (pointer, value) in [
        (
            format!("{}/Resource", statement("SubmitRole", 0)),
            json!("*"),
        ),
        (
            format!("{}/Resource", statement("WorkerRole", 1)),
            json!("*"),
        ),
        (
            format!("{}/Action", statement("WorkerRole", 0)),
            json!("dynamodb:*"),
        ),
        (
            format!("{}/Action", statement("SubmitRole", 1)),
            json!(["sqs:SendMessage", "sqs:PurgeQueue"]),
        ),
        (
            "/Resources/Common/Properties/PolicyDocument/Statement/4/Fn::If/1/Resource".to_owned(),
            json!("*"),
        ),
        (
            "/Resources/Common/Properties/PolicyDocument/Statement/5/Fn::If/1/Action".to_owned(),
            json!("kms:*"),
        ),
        (
            "/Resources/TopicPolicy/Properties/PolicyDocument/Statement/1/Principal/AWS".to_owned(),
            json!("arn:aws:iam::123456789012:root"),
        ),
        (
            "/Resources/Worker/Properties/Role".to_owned(),
            json!({"Fn::GetAtt": ["SubmitRole", "Arn"]}),
        ),
        (
            "/Resources/Worker/Properties/Timeout".to_owned(),
            json!(901),
        ),
        (
            "/Resources/Keys/Properties/GenerateSecretString/GenerateStringKey".to_owned(),
            json!({"Ref": "AccessKeyId"}),
        ),
        (
            "/Resources/Keys/Properties/GenerateSecretString/PasswordLength".to_owned(),
            json!(48),
        ),
        (
            "/Resources/Pictures/DeletionPolicy".to_owned(),
            json!("Retain"),
        ),
        ("/Parameters/FunctionUrl/Default".to_owned(), json!("on")),
        (
            "/Resources/SubmitUrl/Properties/AuthType".to_owned(),
            json!("AWS_IAM"),
        ),
        (
            "/Parameters/SubmitReservedConcurrency/Default".to_owned(),
            json!(5),
        ),
        (
            "/Resources/Api/Properties/AccessLogSettings/Fn::If/1/Format".to_owned(),
            json!("{\"q\": \"$context.error.message $context.querystring\"}"),
        ),
        (
            "/Resources/Api/Properties/AccessLogSettings/Fn::If/1/Format".to_owned(),
            json!("{\"error\": \"$context.error.message\", \"path\": \"$context.path\"}"),
        ),
        (
            "/Parameters/BucketKeyArn/AllowedPattern".to_owned(),
            json!("(arn:[a-z-]+:kms:[^* ]+)?"),
        ),
        (
            "/Parameters/KeysSecretArn/AllowedPattern".to_owned(),
            json!("(arn:[a-z-]+:secretsmanager:.+)?"),
        ),
        (
            "/Parameters/Limits/AllowedPattern".to_owned(),
            json!("([a-z-]+=[0-9]+(,[a-z-]+=[0-9]+)*)?"),
        ),
        (
            "/Outputs/Dashboard/Value".to_owned(),
            json!({"Fn::Sub": "https://console.aws.amazon.com/cloudwatch/home"}),
        ),
        (
            "/Resources/Dashboard/Properties/DashboardBody/Fn::Sub".to_owned(),
            json!(
                "{\"widgets\": [{\"properties\": {\"metrics\": [[\"vod-snapshot\", \"Picture\", \"FunctionName\", \"f\"]]}}]}"
            ),
        ),
        (
            "/Resources/Worker/Properties/MemorySize".to_owned(),
            json!(3008),
        ),
        (
            "/Resources/Worker/Properties/EphemeralStorage/Size".to_owned(),
            json!(512),
        ),
        (
            "/Resources/Queue/Properties/VisibilityTimeout".to_owned(),
            json!(900),
        ),
        ("/Mappings/Visibility/900/Seconds".to_owned(), json!(5399)),
        (
            "/Resources/Queue/Properties/RedrivePolicy/maxReceiveCount".to_owned(),
            json!(20),
        ),
        (
            "/Resources/Queue/Properties/RedrivePolicy/deadLetterTargetArn".to_owned(),
            json!({"Fn::GetAtt": ["DeadLetters", "Arn"]}),
        ),
        (
            "/Resources/Worker/Properties/Events/GivenUp/Properties/Queue".to_owned(),
            json!({"Fn::GetAtt": ["DeadLetters", "Arn"]}),
        ),
        (
            "/Resources/DeadLetterAlarm/Properties/Threshold".to_owned(),
            json!(1),
        ),
        (
            "/Resources/DeadLetterAlarm/Properties/ComparisonOperator".to_owned(),
            json!("LessThanThreshold"),
        ),
        (
            "/Resources/WorkerErrorsAlarm/Properties/Period".to_owned(),
            json!(3600),
        ),
        (
            "/Resources/SubmitFailuresAlarm/Properties/EvaluationPeriods".to_owned(),
            json!(60),
        ),
        (
            "/Resources/Worker/Metadata/WorkingDirectory".to_owned(),
            json!("functions/processors/x86_64"),
        ),
        (
            "/Resources/Table/Properties/TimeToLiveSpecification/AttributeName".to_owned(),
            json!("ttl"),
        ),
        (
            "/Resources/Pictures/Properties/BucketName".to_owned(),
            json!("pictures"),
        ),
        (
            "/Resources/Queue/Properties/QueueName".to_owned(),
            json!("jobs"),
        ),
        (
            "/Resources/Ffmpeg/Properties/LayerName".to_owned(),
            json!("ffmpeg"),
        ),
        (
            "/Resources/PicturesPolicy/Properties/PolicyDocument/Statement/0/Effect".to_owned(),
            json!("Allow"),
        ),
        (
            "/Resources/Pictures/Properties/CorsConfiguration/CorsRules/0/AllowedOrigins/0"
                .to_owned(),
            json!("https://player.example"),
        ),
        (
            "/Resources/Api/Properties".to_owned(),
            json!({"CorsConfiguration": {"AllowOrigins": ["*"]}}),
        ),
        (
            "/Resources/PicturesPolicy/Properties/PolicyDocument/Statement/2/Fn::If/1/Action"
                .to_owned(),
            json!(["s3:GetObject", "s3:ListBucket"]),
        ),
        (
            "/Resources/PicturesPolicy/Properties/PolicyDocument/Statement/2/Fn::If/1/Resource"
                .to_owned(),
            json!({"Fn::Sub": "${Pictures.Arn}/*"}),
        ),
        (
            "/Resources/PicturesPolicy/Properties/PolicyDocument/Statement/1/Fn::If/1/Resource"
                .to_owned(),
            json!({"Fn::Sub": "${Pictures.Arn}/*"}),
        ),
        (
            "/Resources/CdnCaching/Properties/CachePolicyConfig/DefaultTTL".to_owned(),
            json!(86400),
        ),
        (
            "/Resources/CdnAccess/Properties/OriginAccessControlConfig/SigningBehavior".to_owned(),
            json!("never"),
        ),
        (
            "/Resources/CdnAccess/Properties/OriginAccessControlConfig/Name".to_owned(),
            json!({"Fn::Sub": "${AWS::StackName}-${AWS::Region}-pictures"}),
        ),
        (
            "/Resources/CdnCaching/Properties/CachePolicyConfig/Name".to_owned(),
            json!("pictures"),
        ),
        (
            "/Resources/CdnCors/Properties/Name/Fn::Sub/0".to_owned(),
            json!("${Id}-the-function-that-says-any-page-may-read"),
        ),
        (
            "/Rules/SignedPictures/Assertions/0/Assert/Fn::And/0".to_owned(),
            json!({"Fn::Equals": [{"Ref": "PublicBaseUrl"}, ""]}),
        ),
        (
            "/Resources/TopicPolicy/Properties/PolicyDocument/Statement/1/Principal".to_owned(),
            json!("*"),
        ),
        (
            "/Resources/Submit/Properties/Events/Call/Properties/Path".to_owned(),
            json!("/"),
        ),
        (
            "/Resources/Worker/Properties/Environment/Variables/SPARE".to_owned(),
            json!("x"),
        ),
        (
            "/Resources/Callbacks/Properties/RedrivePolicy/maxReceiveCount".to_owned(),
            json!(30),
        ),
        (
            "/Resources/Callbacks/Properties/RedrivePolicy/deadLetterTargetArn".to_owned(),
            json!({"Fn::GetAtt": ["DeadLetters", "Arn"]}),
        ),
        (
            "/Resources/Callbacks/Properties/VisibilityTimeout".to_owned(),
            json!(89),
        ),
        (
            "/Resources/Callbacks/Properties/FifoThroughputLimit".to_owned(),
            json!("perQueue"),
        ),
        ("/Resources/Notify/Properties/Timeout".to_owned(), json!(6)),
        (
            "/Resources/Notify/Properties/Events/Callback/Properties/BatchSize".to_owned(),
            json!(10),
        ),
        (
            "/Resources/Notify/Properties/Events/Callback/Properties/Queue".to_owned(),
            json!({"Fn::GetAtt": ["Queue", "Arn"]}),
        ),
        (
            "/Resources/Notify/Properties/Role".to_owned(),
            json!({"Fn::GetAtt": ["WorkerRole", "Arn"]}),
        ),
        (
            "/Resources/Notify/Properties/VpcConfig".to_owned(),
            json!({"SubnetIds": ["subnet-1"]}),
        ),
        (
            format!("{}/Action", statement("NotifyRole", 0)),
            json!(["dynamodb:GetItem", "dynamodb:PutItem"]),
        ),
        (
            "/Parameters/CallbackAllow/Default".to_owned(),
            json!("0.0.0.0/0"),
        ),
        (
            "/Resources/CallbackDeadLetterAlarm/Properties/Threshold".to_owned(),
            json!(100),
        ),
        (
            "/Resources/Pictures/Condition".to_owned(),
            json!("HasDistribution"),
        ),
        (
            "/Resources/Queue/Properties/FifoQueue".to_owned(),
            json!(true),
        ),
        ("/Parameters/JpegQuality/Default".to_owned(), json!(80)),
        ("/Parameters/JpegQuality/MaxValue".to_owned(), json!(500)),
    ] {
        let said = format!("{pointer}: {value}");
        assert_ne!(complaints(&with(&pointer, value)), 0, "nobody minds {said}");
    }
}
