# SPDX-License-Identifier: Apache-2.0
"""stdlib/enable_projects.py against a fake of the two services that it calls: what it does, and what it says when they refuse."""
import importlib.util
import pathlib
import sys
import types
import unittest

SOURCE = pathlib.Path(__file__).parents[2] / "stdlib" / "enable_projects.py"
LEAD, SCIENTIST, OTHER = (f"arn:aws:iam::222222222222:role/{name}" for name in ("lead", "scientist", "other"))


class ClientError(Exception):
    """As botocore.exceptions.ClientError: the code is in `response`."""

    def __init__(self, code, message="refused"):
        super().__init__(f"An error occurred ({code}): {message}")
        self.response = {"Error": {"Code": code, "Message": message}}


class Cloud:
    """Both services, the clock of the function, and the answer that CloudFormation gets."""

    def __init__(self):
        self.enabled = False
        self.shares = [{"Id": "port-other", "ProviderName": "Somebody"}, {"Id": "port-sm", "ProviderName": "Amazon SageMaker"}]
        self.share_comes_after = 0      # seconds
        self.principals = []
        self.refusals = {}              # operation: list of codes, one for each call
        self.calls = []
        self.seconds = 0
        self.answers = []

    def called(self, operation, *details):
        self.calls.append((operation, *details))
        codes = self.refusals.get(operation, [])
        if codes:
            raise ClientError(codes.pop(0))

    # SageMaker
    def enable_sagemaker_servicecatalog_portfolio(self):
        self.called("enable")
        self.enabled = True

    def disable_sagemaker_servicecatalog_portfolio(self):
        self.called("disable")
        self.enabled = False

    # Service Catalog: one share a page
    def list_accepted_portfolio_shares(self, PageToken="0"):
        self.called("shares")
        visible = self.shares if self.enabled and self.seconds >= self.share_comes_after else self.shares[:1]
        at = int(PageToken)
        page = {"PortfolioDetails": visible[at:at + 1]}
        if at + 1 < len(visible):
            page["NextPageToken"] = str(at + 1)
        return page

    def list_principals_for_portfolio(self, PortfolioId):
        self.called("principals", PortfolioId)
        return {"Principals": [{"PrincipalARN": arn} for arn in self.principals]}

    def associate_principal_with_portfolio(self, PortfolioId, PrincipalARN, PrincipalType):
        self.called("associate", PortfolioId, PrincipalARN, PrincipalType)
        if PrincipalARN not in self.principals:
            self.principals.append(PrincipalARN)

    def disassociate_principal_from_portfolio(self, PortfolioId, PrincipalARN, PrincipalType):
        self.called("disassociate", PortfolioId, PrincipalARN, PrincipalType)
        if PrincipalARN not in self.principals:
            raise ClientError("ResourceNotFoundException")
        self.principals.remove(PrincipalARN)

    # what the Lambda runtime gives
    def get_remaining_time_in_millis(self):
        return (180 - self.seconds) * 1000

    def sleep(self, seconds):
        self.seconds += seconds

    def send(self, event, context, status, data, identity=None, noEcho=False, reason=None):
        self.answers.append({"status": status, "data": data, "identity": identity, "reason": reason})


def load(cloud):
    """The module as Lambda would load it, with its imports replaced by the fake."""
    modules = {
        "boto3": types.SimpleNamespace(client=lambda name: cloud),
        "botocore": types.ModuleType("botocore"),
        "botocore.exceptions": types.SimpleNamespace(ClientError=ClientError),
        "cfnresponse": types.SimpleNamespace(SUCCESS="SUCCESS", FAILED="FAILED", send=cloud.send),
        "time": types.SimpleNamespace(sleep=cloud.sleep),
    }
    saved = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        spec = importlib.util.spec_from_file_location("enable_projects", SOURCE)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        for name, module_before in saved.items():
            if module_before is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module_before
    return module


