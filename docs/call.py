#!/usr/bin/env python3
"""Calls the API: `call.py ACTION ANSWER NAME=VALUE...` prints what the answer has at ANSWER.

ANSWER is a way into the JSON, such as `RegisteredMediaList.0.MediaId`, or `.` for all of it. ENDPOINT is
the URL of the API and KEYS the JSON object of access keys, whose first one signs. Needs
aliyun-python-sdk-core, the vendor's client for Python.
"""

import json
import os
import sys
from urllib.parse import urlsplit

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.http import protocol_type
from aliyunsdkcore.request import CommonRequest

action, wanted, *parameters = sys.argv[1:]
endpoint = urlsplit(os.environ["ENDPOINT"])
key_id, secret = next(iter(json.loads(os.environ["KEYS"]).items()))

request = CommonRequest(endpoint.netloc, "2017-03-21", action)
# One of the client's own constants: it looks for the very object, and takes any other "https" for http.
request.set_protocol_type(protocol_type.HTTP if endpoint.scheme == "http" else protocol_type.HTTPS)
request.set_method("POST")
for name, value in (text.split("=", 1) for text in parameters):
    request.add_body_params(name, value)
try:
    answer = json.loads(AcsClient(key_id, secret, "cn-shanghai").do_action_with_exception(request))
except ServerException as error:
    sys.exit(f"{error.get_error_code()}: {error.get_error_msg()}")
for step in wanted.strip(".").split(".") if wanted != "." else ():
    answer = answer[int(step) if isinstance(answer, list) else step]
print(answer if isinstance(answer, str) else json.dumps(answer, indent=2))
