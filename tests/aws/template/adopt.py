"""Imports what a deleted stack has left into a new one: `adopt.py ENDPOINT TEMPLATE`.

Prints what the new stack then has, one resource a line.
"""

import sys
import time

import boto3

endpoint, template = sys.argv[1:]
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


def client(name):
    return boto3.client(name, endpoint_url=endpoint, region_name="us-east-1", **KEYS)


KEY = (("pk", "HASH"), ("sk", "RANGE"))
client("dynamodb").create_table(
    TableName="left-table",
    BillingMode="PAY_PER_REQUEST",
    AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name, _ in KEY],
    KeySchema=[{"AttributeName": name, "KeyType": kind} for name, kind in KEY],
)
left = [("AWS::DynamoDB::Table", "Table", {"TableName": "left-table"})]
for name in ("Pictures", "Source", "Uploads"):
    bucket = f"left-{name.lower()}"
    client("s3").create_bucket(Bucket=bucket)
    left.append(("AWS::S3::Bucket", name, {"BucketName": bucket}))

formation = client("cloudformation")
with open(template, encoding="utf-8") as file:
    formation.create_change_set(
        StackName="adopting",
        ChangeSetName="adopt",
        ChangeSetType="IMPORT",
        TemplateBody=file.read(),
        ResourcesToImport=[
            {"ResourceType": kind, "LogicalResourceId": name, "ResourceIdentifier": place}
            for kind, name, place in left
        ],
    )
formation.get_waiter("change_set_create_complete").wait(StackName="adopting", ChangeSetName="adopt")
formation.execute_change_set(StackName="adopting", ChangeSetName="adopt")
for _ in range(60):
    status = formation.describe_stacks(StackName="adopting")["Stacks"][0]["StackStatus"]
    if not status.endswith("IN_PROGRESS"):
        break
    time.sleep(0.5)
print(status)
for found in formation.describe_stack_resources(StackName="adopting")["StackResources"]:
    print(found["LogicalResourceId"], found["PhysicalResourceId"])
