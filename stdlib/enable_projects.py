# SPDX-License-Identifier: Apache-2.0
# Custom resource: switches SageMaker projects on in this account and lets roles use them. Whatever goes wrong fails the stack.
import time

import boto3
import cfnresponse
from botocore.exceptions import ClientError

sagemaker = boto3.client("sagemaker")
catalog = boto3.client("servicecatalog")


def is_a(error, code):
    return isinstance(error, ClientError) and error.response["Error"]["Code"] == code


def pages(call, key, **arguments):
    while True:
        page = call(**arguments)
        yield from page.get(key, [])
        if not page.get("NextPageToken"):
            return
        arguments["PageToken"] = page["NextPageToken"]


def portfolio():
    shares = pages(catalog.list_accepted_portfolio_shares, "PortfolioDetails")
    return next((p["Id"] for p in shares if p["ProviderName"] == "Amazon SageMaker"), None)


def wait(attempt, context, what):
    """Repeats until there is a result. A role made a moment ago is a wrong parameter until it is known everywhere."""
    while True:
        problem = TimeoutError(f"{what} did not come in time")
        try:
            result = attempt()
            if result:
                return result
        except ClientError as error:
            if not is_a(error, "InvalidParametersException"):
                raise
            problem = error
        if context.get_remaining_time_in_millis() < 15000:  # the rest is for the answer to CloudFormation
            raise problem
        time.sleep(5)


def associate(identifier, role):
    catalog.associate_principal_with_portfolio(PortfolioId=identifier, PrincipalARN=role, PrincipalType="IAM")
    return True


def disassociate(identifier, role):
    try:
        catalog.disassociate_principal_from_portfolio(PortfolioId=identifier, PrincipalARN=role, PrincipalType="IAM")
    except ClientError as error:
        if not is_a(error, "ResourceNotFoundException"):
            raise


def enable(roles, former, context):
    sagemaker.enable_sagemaker_servicecatalog_portfolio()
    identifier = wait(portfolio, context, "the share of the Amazon SageMaker portfolio")
    for role in roles:
        wait(lambda: associate(identifier, role), context, f"the association of {role}")
    for role in former:
        if role not in roles:
            disassociate(identifier, role)
    return {"PortfolioId": identifier}


def disable(roles):
    identifier = portfolio()
    if not identifier:
        return {}
    for role in roles:
        disassociate(identifier, role)
    # Others may have been let in by other means: then projects stay on.
    if not list(pages(catalog.list_principals_for_portfolio, "Principals", PortfolioId=identifier)):
        sagemaker.disable_sagemaker_servicecatalog_portfolio()
    return {}


def handler(event, context):
    identity = event.get("PhysicalResourceId", "sagemaker-projects")
    try:
        roles = event["ResourceProperties"]["ExecutionRoles"]
        former = event.get("OldResourceProperties", {}).get("ExecutionRoles", [])
        data = disable(roles) if event["RequestType"] == "Delete" else enable(roles, former, context)
    except Exception as error:
        cfnresponse.send(event, context, cfnresponse.FAILED, {}, identity, reason=f"{type(error).__name__}: {error}")
    else:
        cfnresponse.send(event, context, cfnresponse.SUCCESS, data, identity)