class EnableProjects(unittest.TestCase):
    def setUp(self):
        self.cloud = Cloud()
        self.module = load(self.cloud)

    def request(self, kind, roles, **more):
        event = {"RequestType": kind, "ResourceProperties": {"ExecutionRoles": roles}, **more}
        self.module.handler(event, self.cloud)
        self.assertEqual(len(self.cloud.answers), 1, "CloudFormation must get exactly one answer")
        return self.cloud.answers[0]

    def test_create_enables_and_associates_every_role(self):
        answer = self.request("Create", [LEAD, SCIENTIST])
        self.assertEqual(answer["status"], "SUCCESS")
        self.assertEqual(answer["data"], {"PortfolioId": "port-sm"})
        self.assertEqual(answer["identity"], "sagemaker-projects")
        self.assertTrue(self.cloud.enabled)
        self.assertEqual(self.cloud.principals, [LEAD, SCIENTIST])
        self.assertIn(("associate", "port-sm", LEAD, "IAM"), self.cloud.calls)

    def test_create_waits_for_the_share(self):
        self.cloud.share_comes_after = 30
        self.assertEqual(self.request("Create", [LEAD])["status"], "SUCCESS")
        self.assertGreaterEqual(self.cloud.seconds, 30)

    def test_create_fails_when_the_share_never_comes(self):
        self.cloud.share_comes_after = 10 ** 6
        answer = self.request("Create", [LEAD])
        self.assertEqual(answer["status"], "FAILED")
        self.assertIn("the share of the Amazon SageMaker portfolio did not come in time", answer["reason"])
        self.assertLess(self.cloud.seconds, 180, "there must be time left to answer")

    def test_create_retries_a_role_that_is_new(self):
        self.cloud.refusals["associate"] = ["InvalidParametersException"] * 3
        self.assertEqual(self.request("Create", [LEAD])["status"], "SUCCESS")
        self.assertEqual(self.cloud.principals, [LEAD])
        self.assertEqual(self.cloud.seconds, 15)

    def test_create_reports_what_aws_said_when_a_role_stays_unknown(self):
        self.cloud.refusals["associate"] = ["InvalidParametersException"] * 100
        answer = self.request("Create", [LEAD])
        self.assertEqual(answer["status"], "FAILED")
        self.assertIn("InvalidParametersException", answer["reason"])

    def test_refused_enabling_fails_at_once(self):
        self.cloud.refusals["enable"] = ["AccessDeniedException"]
        answer = self.request("Create", [LEAD])
        self.assertEqual(answer["status"], "FAILED")
        self.assertIn("AccessDeniedException", answer["reason"])
        self.assertEqual(self.cloud.seconds, 0)
        self.assertEqual(self.cloud.principals, [])

    def test_refused_association_fails_at_once(self):
        self.cloud.refusals["associate"] = ["AccessDeniedException"]
        answer = self.request("Create", [LEAD])
        self.assertEqual(answer["status"], "FAILED")
        self.assertEqual(self.cloud.seconds, 0)

    def test_update_lets_new_roles_in_and_old_ones_out(self):
        self.cloud.enabled = True
        self.cloud.principals = [LEAD, SCIENTIST]
        answer = self.request("Update", [LEAD, OTHER], PhysicalResourceId="sagemaker-projects",
                              OldResourceProperties={"ExecutionRoles": [LEAD, SCIENTIST]})
        self.assertEqual(answer["status"], "SUCCESS")
        self.assertEqual(self.cloud.principals, [LEAD, OTHER])

    def test_delete_undoes_all(self):
        self.cloud.enabled = True
        self.cloud.principals = [LEAD, SCIENTIST]
        answer = self.request("Delete", [LEAD, SCIENTIST], PhysicalResourceId="sagemaker-projects")
        self.assertEqual(answer["status"], "SUCCESS")
        self.assertEqual(self.cloud.principals, [])
        self.assertFalse(self.cloud.enabled)

    def test_delete_leaves_projects_on_for_others(self):
        self.cloud.enabled = True
        self.cloud.principals = [LEAD, OTHER]
        self.assertEqual(self.request("Delete", [LEAD])["status"], "SUCCESS")
        self.assertEqual(self.cloud.principals, [OTHER])
        self.assertTrue(self.cloud.enabled)

    def test_delete_after_a_failed_create_has_nothing_to_do(self):
        self.assertEqual(self.request("Delete", [LEAD])["status"], "SUCCESS")
        self.assertNotIn("disable", [call[0] for call in self.cloud.calls])

    def test_delete_forgives_a_role_that_is_out_already(self):
        self.cloud.enabled = True
        self.assertEqual(self.request("Delete", [LEAD])["status"], "SUCCESS")
        self.assertFalse(self.cloud.enabled)

    def test_refused_delete_fails(self):
        self.cloud.enabled = True
        self.cloud.principals = [LEAD]
        self.cloud.refusals["disassociate"] = ["AccessDeniedException"]
        answer = self.request("Delete", [LEAD])
        self.assertEqual(answer["status"], "FAILED")
        self.assertTrue(self.cloud.enabled)

    def test_a_request_without_roles_is_answered(self):
        self.module.handler({"RequestType": "Create", "ResourceProperties": {}}, self.cloud)
        self.assertEqual(self.cloud.answers[0]["status"], "FAILED")
        self.assertIn("ExecutionRoles", self.cloud.answers[0]["reason"])

    def test_fits_into_a_template(self):
        self.assertLess(len(SOURCE.read_bytes()), 4096)
        self.assertNotIn("${", SOURCE.read_text())


if __name__ == "__main__":
    unittest.main()
