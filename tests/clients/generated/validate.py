"""Validates values by schemas: JSON on the standard input, a list of [name, schema, value].

Schemas are open to members of later releases. Here they are closed, so that none is forgotten.
"""

import json
import sys

from jsonschema import Draft202012Validator


def closed(schema):
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    whole = {name: closed(part) for name, part in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        whole["additionalProperties"] = False
    return whole


wrong = []
for name, schema, value in json.load(sys.stdin):
    Draft202012Validator.check_schema(schema)
    checker = Draft202012Validator.FORMAT_CHECKER
    for error in Draft202012Validator(closed(schema), format_checker=checker).iter_errors(value):
        wrong.append(f"{name}: {error.json_path}: {error.message}")
sys.exit("\n".join(wrong) or 0)
