"""One of the vendor's clients, told what to call: `client.py MODE SETUP`, SETUP as JSON.

Reads calls from standard input and writes what comes of them, JSON, a line each.
"""

import json
import sys

from python_clients import Failure, client

mode, setup = sys.argv[1], json.loads(sys.argv[2])
face = client(mode, setup["endpoint"])
for line in sys.stdin:
    action, parameters = json.loads(line)
    try:
        told = {"answer": face.call(action, parameters, (setup["id"], setup["secret"]))}
    except Failure as failure:
        told = {"code": failure.code, "status": failure.status, "message": failure.message}
    print(json.dumps(told), flush=True)
