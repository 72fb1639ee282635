"""Prints what the vendor's typed SDK knows of actions: `vendor_fields.py ACTION...` as JSON.

For each action the names of its parameters, and the paths of the fields of its answer, such as
`Video.Snapshots.Snapshot`. A list counts as what it holds.
"""

import inspect
import json
import re
import sys
import typing

from alibabacloud_vod20170321 import models


def fields(model, prefix=""):
    """The wire paths of a model and of those in it."""
    hints = typing.get_type_hints(model.__init__, vars(sys.modules[model.__module__]))
    source = inspect.getsource(model.from_map)
    paths = []
    # `if m.get('Wire') is not None:`, and then what fills `self.attribute`.
    for name, attribute in re.findall(r"if m\.get\('(\w+)'\).*?self\.(\w+)", source, re.DOTALL):
        kinds = [hints[attribute], *typing.get_args(hints[attribute])]
        below = [kind for kind in kinds if hasattr(kind, "from_map")]
        path = f"{prefix}{name}"
        paths += fields(below[0], f"{path}.") if below else [path]
    return sorted(set(paths))


def action(name):
    answer = fields(getattr(models, f"{name}ResponseBody"))
    answer.remove("RequestId")
    return {"parameters": fields(getattr(models, f"{name}Request")), "answer": answer}


print(json.dumps({name: action(name) for name in sys.argv[1:]}))
