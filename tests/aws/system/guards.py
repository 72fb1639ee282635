"""What guards a stack, as JSON: `guards.py API SUBMIT WORKER NOTIFY KEY...`.

`rights`: what the role of each function may do with each key of KMS. `logs`: those of the API.
`callers`: the statements of Submit's own policy.
"""

import json
import sys

import boto3

api, *rest = sys.argv[1:]
functions, keys = rest[:3], rest[3:]
aws_lambda, iam = boto3.client("lambda"), boto3.client("iam")
ACTIONS = ["kms:Decrypt", "kms:GenerateDataKey"]

rights = {}
for kind, function in zip(("Submit", "Worker", "Notify"), functions):
    role = aws_lambda.get_function_configuration(FunctionName=function)["Role"]
    for key in keys:
        simulated = iam.simulate_principal_policy(
            PolicySourceArn=role, ActionNames=ACTIONS, ResourceArns=[key]
        )
        rights[f"{kind} {key.rsplit('/')[-1]}"] = [
            found["EvalActionName"].removeprefix("kms:")
            for found in simulated["EvaluationResults"]
            if found["EvalDecision"] == "allowed"
        ]
stage = boto3.client("apigatewayv2").get_stage(ApiId=api, StageName="$default")
policy = json.loads(aws_lambda.get_policy(FunctionName=functions[0])["Policy"])
print(
    json.dumps(
        {
            "rights": rights,
            "logs": stage.get("AccessLogSettings"),
            "callers": policy["Statement"],
        }
    )
)
