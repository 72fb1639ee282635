//! The dashboard: JSON that CloudWatch takes, of metrics that exist.
//!
//! "Dashboard body structure and syntax" and "CloudWatch search expression syntax" of the user guide.

use crate::template::Template;
use serde_json::Value;
use std::collections::BTreeMap;

/// Which metrics the worker prints, and under which names.
const PRINTED: &str = include_str!("../../../functions/worker/src/metrics.rs");
const NAMESPACE: &str = "vod-snapshot";

pub(crate) fn drawn(template: &Template) -> Vec<String> {
    let it = template.resource("Dashboard");
    let body = it.property("DashboardBody")["Fn::Sub"].as_str();
    let body = body.map(filled_in).unwrap_or_default();
    let Ok(body) = serde_json::from_str::<Value>(&body) else {
        return vec!["Dashboard: not JSON".to_owned()];
    };
    let widgets = body["widgets"].as_array().map_or(&[][..], Vec::as_slice);
    let mut wrong: Vec<_> = it
        .expect(!widgets.is_empty(), "is empty")
        .into_iter()
        .collect();
    for widget in widgets {
        let lines = widget["properties"]["metrics"].as_array();
        for line in lines.into_iter().flatten() {
            let said = metric(line);
            wrong.extend(said.err().map(|why| format!("Dashboard: {line}: {why}")));
        }
    }
    wrong
}

/// With a name in place of each `${..}`.
fn filled_in(text: &str) -> String {
    let mut parts = text.split("${");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        filled += "stack-Name-1";
        filled += part.split_once('}').map_or("", |(_, rest)| rest);
    }
    filled
}

/// `[namespace, metric, dimension, value, .., {options}]`, or `[{"expression": ..}]`.
fn metric(line: &Value) -> Result<(), String> {
    const OPTIONS: [&str; 9] = [
        "expression",
        "label",
        "stat",
        "yAxis",
        "id",
        "visible",
        "period",
        "color",
        "region",
    ];
    let line = line.as_array().ok_or("no list")?;
    let (texts, options): (Vec<_>, Vec<_>) = line.iter().partition(|part| part.is_string());
    for option in options {
        let option = option.as_object().ok_or("neither text nor options")?;
        let strange = option.keys().find(|key| !OPTIONS.contains(&key.as_str()));
        strange.map_or(Ok(()), |key| Err(format!("no option {key}")))?;
        if let Some(expression) = option.get("expression") {
            return search(expression.as_str().ok_or("no text")?);
        }
    }
    let texts: Vec<_> = texts.iter().filter_map(|text| text.as_str()).collect();
    let [namespace, name, dimensions @ ..] = &texts[..] else {
        return Err("no metric".to_owned());
    };
    if dimensions.is_empty() || !dimensions.len().is_multiple_of(2) {
        return Err("a dimension without a value".to_owned());
    }
    if !namespace.starts_with("AWS/") {
        is_printed(namespace, name, &[dimensions[0]])?;
    }
    Ok(())
}

/// `SEARCH('{namespace, dimension, ..} term term', 'statistic', period)`.
fn search(expression: &str) -> Result<(), String> {
    let inner = expression.strip_prefix("SEARCH(").ok_or("no search")?;
    let inner = inner.strip_suffix(')').ok_or("no end")?;
    let (_, rest) = inner.split_once('\'').ok_or("no quotes")?;
    let (query, rest) = rest.split_once('\'').ok_or("no end of the query")?;
    let arguments: Vec<_> = rest.split(',').map(str::trim).collect();
    let ["", statistic, period] = arguments[..] else {
        return Err("neither statistic nor period".to_owned());
    };
    let statistics = [
        "'Sum'",
        "'Average'",
        "'Maximum'",
        "'Minimum'",
        "'SampleCount'",
    ];
    let period: u32 = period.parse().map_err(|_| "no period")?;
    if !statistics.contains(&statistic) || !period.is_multiple_of(60) || period == 0 {
        return Err(format!("{statistic}, {period}"));
    }
    let schema = query.trim().strip_prefix('{').ok_or("no schema")?;
    let (schema, terms) = schema.split_once('}').ok_or("no end of the schema")?;
    let names = schema.split(',').map(|name| token(name.trim()));
    let names = names.collect::<Result<Vec<_>, _>>()?;
    let terms = terms.split_whitespace().map(|term| {
        let (name, value) = term.split_once('=').ok_or("no term")?;
        let value = value
            .strip_prefix('"')
            .and_then(|value| value.strip_suffix('"'));
        Ok((name, value.ok_or("a value without quotes")?))
    });
    let terms = terms.collect::<Result<BTreeMap<_, _>, String>>()?;
    let [namespace, dimensions @ ..] = &names[..] else {
        return Err("no namespace".to_owned());
    };
    let strange = terms
        .keys()
        .find(|key| **key != "MetricName" && !dimensions.contains(key));
    strange.map_or(Ok(()), |key| {
        Err(format!("{key} is no dimension of the schema"))
    })?;
    is_printed(
        namespace,
        terms.get("MetricName").ok_or("no metric")?,
        dimensions,
    )
}

/// A name of other characters than letters, digits and those of AWS's own namespaces is in double
/// quotes, or no metric is found.
fn token(name: &str) -> Result<&str, String> {
    if let Some(quoted) = name.strip_prefix('"') {
        let quoted = quoted.strip_suffix('"').filter(|text| !text.contains('"'));
        return quoted.ok_or_else(|| format!("{name}: no end of the quotes"));
    }
    let plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '/';
    match !name.is_empty() && name.chars().all(plain) {
        true => Ok(name),
        false => Err(format!("{name} has to be in double quotes")),
    }
}

/// Metrics of the worker, with exactly these dimensions.
fn is_printed(namespace: &str, name: &str, dimensions: &[&str]) -> Result<(), String> {
    let by_code = name == "Failures";
    let mut dimensions = dimensions.to_vec();
    dimensions.sort_unstable();
    let right = match by_code {
        true => dimensions == ["Code", "FunctionName"],
        false => dimensions == ["FunctionName"],
    };
    let there = PRINTED.contains(&format!("\"{name}\", Unit::"))
        || PRINTED.contains(&format!("\"{name}\",\n            Unit::"));
    match namespace == NAMESPACE && right && there {
        true => Ok(()),
        false => Err(format!(
            "nobody prints {namespace} {name} by {dimensions:?}"
        )),
    }
}

/// The graph of failures was empty: CloudWatch finds nothing, and says nothing.
#[test]
fn a_search_without_quotes_is_drawn() {
    let all = |namespace: &str, rest: &str| {
        search(&format!(
            "SEARCH('{{{namespace},Code,FunctionName}} {rest}', 'Sum', 300)"
        ))
    };
    let terms = "MetricName=\"Failures\" FunctionName=\"f\"";
    assert_eq!(all("\"vod-snapshot\"", terms), Ok(()));
    assert!(all("vod-snapshot", terms).is_err());
    assert!(all("\"vod-snapshots\"", terms).is_err());
    assert!(all("\"vod-snapshot\"", "MetricName=\"Failure\"").is_err());
    assert!(all("\"vod-snapshot\"", "MetricName=Failures").is_err());
    assert!(all("\"vod-snapshot\"", "MetricName=\"Failures\" Name=\"f\"").is_err());
    assert!(
        search("SEARCH('{\"vod-snapshot\",Code,FunctionName} MetricName=\"Failures\"')").is_err()
    );
}
