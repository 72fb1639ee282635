"""What guards a stack, as JSON: `guards.py API SUBMIT WORKER NOTIFY KEY...`.

`rights`: what the role of each function may do with each key of KMS through the service whose data the
key encrypts; `direct`: without one. `logs`: those of the API. `callers`: the statements of Submit's own
policy.
"""

import json
import sys
from fnmatch import fnmatchcase

import boto3

api, *rest = sys.argv[1:]
functions, keys = rest[:3], rest[3:]
aws_lambda, iam = boto3.client("lambda"), boto3.client("iam")
ACTIONS = ["kms:Decrypt", "kms:GenerateDataKey"]
# Through which a key is used; None is a call of KMS itself.
SERVICES = {"secret": "secretsmanager.us-east-1.amazonaws.com"}
VIA_S3 = "s3.us-east-1.amazonaws.com"


def documents(role):
    """The policies of a role, its own and those that it shares."""
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        yield iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    for shared in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        arn = shared["PolicyArn"]
        version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
        found = iam.get_policy_version(PolicyArn=arn, VersionId=version)
        yield found["PolicyVersion"]["Document"]


def as_called(document, service):
    """What holds of a policy for calls through `service`: the emulator knows no kms:ViaService."""
    statements = []
    for statement in document["Statement"]:
        pattern = statement.get("Condition", {}).get("StringLike", {}).get("kms:ViaService")
        if pattern is None:
            statements.append(statement)
        elif service is not None and fnmatchcase(service, pattern):
            statements.append({key: statement[key] for key in statement if key != "Condition"})
    return json.dumps({**document, "Statement": statements})


def allowed(role, key, service):
    policies = [as_called(document, service) for document in documents(role)]
    simulated = iam.simulate_custom_policy(
        PolicyInputList=policies, ActionNames=ACTIONS, ResourceArns=[key]
    )
    return [
        found["EvalActionName"].removeprefix("kms:")
        for found in simulated["EvaluationResults"]
        if found["EvalDecision"] == "allowed"
    ]


rights, direct = {}, {}
for kind, function in zip(("Submit", "Worker", "Notify"), functions):
    role = aws_lambda.get_function_configuration(FunctionName=function)["Role"].split("/")[-1]
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
