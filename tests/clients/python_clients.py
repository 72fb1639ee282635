"""The Python clients behind one face: `call` gives the answer as a dict, or raises `Failure`.

A Failure is made only from the client's own error type; anything else goes up as it is.
"""

import json
import re


class Failure(Exception):
    """What the client's own error type told."""

    def __init__(self, code, message, status, request_id):
        super().__init__(f"{status} {code}: {message} ({request_id})")
        self.code, self.message = code, message
        self.status, self.request_id = status, request_id


class Legacy:
    """aliyun-python-sdk-vod; signatures V1."""

    # This client compares the string to sign in the refusal with its own, and then knows better.
    wrong_secret = ("InvalidAccessKeySecret", "The AccessKeySecret is incorrect")

    def __init__(self, endpoint, method, ca):
        self.endpoint, self.method, self.ca = endpoint, method, ca

    def call(self, action, parameters, key):
        from aliyunsdkcore.acs_exception.exceptions import ServerException
        from aliyunsdkcore.client import AcsClient

        name = f"{action}Request"
        module = __import__(f"aliyunsdkvod.request.v20170321.{name}", fromlist=[name])
        request = getattr(module, name)()
        request.set_accept_format("json")
        request.set_method(self.method)
        request.set_endpoint(self.endpoint)
        if self.ca:
            request.set_protocol_type("https")
        for parameter, value in parameters.items():
            getattr(request, f"set_{parameter}")(value)
        try:
            return json.loads(AcsClient(*key, "cn-shanghai").do_action_with_exception(request))
        except ServerException as error:
            raise Failure(
                error.get_error_code(),
                error.get_error_msg(),
                error.get_http_status(),
                error.get_request_id(),
            ) from error


class Tea:
    """alibabacloud_vod20170321; signatures V3, or V1 which it calls v2."""

    wrong_secret = ("SignatureDoesNotMatch", "Specified signature ")

    def __init__(self, endpoint, algorithm, ca):
        self.endpoint, self.algorithm, self.ca = endpoint, algorithm, ca

    def call(self, action, parameters, key):
        from alibabacloud_tea_openapi import exceptions
        from alibabacloud_tea_openapi.models import Config
        from alibabacloud_vod20170321 import models
        from alibabacloud_vod20170321.client import Client

        config = Config(
            access_key_id=key[0],
            access_key_secret=key[1],
            endpoint=self.endpoint,
            # https is its default.
            **({"ca": self.ca} if self.ca else {"protocol": "HTTP"}),
            signature_algorithm=self.algorithm,
        )
        request = getattr(models, f"{action}Request")().from_map(parameters)
        method = re.sub(r"(?<!^)(?=[A-Z])", "_", action.replace("URL", "Url")).lower()
        method = method.replace("get_url_", "get_url")
        own = (
            exceptions.ClientException,
            exceptions.ServerException,
            exceptions.ThrottlingException,
        )
        try:
            return getattr(Client(config), method)(request).body.to_map()
        except own as error:
            told = (error.code, error.message, error.status_code, error.request_id)
            raise Failure(*told) from error


def client(mode, endpoint, ca=None):
    """The client of a mode; with the certificate of an authority it speaks https."""
    return {
        "legacy-get": lambda: Legacy(endpoint, "GET", ca),
        "legacy-post": lambda: Legacy(endpoint, "POST", ca),
        "tea-v3": lambda: Tea(endpoint, None, ca),
        "tea-v1": lambda: Tea(endpoint, "v2", ca),
    }[mode]()
