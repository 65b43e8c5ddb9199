#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Files and folders that are packed and published: assets.py MLOPSC [TEST…]"""
import json
import os
import sys
import unittest
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))
sys.path.insert(0, HERE)
import support  # noqa: E402
from run import Case  # noqa: E402

PROGRAM = """account dev {{ id: "222222222222", region: "eu-west-1" }}
account prod {{ id: "444444444444", region: "eu-west-1", qualifier: "acme" }}
let packed = asset({})
stack s in [dev, prod] {{
  AWS::S3::Bucket data {{}}
  output bucket = packed.bucket
  output key = packed.key
  output url = packed.url
  output uri = "copy ${{packed.s3_uri}}"
  output hash = packed.hash
}}
"""


LAUNCHED = """account hub {{ id: "111111111111", region: "eu-west-1" }}
account dev {{ id: "222222222222", region: "eu-west-1" }}
account prod {{ id: "333333333333", region: "eu-central-1" }}
let publisher = "arn:aws:iam::111111111111:role/cdk-hnb659fds-file-publishing-role-111111111111-eu-west-1"
stack storage in hub {{
  AWS::S3::Bucket files {{}}
  allow [dev, prod] to ["s3:GetObject"] on files
  allow publisher to ["s3:PutObject", "s3:ListBucket", "s3:GetBucketLocation"] on files
}}
template part for [dev, prod] {{
  AWS::SSM::Parameter code {{ Type: "String", Value: asset("code").s3_uri }}
}}
template whole for [dev, prod] {{
  {home}
  nested piece from part {{}}
  AWS::SSM::Parameter code {{ Type: "String", Value: asset("code").url }}
}}
stack roles in [dev, prod] {{
  AWS::IAM::Role launch {{}}
  allow service("servicecatalog") to assume on launch
  allow launch to deploy on whole
}}
{more}
"""
CATALOG = 'stack catalog in hub { AWS::SSM::Parameter url { Type: "String", Value: template_url(whole) } }'


