"""Fills what the emulator leaves out when it deploys: `gaps.py API SUBMIT WORKER NOTIFY`.

It ignores the routes that SAM writes into the body of an HTTP API, and keeps parameters of the type
Number as text where Lambda has numbers.
"""

import sys

import boto3

api, submit, worker, notify = sys.argv[1:]
functions = boto3.client("lambda")

arn = functions.get_function(FunctionName=submit)["Configuration"]["FunctionArn"]
gateway = boto3.client("apigatewayv2")
made = gateway.create_integration(
    ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=arn, PayloadFormatVersion="2.0"
)
target = f"integrations/{made['IntegrationId']}"
gateway.create_route(ApiId=api, RouteKey="$default", Target=target)

for name in (submit, worker, notify):
    told = functions.get_function_configuration(FunctionName=name)
    numbers = {key: int(told[key]) for key in ("Timeout", "MemorySize")}
    functions.update_function_configuration(FunctionName=name, **numbers)
for name in (worker, notify):
    for mapping in functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]:
        most = int(mapping["ScalingConfig"]["MaximumConcurrency"])
        functions.update_event_source_mapping(
            UUID=mapping["UUID"],
            BatchSize=int(mapping["BatchSize"]),
            ScalingConfig={"MaximumConcurrency": most},
        )
