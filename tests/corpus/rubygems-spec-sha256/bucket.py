# SPDX-License-Identifier: Apache-2.0
"""A program that answers `spec_sha256_of` from an object store; bucket.jsonl stands for the store."""
import base64
import hashlib
import json
import pathlib
import sys

objects = [json.loads(line) for line in pathlib.Path("bucket.jsonl").read_text().splitlines()]
bodies = {each["key"]: each["body"] for each in objects}
for line in sys.stdin:
    request = json.loads(line)
    body = bodies.get(request["args"]["key"])
    answer = {"error": "spec_missing"}
    if body is not None:
        answer = {"value": base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}
    print(json.dumps({"id": request["id"], **answer}), flush=True)
