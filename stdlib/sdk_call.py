# SPDX-License-Identifier: Apache-2.0
# Custom resource: calls of AWS APIs when it is created, updated and deleted. Whatever goes wrong fails the stack.
import json
import urllib.request

import boto3
from botocore.exceptions import ClientError

ANSWER_LIMIT = 4096  # bytes that CloudFormation takes
IDENTITY = "PHYSICAL_ID"
NEVER_MADE = "never-made"  # the identity of what failed to be created, which CloudFormation asks to delete all the same


def call(what, identity):
    """The answer of one API; {} for an error that does not count."""
    client = boto3.client(what["service"])
    arguments = filled(what.get("arguments", {}), identity)
    try:
        return getattr(client, what["operation"])(**typed(client, what["operation"], arguments))
    except ClientError as error:
        if error.response["Error"]["Code"] in what.get("ignore", []):
            return {}
        raise


def filled(value, identity):
    """The arguments, with the resource's own identity where they say so."""
    if isinstance(value, dict):
        return {k: filled(v, identity) for k, v in value.items()}
    if isinstance(value, list):
        return [filled(v, identity) for v in value]
    return value.replace(IDENTITY, identity) if isinstance(value, str) else value


def typed(client, operation, arguments):
    """CloudFormation hands everything over as text; the API's own model says what is a number or a truth value."""
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation])
    return converted(model.input_shape, arguments)


def converted(shape, value):
    if shape is None:
        return value
    if shape.type_name == "structure":
        return {k: converted(shape.members.get(k), v) for k, v in value.items()}
    if shape.type_name == "list":
        return [converted(shape.member, v) for v in value]
    if shape.type_name == "map":
        return {k: converted(shape.value, v) for k, v in value.items()}
    if shape.type_name == "boolean" and isinstance(value, str):
        return value == "true"
    if shape.type_name in ("integer", "long") and isinstance(value, str):
        return int(value)
    if shape.type_name in ("float", "double") and isinstance(value, str):
        return float(value)
    return value


def part(answer, path):
    """The part of an answer at `A.B.0`; what is not there fails the stack, because somebody reads it."""
    for key in path.split("."):
        answer = answer[int(key)] if isinstance(answer, list) else answer[key]
    return answer if isinstance(answer, str) else json.dumps(answer, default=str)


def work(event):
    """(identity, data) of the resource after the request."""
    properties = event["ResourceProperties"]
    identity = event.get("PhysicalResourceId", "")
    if event["RequestType"] == "Delete":
        if "Delete" in properties and identity != NEVER_MADE:
            call(properties["Delete"], identity)
        return identity, {}
    what = properties["Create"]
    if event["RequestType"] == "Update":
        what = properties.get("Update", what)
    answer = call(what, identity)
    data = {name: part(answer, path) for name, path in properties.get("Result", {}).items()}
    if event["RequestType"] == "Create":
        identity = part(answer, properties["PhysicalId"]) if "PhysicalId" in properties else event["LogicalResourceId"]
    return identity, {**data, "PhysicalId": identity}


def respond(event, status, identity, data, reason):
    body = json.dumps({
        "Status": status,
        "Reason": reason,
        "PhysicalResourceId": identity,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "Data": data,
    }).encode()
    if len(body) > ANSWER_LIMIT and status == "SUCCESS":
        respond(event, "FAILED", identity, {}, f"the result has {len(body)} bytes, more than the {ANSWER_LIMIT} that CloudFormation takes")
        return
    request = urllib.request.Request(event["ResponseURL"], data=body, method="PUT", headers={"Content-Type": ""})
    urllib.request.urlopen(request, timeout=30).close()


def handler(event, context):
    try:
        identity, data = work(event)
    except Exception as error:
        respond(event, "FAILED", event.get("PhysicalResourceId", NEVER_MADE), {}, f"{type(error).__name__}: {error}"[:1000])
    else:
        respond(event, "SUCCESS", identity, data, "done")