class Assets(Case):
    def build(self, arguments='"code"', code=0):
        self.write("main.mlops", PROGRAM.format(arguments))
        return self.run_it("build", "-o", "out", code=code)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def loaded(self, name):
        return json.loads(support.read(self.path("out", name)))

    def archive(self):
        [name] = [f for f in os.listdir(self.path("out")) if f.startswith("asset.")]
        return name

    def names(self):
        with zipfile.ZipFile(self.path("out", self.archive())) as z:
            self.assertIsNone(z.testzip())
            return {i.filename: (i.external_attr >> 16, z.read(i).decode()) for i in z.infolist()}

    def test_a_folder(self):
        os.chmod(self.write("code/bin/run.sh", "#!/bin/sh\n"), 0o755)
        self.write("code/index.py", "def handle(event, context): ...\n")
        self.write("code/.hidden", "kept")
        self.write("code/__pycache__/index.pyc", "left out")
        self.write("code/.git/HEAD", "left out")
        self.build()
        self.assertEqual(self.names(), {".hidden": (0o100644, "kept"), "bin/run.sh": (0o100755, "#!/bin/sh\n"),
                                        "index.py": (0o100644, "def handle(event, context): ...\n")})
        self.assertEqual(list(self.names()), [".hidden", "bin/run.sh", "index.py"])

    def test_where_it_is_published(self):
        self.write("code/a", "a")
        self.build()
        digest = self.archive()[len("asset."):-len(".zip")]
        self.assertRegex(digest, "^[0-9a-f]{64}$")
        for stack, account, qualifier in ("s-dev", "222222222222", "hnb659fds"), ("s-prod", "444444444444", "acme"):
            listed = self.loaded(f"{stack}.assets.json")["files"][digest]
            bucket = f"cdk-{qualifier}-assets-{account}-eu-west-1"
            self.assertEqual(listed["source"], {"path": f"asset.{digest}.zip", "packaging": "file"})
            [place] = listed["destinations"].values()
            self.assertEqual((place["bucketName"], place["objectKey"]), (bucket, f"{digest}.zip"))
            properties = self.loaded("manifest.json")["artifacts"][stack]["properties"]
            outputs = {k: v["Value"] for k, v in self.loaded(properties["templateFile"])["Outputs"].items()}
            name = f"cdk-{qualifier}-assets-${{AWS::AccountId}}-${{AWS::Region}}"
            self.assertEqual(outputs, {
                "Bucket": {"Fn::Sub": name}, "Key": f"{digest}.zip", "Hash": digest,
                "Url": {"Fn::Sub": f"https://{name}.s3.${{AWS::Region}}.${{AWS::URLSuffix}}/{digest}.zip"},
                "Uri": {"Fn::Sub": f"copy s3://{name}/{digest}.zip"}})

    def launched(self, home="", more=CATALOG, code=0):
        self.write("code/a", "a")
        self.write("main.mlops", LAUNCHED.format(home=home, more=more))
        return self.run_it("build", "-o", "out", code=code)

    def published(self, stack, name):
        """The buckets that a file goes to, and the roles that write there; the file's key."""
        [listed] = [f for f in self.loaded(f"{stack}.assets.json")["files"].values() if f["displayName"] == name]
        places = {p["bucketName"]: (p["region"], p["assumeRoleArn"].split("::")[-1]) for p in listed["destinations"].values()}
        [key] = {p["objectKey"] for p in listed["destinations"].values()}
        return places, key

    BOOTSTRAPS = {f"cdk-hnb659fds-assets-{place}": (place[13:], f"{place[:12]}:role/cdk-hnb659fds-file-publishing-role-{place}")
                  for place in ("222222222222-eu-west-1", "333333333333-eu-central-1")}

    def test_launched_in_accounts_of_the_program(self):
        self.launched()
        bucket = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}"
        for name in "code", "template part":
            places, key = self.published("catalog-hub", name)
            self.assertEqual(places, self.BOOTSTRAPS)
            resources = self.loaded("templates/whole.template.json")["Resources"]
            url = {"Fn::Sub": f"https://{bucket}.s3.${{AWS::Region}}.${{AWS::URLSuffix}}/{key}"}
            self.assertEqual(resources["Code"]["Properties"]["Value"] if name == "code" else resources["Piece"]["Properties"]["TemplateURL"], url)
        self.assertNotIn("Metadata", resources["Piece"])
        self.assertEqual(self.loaded("manifest.json")["artifacts"]["catalog-hub"]["dependencies"], ["catalog-hub.assets"])
        self.assertEqual(list(self.published("catalog-hub", "template whole")[0]), ["cdk-hnb659fds-assets-111111111111-eu-west-1"])
        self.assertEqual(self.readable(), {"Fn::Sub": "arn:${AWS::Partition}:s3:::cdk-hnb659fds-assets-${AWS::AccountId}-*/*"})

    def readable(self):
        """What the launch role may read without a condition."""
        policy = self.loaded("roles.template.json")["Resources"]["LaunchPolicy"]["Properties"]["PolicyDocument"]
        [found] = [s["Resource"] for s in policy["Statement"] if s["Action"] == "s3:GetObject" and "Condition" not in s]
        return found

    def test_a_home_for_a_template(self):
        self.launched("assets: storage[hub].files")
        home = "storage-files-111111111111-eu-west-1"
        role = "111111111111:role/cdk-hnb659fds-file-publishing-role-111111111111-eu-west-1"
        places, key = self.published("catalog-hub", "code")  # of the template, and of the one nested in it
        [bucket] = [b for b in places if b.endswith(home)]
        self.assertEqual(places, self.BOOTSTRAPS | {bucket: ("eu-west-1", role)})
        resources = self.loaded("templates/whole.template.json")["Resources"]
        self.assertEqual(resources["Code"]["Properties"]["Value"], f"https://{bucket}.s3.eu-west-1.amazonaws.com/{key}")
        places, key = self.published("catalog-hub", "template part")
        self.assertEqual(places, {bucket: ("eu-west-1", role)})
        self.assertEqual(resources["Piece"]["Properties"]["TemplateURL"], f"https://{bucket}.s3.eu-west-1.amazonaws.com/{key}")
        self.assertEqual(self.loaded("manifest.json")["artifacts"]["catalog-hub"]["dependencies"], ["storage-hub", "catalog-hub.assets"])
        self.assertEqual(self.loaded("storage.template.json")["Resources"]["Files"]["Properties"]["BucketName"],
                         {"Fn::Sub": bucket.replace("111111111111-eu-west-1", "${AWS::AccountId}-${AWS::Region}")})
        self.assertIn(f"arn:aws:s3:::{bucket}/*", self.readable())

    def test_templates_that_no_stack_uses(self):
        self.launched(more="")
        stacks = {"222222222222": "roles-dev", "333333333333": "roles-prod"}
        for account, stack in stacks.items():
            places, _ = self.published(stack, "template part")
            self.assertEqual([b for b in places if account in b], list(places))
        self.launched("assets: storage[hub].files", more="", code=1)

    def test_a_home_for_one_file_of_a_stack(self):
        self.write("code/a", "a")
        self.write("main.mlops", """account hub { id: "111111111111", region: "eu-west-1", bootstrap: false }
account dev { id: "222222222222", region: "eu-west-1", bootstrap: false }
stack storage in hub {
  AWS::S3::Bucket files { BucketName: "acme-files" }
  allow dev to ["s3:GetObject"] on files
}
stack app in dev { AWS::SSM::Parameter code { Type: "String", Value: asset("code", home: storage[hub].files).key } }
""")
        self.run_it("build", "-o", "out", code=0)
        [listed] = self.loaded("app-dev.assets.json")["files"].values()
        [place] = listed["destinations"].values()
        self.assertEqual((place["bucketName"], place["region"]), ("acme-files", "eu-west-1"))
        self.assertNotIn("assumeRoleArn", place)  # whoever deploys
        app = self.loaded("manifest.json")["artifacts"]["app-dev"]
        self.assertEqual(app["dependencies"], ["storage-hub", "app-dev.assets"])

    IMAGES = """account hub {{ id: "111111111111", region: "eu-west-1" }}
account dev {{ id: "222222222222", region: "eu-west-1", qualifier: "acme" }}
let publisher = "arn:aws:iam::111111111111:role/cdk-hnb659fds-image-publishing-role-111111111111-eu-west-1"
stack registry in hub {{
  AWS::ECR::Repository images {{ RepositoryName: "acme/images" }}
  allow {who} to ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"] on images
  allow {publisher} to ["ecr:PutImage"] on images
}}
let app = image("app", ignore: ["*.md"])
template job for {audience} {{
  AWS::SSM::Parameter uri {{ Type: "String", Value: image("app", ignore: ["*.md"]{home}).uri }}
}}
stack s in dev {{
  AWS::SSM::Parameter uri {{ Type: "String", Value: app.uri }}
  AWS::SSM::Parameter name {{ Type: "String", Value: "${{app.repository}} ${{app.tag}}" }}
  AWS::SSM::Parameter offer {{ Type: "String", Value: template_url(job) }}
}}
"""

    def images(self, who="dev", publisher="publisher", audience="dev", home="", code=0):
        self.write("app/Dockerfile", "FROM scratch\n")
        self.write("app/notes.md", "left out")
        os.chmod(self.write("app/bin/run", "#!/bin/sh\n"), 0o755)
        self.write("main.mlops", self.IMAGES.format(who=who, publisher=publisher, audience=audience, home=home))
        return self.run_it("build", "-o", "out", code=code)

    def test_images(self):
        self.images()
        [(digest, image)] = self.loaded("s-dev.assets.json")["dockerImages"].items()
        folder = image["source"]["directory"]
        self.assertEqual(folder, f"image.{digest}")
        self.assertEqual(sorted(os.listdir(self.path("out", folder))), ["Dockerfile", "bin"])
        self.assertTrue(os.access(self.path("out", folder, "bin", "run"), os.X_OK))
        self.assertFalse(os.access(self.path("out", folder, "Dockerfile"), os.X_OK))
        [place] = image["destinations"].values()
        self.assertEqual(place, {
            "repositoryName": "cdk-acme-container-assets-222222222222-eu-west-1", "imageTag": digest, "region": "eu-west-1",
            "assumeRoleArn": "arn:${AWS::Partition}:iam::222222222222:role/cdk-acme-image-publishing-role-222222222222-eu-west-1"})
        name = "cdk-acme-container-assets-${AWS::AccountId}-${AWS::Region}"
        uri = {"Fn::Sub": f"${{AWS::AccountId}}.dkr.ecr.${{AWS::Region}}.${{AWS::URLSuffix}}/{name}:{digest}"}
        resources = self.loaded("s.template.json")["Resources"]
        self.assertEqual(resources["Uri"]["Properties"]["Value"], uri)
        self.assertEqual(resources["Name"]["Properties"]["Value"], {"Fn::Sub": f"{name} {digest}"})
        self.assertEqual(self.loaded("templates/job.template.json")["Resources"]["Uri"]["Properties"]["Value"], uri)

    def test_an_image_that_can_be_run_is_another(self):
        self.images()
        before = os.stat(self.path("out", "s.template.json")).st_mtime_ns
        [first] = self.loaded("s-dev.assets.json")["dockerImages"]
        self.images()
        self.assertEqual(os.stat(self.path("out", "s.template.json")).st_mtime_ns, before)
        os.chmod(self.path("app", "Dockerfile"), 0o755)
        self.run_it("build", "-o", "out", code=0)
        [other] = self.loaded("s-dev.assets.json")["dockerImages"]
        self.assertNotEqual(first, other)
        self.assertTrue(os.access(self.path("out", f"image.{other}", "Dockerfile"), os.X_OK))

    def test_a_home_for_images(self):
        self.images(who='org("o-abcdefghij")', audience="anywhere", home=", home: registry[hub].images")
        [(digest, image)] = self.loaded("s-dev.assets.json")["dockerImages"].items()
        self.assertEqual({p["repositoryName"] for p in image["destinations"].values()},
                         {"cdk-acme-container-assets-222222222222-eu-west-1", "acme/images"})
        self.assertEqual(self.loaded("templates/job.template.json")["Resources"]["Uri"]["Properties"]["Value"],
                         f"111111111111.dkr.ecr.eu-west-1.amazonaws.com/acme/images:{digest}")
        self.assertEqual(self.loaded("manifest.json")["artifacts"]["s-dev"]["dependencies"], ["registry-hub", "s-dev.assets"])

    def test_homes_for_images_that_are_closed(self):
        for wrong, code, says in (({"audience": "anywhere"}, "ML0530", "has no repository that holds this"),
                                  ({"who": "hub", "home": ", home: registry[hub].images"}, "ML0531", "the images of `job`"),
                                  ({"publisher": "hub", "home": ", home: registry[hub].images"}, "ML0532", "images cannot be published")):
            err = self.images(**wrong, code=1).err
            self.assertIn(f"error[{code}]", err)
            self.assertIn(says, err)

    def test_only_content_counts(self):
        self.write("code/a", "one")
        self.build()
        first, before = self.archive(), os.stat(self.path("out", self.archive())).st_mtime_ns
        os.utime(self.write("code/a", "one"), (1, 1))
        self.build()
        self.assertEqual(self.archive(), first)
        self.assertEqual(os.stat(self.path("out", first)).st_mtime_ns, before)
        os.chmod(self.path("code/a"), 0o755)
        self.build()
        self.assertNotEqual(self.archive(), first)

    def test_what_is_left_out(self):
        for name in "a.py", "a.txt", "tests/b.py", "docs/c.txt", "docs/deep/d.py":
            self.write("code/" + name, name)
        self.build('"code", ignore: ["*.txt", "tests", "docs/**/d.py"]')
        self.assertEqual(list(self.names()), ["a.py"])

    def test_one_file(self):
        self.write("handler.py", "x = 1\n")
        self.build('"handler.py"')
        self.assertEqual(self.names(), {"handler.py": (0o100644, "x = 1\n")})

    def test_an_archive_stays_as_it_is(self):
        self.write("layer.zip", "not looked into")
        self.build('"layer.zip"')
        self.assertEqual(support.read(self.path("out", self.archive())), "not looked into")

    def test_packed_once_for_all(self):
        self.write("code/a", "a")
        self.write("main.mlops", PROGRAM.format('"code"') + 'stack t in dev { output again = asset("./code").key }\n')
        self.run_it("build", "-o", "out", code=0)
        self.archive()

    def test_read_files_are_known(self):
        self.write("code/sub/a", "a")
        self.write("main.mlops", PROGRAM.format('"code"'))
        self.run_it("build", "-o", "out", "--depfile", "out.d", code=0)
        self.assertIn(os.path.realpath(self.path("code/sub/a")), support.read(self.path("out.d")))

    def refused(self, says, arguments='"code"', code="ML0734"):
        [d] = [json.loads(line) for line in self.check(arguments).err.splitlines()]
        self.assertEqual(d["code"], code)
        self.assertIn(says, d["message"])
        self.assertEqual((d["path"], d["line"]), ("main.mlops", 3))

    def check(self, arguments):
        self.write("main.mlops", PROGRAM.format(arguments))
        return self.run_it("check", "--diagnostics=json", code=1)

    def test_links_are_refused(self):
        self.write("code/a", "a")
        os.symlink("a", self.path("code", "b"))
        self.refused("`code/b` is a symbolic link")
        os.unlink(self.path("code", "b"))
        os.symlink("/etc", self.path("code", "c"))
        self.refused("`code/c` is a symbolic link")

    def test_what_is_no_file(self):
        self.write("code/a", "a")
        os.mkfifo(self.path("code", "pipe"))
        self.refused("`code/pipe` is neither a file nor a folder")

    def test_an_empty_folder(self):
        os.makedirs(self.path("code", "sub"))
        self.refused("`code` holds no file")

    def test_too_large(self):
        self.write("code/a", "a")
        with open(self.path("code", "sparse"), "wb") as f:
            f.truncate(251 << 20)
        self.refused("`code/sparse` makes the asset larger than 250 MiB")

    def test_nothing_there(self):
        self.refused("there is no file `code`", code="ML0730")

    def test_outside_of_the_project(self):
        self.refused("outside the project", '"../../etc/hostname"', code="ML0308")
        os.symlink("/etc", self.path("etc"))
        self.refused("outside the project", '"etc"', code="ML0308")

    def test_names_without_utf8(self):
        os.makedirs(self.path("code"))
        with open(os.path.join(os.fsencode(self.path("code")), b"\xff"), "wb"):
            pass
        self.refused("has a name that is not UTF-8")


if __name__ == "__main__":
    Case.mlopsc = support.program(sys.argv)
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
