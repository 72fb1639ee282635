//! Pictures: pages read them, nobody lists them, and no CDN gives them beside signatures.

use crate::template::{Resource, Template, shown};
use serde_json::{Value, json};

/// A deletion counts within a minute.
const MINUTE_S: i64 = 60;

/// A browser names no origin after a redirect, and any page may be a player's.
pub(crate) fn read_by_pages(template: &Template) -> Vec<String> {
    let rules = json!([{
        "AllowedOrigins": ["*"], "AllowedMethods": ["GET", "HEAD"], "AllowedHeaders": ["*"],
        "ExposedHeaders": ["Content-Length", "Content-Range", "ETag"], "MaxAge": 86400,
    }]);
    let bucket = template.resource("Pictures");
    let open = bucket.property("CorsConfiguration")["CorsRules"] == rules;
    let api = template.resource("Api");
    let own = api.property("CorsConfiguration").is_null();
    [
        bucket.expect(open, "no page can read a picture"),
        api.expect(own, "answers pages in place of the function"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whoever has no signature asks the CDN.
pub(crate) fn signed_beside_no_cdn(template: &Template) -> Vec<String> {
    let rule = &template.0["Rules"]["SignedPictures"];
    let when = json!({"Fn::Equals": [{"Ref": "PictureAccess"}, "signed"]});
    let none = |name: &str, value: &str| json!({"Fn::Equals": [{"Ref": name}, value]});
    let both = json!({"Fn::And": [none("DistributionArn", ""), none("CloudFront", "off")]});
    let refused = rule["RuleCondition"] == when && rule["Assertions"][0]["Assert"] == both;
    let told = &template.0["Globals"]["Function"]["Environment"]["Variables"];
    let cdn = json!({"Fn::If": ["MakesCdn", {"Ref": "Cdn"}, {"Ref": "DistributionArn"}]});
    let checked = told["BUCKET_CDN"] == cdn && told["PICTURES"] == json!({"Ref": "PictureAccess"});
    let mut wrong = Vec::new();
    wrong.extend((!refused).then(|| "signed pictures are deployed beside a CDN".to_owned()));
    wrong.extend((!checked).then(|| "the functions do not know of the CDN".to_owned()));
    wrong
}

/// A distribution reads pictures of this bucket alone, as itself; ours keeps them for a minute.
pub(crate) fn cdn(template: &Template) -> Vec<String> {
    let parts = ["Cdn", "CdnAccess", "CdnCaching", "CdnHeaders", "CdnCors"];
    let mut wrong: Vec<_> = parts
        .iter()
        .filter_map(|id| {
            let it = template.resource(id);
            it.expect(it.whole["Condition"] == "MakesCdn", "is always there")
        })
        .collect();
    wrong.extend(distribution(template.resource("Cdn")));
    let access = &template
        .resource("CdnAccess")
        .property("OriginAccessControlConfig");
    let signs = access["SigningBehavior"] == "always" && access["SigningProtocol"] == "sigv4";
    wrong.extend((!signs).then(|| "CdnAccess: reads without a name".to_owned()));
    let caching = template
        .resource("CdnCaching")
        .property("CachePolicyConfig");
    let short = ["MinTTL", "DefaultTTL", "MaxTTL"]
        .iter()
        .all(|name| caching[name].as_i64().is_some_and(|s| s <= MINUTE_S));
    wrong.extend((!short).then(|| "CdnCaching: shows deleted pictures".to_owned()));
    wrong.extend(headers(template));
    for (condition, distribution) in [
        ("MakesCdn", ":distribution/Cdn"),
        ("HasDistribution", "DistributionArn"),
    ] {
        let statement = statement(template, condition);
        wrong.extend((!reads_pictures_alone(&statement, distribution)).then(|| {
            format!("PicturesPolicy: the distribution may do more than read pictures: {statement}")
        }));
    }
    wrong
}

fn distribution(it: Resource<'_>) -> Vec<String> {
    let said = it.property("DistributionConfig");
    let (origin, behavior) = (&said["Origins"][0], &said["DefaultCacheBehavior"]);
    let reference = |id: &str| json!({ "Ref": id });
    let attribute = |id: &str, name: &str| json!({"Fn::GetAtt": [id, name]});
    let association = &behavior["FunctionAssociations"][0];
    [
        it.expect(
            origin["OriginAccessControlId"] == attribute("CdnAccess", "Id"),
            "reads without a name",
        ),
        it.expect(
            origin["DomainName"] == attribute("Pictures", "RegionalDomainName"),
            "reads another bucket",
        ),
        it.expect(
            behavior["ViewerProtocolPolicy"] == "redirect-to-https",
            "can be reached without TLS",
        ),
        it.expect(
            behavior["CachePolicyId"] == reference("CdnCaching"),
            "shows deleted pictures",
        ),
        it.expect(
            behavior["ResponseHeadersPolicyId"] == reference("CdnHeaders"),
            "no page can read a picture",
        ),
        it.expect(
            association["FunctionARN"] == attribute("CdnCors", "FunctionARN")
                && association["EventType"] == "viewer-response",
            "no page can read a picture that it has shown",
        ),
        it.expect(
            behavior["AllowedMethods"] == json!(["GET", "HEAD", "OPTIONS"]),
            "takes other methods",
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn headers(template: &Template) -> Option<String> {
    let it = template.resource("CdnHeaders");
    let said = it.property("ResponseHeadersPolicyConfig");
    let cors = &said["CorsConfig"];
    let custom = said["CustomHeadersConfig"]["Items"].as_array()?;
    let has = |header: &str, value: &str| {
        custom
            .iter()
            .any(|it| it["Header"] == header && it["Value"] == value && it["Override"] == true)
    };
    let right = cors["AccessControlAllowOrigins"]["Items"] == json!(["*"])
        && cors["OriginOverride"] == true
        && has("X-Robots-Tag", "noindex")
        && has("Cache-Control", "public, max-age=60");
    it.expect(right, "says other things than the API")
}

fn statement(template: &Template, condition: &str) -> Value {
    let policy = template.resource("PicturesPolicy");
    let statements = policy.property("PolicyDocument")["Statement"].as_array();
    let of_cdn = |it: &&Value| it["Fn::If"][0] == condition;
    let found = statements.and_then(|all| all.iter().find(of_cdn));
    found.map_or(Value::Null, |it| it["Fn::If"][1].clone())
}

fn reads_pictures_alone(statement: &Value, distribution: &str) -> bool {
    let source = &statement["Condition"]["ArnEquals"]["aws:SourceArn"];
    statement["Action"] == "s3:GetObject"
        && shown(&statement["Resource"])
            == [
                "Pictures.Arn/*/snapshots/*.jpg",
                "Pictures.Arn/*/snapshots/*.webp",
                "Pictures.Arn/*/snapshots/*.vtt",
                "Pictures.Arn/*/snapshots/*.m3u8",
                "Pictures.Arn/*/snapshots/*.mpd",
                "Pictures.Arn/*/snapshots/*-adaptation-set.xml",
                "Pictures.Arn/*/snapshots/*.bif",
                "Pictures.Arn/*/snapshots/sprite/*.json",
                "Pictures.Arn/*/snapshots/vtt/*.json",
                "Pictures.Arn/*/snapshots/dynamic/*",
                "Pictures.Arn/*/snapshots/*-manifest.json",
            ]
        && shown(source)[0].ends_with(distribution)
}
