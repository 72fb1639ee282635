"""Stops the worker's deliveries, or lets them come: `upgrade.py FUNCTION off|on`."""

import sys

import boto3

name, switch = sys.argv[1:]
functions = boto3.client("lambda")
for mapping in functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]:
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=switch == "on")
