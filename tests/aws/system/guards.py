"""What guards a stack, as JSON: `guards.py API SUBMIT WORKER NOTIFY KEY...`.

`rights`: what the role of each function may do with each key of KMS through the service whose data the
key encrypts; `direct`: without one. `logs`: those of the API. `callers`: the statements of Submit's own
policy.
"""

import json
import sys

import boto3

api, *rest = sys.argv[1:]
functions, keys = rest[:3], rest[3:]
aws_lambda, iam = boto3.client("lambda"), boto3.client("iam")
ACTIONS = ["kms:Decrypt", "kms:GenerateDataKey"]
# Through which a key is used; the empty one is a call of KMS itself.
SERVICES = {"secret": "secretsmanager.us-east-1.amazonaws.com"}
VIA_S3 = "s3.us-east-1.amazonaws.com"


def allowed(role, key, service):
    via = {
        "ContextKeyName": "kms:ViaService",
        "ContextKeyType": "string",
        "ContextKeyValues": [service],
    }
    simulated = iam.simulate_principal_policy(
        PolicySourceArn=role,
        ActionNames=ACTIONS,
        ResourceArns=[key],
        ContextEntries=[via] if service else [],
    )
    return [
        found["EvalActionName"].removeprefix("kms:")
        for found in simulated["EvaluationResults"]
        if found["EvalDecision"] == "allowed"
    ]


rights, direct = {}, {}
for kind, function in zip(("Submit", "Worker", "Notify"), functions):
    role = aws_lambda.get_function_configuration(FunctionName=function)["Role"]
    for key in keys:
        name = key.rsplit("/")[-1]
        rights[f"{kind} {name}"] = allowed(role, key, SERVICES.get(name, VIA_S3))
        direct[f"{kind} {name}"] = allowed(role, key, None)
stage = boto3.client("apigatewayv2").get_stage(ApiId=api, StageName="$default")
policy = json.loads(aws_lambda.get_policy(FunctionName=functions[0])["Policy"])
print(
    json.dumps(
        {
            "rights": rights,
            "direct": direct,
            "logs": stage.get("AccessLogSettings"),
            "callers": policy["Statement"],
        }
    )
)
