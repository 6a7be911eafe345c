# SPDX-License-Identifier: Apache-2.0
"""A program that answers `user_exists`, as a directory of users would."""
import json
import sys

USERS = {"ann", "bob", "cyd@example.org"}
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps({"id": request["id"], "value": request["args"]["uid"] in USERS}), flush=True)
