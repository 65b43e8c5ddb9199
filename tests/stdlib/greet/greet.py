# SPDX-License-Identifier: Apache-2.0
# What the program of std/custom packs.
def handler(event, context):
    return {"Text": f"Hello, {event['ResourceProperties']['Name']}"}
