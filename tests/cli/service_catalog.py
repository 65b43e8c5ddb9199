#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""service-catalog/ of a build: service_catalog.py MLOPSC [TEST…]"""
import json
import os
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
sys.path.insert(0, HERE)
import support  # noqa: E402
from run import Case  # noqa: E402

ACCOUNTS = """account dev { id: "222222222222", region: "eu-west-1" }
account prod { id: "444444444444", region: "eu-west-1" }
template topic for anywhere {
  param Color: "red" | "green" = "red"
  AWS::SNS::Topic this { DisplayName: Color }
}
"""


def portfolio(name, title, products):
    made = "".join(f"""
  AWS::ServiceCatalog::CloudFormationProduct {name}_{i} {{
    Name: {product}
    Owner: "Messaging"
    ProvisioningArtifactParameters: [{{ Name: {version}, Info: {{ LoadTemplateFromURL: template_url(topic) }} }}]
  }}
  AWS::ServiceCatalog::PortfolioProductAssociation {name}_in_{i} {{ PortfolioId: {name}, ProductId: {name}_{i}.Id }}
""" for i, (product, version) in enumerate(products))
    return f"""
  AWS::ServiceCatalog::Portfolio {name} {{ DisplayName: {title}, ProviderName: "Platform" }}
{made}"""


