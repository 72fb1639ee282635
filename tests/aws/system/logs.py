"""Prints the last lines that the functions wrote, and the service about them."""

import boto3

logs = boto3.client("logs")
for group in logs.describe_log_groups()["logGroups"]:
    name = group["logGroupName"]
    print(name)
    for event in logs.filter_log_events(logGroupName=name)["events"][-40:]:
        print(" ", event["message"].rstrip()[:800])
