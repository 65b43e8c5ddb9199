# SPDX-License-Identifier: Apache-2.0
# Custom resource: deletes all versions of all objects in buckets when their stack is deleted, or when making it failed; CloudFormation
# deletes no bucket that holds something. Does nothing when the stack is only updated, whatever becomes of the buckets then.
import boto3
import cfnresponse
from botocore.exceptions import ClientError

s3 = boto3.client("s3")
cloudformation = boto3.client("cloudformation")

ENDS = ("DELETE_IN_PROGRESS", "ROLLBACK_IN_PROGRESS")


def stack_ends(event):
    [stack] = cloudformation.describe_stacks(StackName=event["StackId"])["Stacks"]
    return stack["StackStatus"] in ENDS


def versions(bucket):
    """The first thousand of what there is, deletion markers too."""
    page = s3.list_object_versions(Bucket=bucket)
    found = page.get("Versions", []) + page.get("DeleteMarkers", [])
    return [{"Key": v["Key"], "VersionId": v["VersionId"]} for v in found]


def empty(bucket, context):
    done = 0
    while found := versions(bucket):
        if context.get_remaining_time_in_millis() < 15000:  # the rest is for the answer to CloudFormation
            raise TimeoutError(f"{bucket} is not empty after {done} versions: delete the stack again")
        refused = s3.delete_objects(Bucket=bucket, Delete={"Objects": found, "Quiet": True}).get("Errors", [])
        if refused:
            raise RuntimeError(f"{bucket}: {refused[0]['Key']}: {refused[0]['Code']} {refused[0].get('Message', '')}")
        done += len(found)
    print(f"{bucket}: {done} versions deleted")


def remove(event, context):
    if not stack_ends(event):
        print("the stack stays, and so does what is in its buckets")
        return
    for bucket in event["ResourceProperties"].get("BucketNames", []):
        try:
            empty(bucket, context)
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchBucket":
                raise


def handler(event, context):
    identity = event.get("PhysicalResourceId", "emptied-buckets")
    try:
        if event["RequestType"] == "Delete":
            remove(event, context)
    except Exception as error:
        cfnresponse.send(event, context, cfnresponse.FAILED, {}, identity, reason=f"{type(error).__name__}: {error}")
    else:
        cfnresponse.send(event, context, cfnresponse.SUCCESS, {}, identity)