class ServiceCatalog(Case):
    def build(self, text, *options, targets="dev"):
        self.write("main.mlops", ACCOUNTS + f"stack catalog in {targets} {{{text}}}\n")
        self.run_it("build", "-o", "out", *options, code=0)

    def files(self):
        root = os.path.join(self.folder, "out", "service-catalog")
        return sorted(os.path.relpath(os.path.join(folder, name), root) for folder, _, names in os.walk(root) for name in names)

    def portfolio(self, name):
        return json.loads(support.read(os.path.join(self.folder, "out", "service-catalog", name, "portfolio.json")))

    def test_nothing_without_a_portfolio(self):
        self.build("\n  AWS::SNS::Topic alerts {}\n")
        self.assertFalse(os.path.exists(os.path.join(self.folder, "out", "service-catalog")))

    def test_what_is_written_by_hand(self):
        self.build(portfolio("all", '"All of it"', [('"A topic"', '"1.0"')]) + """
  AWS::ServiceCatalog::LaunchRoleConstraint launched { PortfolioId: all, ProductId: all_0, LocalRoleName: "Launch" }
  AWS::ServiceCatalog::PortfolioPrincipalAssociation user {
    PortfolioId: all, PrincipalARN: "arn:aws:iam:::role/team", PrincipalType: "IAM_PATTERN"
  }
  AWS::ServiceCatalog::PortfolioShare share { PortfolioId: all, AccountId: "444444444444" }
  AWS::ServiceCatalog::TagOption option { Key: "cost-center", Value: "8457" }
  AWS::ServiceCatalog::TagOptionAssociation tagged { ResourceId: all, TagOptionId: option }
  AWS::ServiceCatalog::TagOptionAssociation tagged_product { ResourceId: all_0, TagOptionId: "tag-0123456789abc" }
  AWS::ServiceCatalog::PortfolioProductAssociation bought { PortfolioId: all, ProductId: "prod-0123456789abc" }
""", targets="[dev, prod]")
        self.assertEqual(self.files(), ["All-of-it/A-topic/1.0.template.yaml", "All-of-it/portfolio.json"])
        found = self.portfolio("All-of-it")
        self.assertEqual([s["accountId"] for s in found["stacks"]], ["222222222222", "444444444444"])
        self.assertEqual(found["properties"], {"DisplayName": "All of it", "ProviderName": "Platform"})
        [product] = found["products"]
        self.assertEqual(product["properties"], {"Name": "A topic", "Owner": "Messaging"})
        [version] = product["versions"]
        self.assertEqual((version["Name"], version["template"]), ("1.0", "A-topic/1.0.template.yaml"))
        self.assertEqual(version["parameters"], {"Color": {"Type": "String", "Default": "red", "AllowedValues": ["red", "green"]}})
        self.assertEqual([c["properties"] for c in product["constraints"]], [{"LocalRoleName": "Launch"}])
        self.assertEqual([t["properties"] for t in product["tagOptions"]], [{"TagOptionId": "tag-0123456789abc"}])
        self.assertEqual([i["product"] for i in found["imported"]], ["prod-0123456789abc"])
        self.assertEqual([p["properties"]["PrincipalType"] for p in found["principals"]], ["IAM_PATTERN"])
        self.assertEqual([s["properties"] for s in found["shares"]], [{"AccountId": "444444444444"}])
        self.assertEqual([t["properties"] for t in found["tagOptions"]], [{"Key": "cost-center", "Value": "8457"}])

    def test_the_template_is_the_one_of_the_build(self):
        self.build(portfolio("all", '"All"', [('"A topic"', '"1.0"')]), "--format", "both")
        copy = support.read(os.path.join(self.folder, "out", "service-catalog", "All", "A-topic", "1.0.template.yaml"))
        self.assertEqual(copy, support.read(os.path.join(self.folder, "out", "templates", "topic.template.yaml")))

    def test_names_are_safe_parts_of_paths(self):
        long = "x" * 101
        self.build(portfolio("first", '"../up/and: away."', [('"a/b"', '"1/2"'), ('"A-B"', '"..."'), (f'"{long}"', '"é"')])
                   + portfolio("second", '"UP and away"', []) + portfolio("third", '"漢字"', []))
        self.assertEqual(self.files(), sorted([
            "up-and-away/portfolio.json", "up-and-away/a-b/1-2.template.yaml", "up-and-away/A-B-2/current.template.yaml",
            "up-and-away/First2/current.template.yaml", "UP-and-away-2/portfolio.json", "Third/portfolio.json"]))

    def test_names_that_cloudformation_gives(self):
        self.build("\n  param Title: String(1..50)\n  param Version: String(1..50, '^[0-9.]+$')\n"
                   + portfolio("all", "Title", [("Title", "Version")]))
        self.assertEqual(self.files(), ["All/All0/current.template.yaml", "All/portfolio.json"])
        self.assertEqual(self.portfolio("All")["properties"]["DisplayName"], {"Ref": "Title"})

    def test_earlier_versions_are_named_and_not_there(self):
        text = portfolio("all", '"All"', [('"A topic"', '"x"')])
        text = text.replace('[{ Name: "x", Info: { LoadTemplateFromURL: template_url(topic) } }]', "template_versions(topic)")
        self.build(text)
        self.write("main.mlops", support.read(os.path.join(self.folder, "main.mlops")).replace('"green" = "red"', '"blue" = "red"'))
        self.run_it("build", "-o", "out", "--format", "yaml", code=0)
        self.assertEqual(self.files(), ["All/A-topic/v2.template.yaml", "All/portfolio.json"])
        first, second = self.portfolio("All")["products"][0]["versions"]
        self.assertEqual((first["Name"], second["Name"], "template" in first), ("v1", "v2", False))
        self.run_it("build", "-o", "out", "--format", "json", "--locked", code=0)
        self.assertEqual(self.files(), ["All/A-topic/v2.template.yaml", "All/portfolio.json"])

    def test_it_goes_when_the_portfolio_goes(self):
        self.build(portfolio("all", '"All"', []))
        self.build("\n  AWS::SNS::Topic alerts {}\n")
        self.assertEqual(self.files(), [])

    def test_workers_leave_portfolios_alone(self):
        text = "\n  let title = target.id\n" + portfolio("all", "title", [])
        self.build(text, "-j", "4", targets="[dev, prod]")
        self.assertEqual(self.files(), ["222222222222/portfolio.json", "444444444444/portfolio.json"])


if __name__ == "__main__":
    Case.mlopsc = support.program(sys.argv)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
