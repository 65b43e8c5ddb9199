#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The seeds of the examples' projects: each is packed as its product packs it, unpacked, and the commands of its buildspec are run, its own
tests among them, all without a network.

The steps of a seed that trains models must be what SageMaker's API takes, which botocore knows offline; a seed that deploys them must hold
one program, which compiles with each of its samples. What two examples both have is the same file.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

import botocore.session
import botocore.validate
import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import programs  # noqa: E402

EXAMPLES = programs.ROOT / "examples"
ALL = """import "./seeds.mlops" as seeds
account some { id: "222222222222", region: "eu-west-1" }
stack packed in some {
  for name, seed in seeds.build_app { AWS::SSM::Parameter build[name] { Type: "String", Value: "build ${name} ${seed.key}" } }
  for name, seed in seeds.deploy_app { AWS::SSM::Parameter deploy[name] { Type: "String", Value: "deploy ${name} ${seed.key}" } }
}
"""
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "error"}
# Prints the definitions of a seed's pipelines, with what its own tests have in place of AWS.
DEFINITIONS = """
import json, pathlib, sys
sys.path[:0] = [".", "tests"]
import environment
from ml_pipeline import __main__ as command, settings
hub = __import__("jumpstart_models").HUB if pathlib.Path("tests/jumpstart_models.py").exists() else None
module, s = command.the_pipeline(), settings.from_environment(environment.ENVIRONMENT)
pipelines = [module.build(s, environment.Aws(hub=hub))[0]] + ([module.inference(s)] if hasattr(module, "inference") else [])
print(json.dumps([p.definition() for p in pipelines]))
"""
# What stands for boto3 while the commands of a buildspec run: the AWS of the seed's own tests.
BOTO3_TO_BUILD = """
import pathlib, sys
sys.path.insert(0, "tests")
import environment
hub = __import__("jumpstart_models").HUB if pathlib.Path("tests/jumpstart_models.py").exists() else None
aws = environment.Aws(hub=hub)
"""
BOTO3_TO_DEPLOY = """
import sys
sys.path.insert(0, "tests")
import fakes
uri = "s3://bucket/definition.json"
definition = fakes.sample(fakes.PROGRAMS[0], "approved").get("definition") or "{{}}"
aws = fakes.Aws(approved={approved}, parameters={{**fakes.STAGES, "/mlops/churn/inferencepipeline": uri}}, objects={{uri: definition}})
aws.metadata = {{"CustomerMetadataProperties": {{"DeviceModel": uri}}}}
"""
BOTO3_TO_DEVICES = """
import sys
sys.path.insert(0, "tests")
import test_devices
aws = test_devices.Greengrass()
aws.create_deployment = lambda **said: print("components:", *sorted(said["components"]))
"""
# What `gdk component build` does, for components that are a folder to be packed.
GDK = """#!/usr/bin/env python3
import json, pathlib, shutil, sys
assert sys.argv[1:] == ["component", "build"]
(name, settings), = json.loads(pathlib.Path("gdk-config.json").read_text())["component"].items()
assert settings["build"] == {"build_system": "zip"}
recipe = pathlib.Path("recipe.json").read_text()
for word, value in ("NAME", name), ("VERSION", settings["version"]), ("AUTHOR", settings["author"]):
    recipe = recipe.replace("{COMPONENT_%s}" % word, value)
made = pathlib.Path("greengrass-build")
(made / "recipes").mkdir(parents=True)
(made / "recipes" / "recipe.json").write_text(recipe)
folder = pathlib.Path.cwd()
archive = shutil.make_archive(f"../{folder.name}", "zip", folder.parent, folder.name)
(made / "artifacts" / name / settings["version"]).mkdir(parents=True)
shutil.move(archive, made / "artifacts" / name / settings["version"])
"""
# The operation behind each kind of step, and what SageMaker adds to the step's arguments.
OPERATIONS = {
    "Processing": ("CreateProcessingJob", {"ProcessingJobName": "n"}),
    "Training": ("CreateTrainingJob", {"TrainingJobName": "n"}),
    "Transform": ("CreateTransformJob", {"TransformJobName": "n"}),
    "Model": ("CreateModel", {"ModelName": "n"}),
    "RegisterModel": ("CreateModelPackage", {}),
}


def python(folder, *arguments):
    return subprocess.run([sys.executable, *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=120)


def packed(suite, example, scratch):
    """The seeds of an example: (kind, name, folder with what is in it), and what went wrong."""
    copy = scratch / example.name
    shutil.copytree(example, copy, ignore=shutil.ignore_patterns("expected", "mlops.lock"))
    (copy / "main.mlops").write_text(ALL)
    ran = suite.run("build", copy, "-o", scratch / "out")
    if ran.code != 0:
        return [], ran.err
    template = json.loads((scratch / "out" / "packed.template.json").read_text())
    values = [r["Properties"]["Value"] for r in template["Resources"].values()]
    found = []
    for kind, name, key in (v.split() for v in values):
        folder = scratch / kind / name
        with zipfile.ZipFile(scratch / "out" / f"asset.{key}") as archive:
            archive.extractall(folder)
        found.append((kind, name, folder))
    return found, ""


def run_buildspec(suite, folder, name, boto3, environment):
    """Runs the commands of the phase `build` as CodeBuild does: one shell, which ends at the first that fails."""
    commands = yaml.safe_load((folder / name).read_text())["phases"]["build"]["commands"]
    with tempfile.TemporaryDirectory() as scratch:
        (pathlib.Path(scratch) / "boto3.py").write_text(boto3 + "\n\ndef client(service, **where):\n    return aws\n")
        (pathlib.Path(scratch) / "mlopsc").symlink_to(suite.compiler)
        (pathlib.Path(scratch) / "gdk").write_text(GDK)
        (pathlib.Path(scratch) / "gdk").chmod(0o755)
        paths = {"PATH": f"{scratch}:{pathlib.Path(sys.executable).parent}:{ENVIRONMENT['PATH']}", "PYTHONPATH": scratch}
        return subprocess.run(["bash", "-e", "-c", "\n".join(commands)], cwd=folder, env={**ENVIRONMENT, **environment, **paths},
                              capture_output=True, text=True, timeout=120)  # fmt: skip


def buildspec_problem(suite, folder, boto3, environment, outputs):
    ran = run_buildspec(suite, folder, "buildspec.yml", boto3, environment)
    if ran.returncode != 0:
        return ran.stdout + ran.stderr
    if not re.search(r"^Ran [1-9]\d* tests?", ran.stderr, re.M):
        return f"no test was run\n{ran.stderr}"
    missing = [name for name in outputs if not (folder / name).exists()]
    return f"no {missing[0]}\n{ran.stdout}{ran.stderr}" if missing else ""


def devices_problem(suite, folder, environment, approved):
    """From an approved model to a deployment on devices, or to none."""
    shutil.rmtree(folder / "components", ignore_errors=True)
    environment = {**environment, "ARTIFACT_BUCKET": "mlops-churn", "STAGE": "dev", "CODEBUILD_SRC_DIR_Components": str(folder / "components"),
                   "THING_GROUP_ARN": "arn:aws:iot:eu-west-1:222222222222:thinggroup/churn"}  # fmt: skip
    made = run_buildspec(suite, folder, "buildspec-components.yml", BOTO3_TO_DEPLOY.format(approved=approved), environment)
    brought = run_buildspec(suite, folder, "buildspec-devices.yml", BOTO3_TO_DEVICES, environment)
    said = made.stdout + made.stderr + brought.stdout + brought.stderr
    expected = "components: churn-p-4xk2mplq8s1t.model" if approved else "there is no component yet"
    return "" if made.returncode == brought.returncode == 0 and expected in said else said


def environment_of(folder, module):
    """What the seed's own tests say that CodeBuild's environment is."""
    ran = python(folder, "-c", f"import json, sys; sys.path.insert(0, 'tests'); import {module}; print(json.dumps({module}.ENVIRONMENT))")
    return json.loads(ran.stdout)


def builds_problem(suite, folder, kind):
    if kind == "build":
        return buildspec_problem(suite, folder, BOTO3_TO_BUILD, environment_of(folder, "environment"), [])
    stages = ["dev"] if (folder / "devices").exists() else ["dev", "preprod", "prod"]
    outputs = ["out/values.json"] + [f"out/deploy-{stage}.template.json" for stage in stages]
    for approved in [], [3]:
        shutil.rmtree(folder / "out", ignore_errors=True)
        environment = environment_of(folder, "fakes")
        problem = buildspec_problem(suite, folder, BOTO3_TO_DEPLOY.format(approved=approved), environment, outputs)
        if not problem and (folder / "buildspec-devices.yml").exists():
            problem = devices_problem(suite, folder, environment, approved)
        if problem:
            return f"approved: {approved}\n{problem}"
    return ""


def known_later(value):
    """The arguments of a step with some text for everything that is known only when the pipeline runs, or when it is deployed."""
    if isinstance(value, list):
        return [known_later(v) for v in value]
    if isinstance(value, dict):
        return "x" * 20 if set(value) in ({"Get"}, {"Std:Join"}) else {k: known_later(v) for k, v in value.items()}
    return "x" * 20 if isinstance(value, str) and value.startswith("REPLACE-") else value


def steps_in(steps):
    for step in steps:
        yield step
        if step["Type"] == "Condition":
            yield from steps_in(step["Arguments"]["IfSteps"] + step["Arguments"]["ElseSteps"])


def definition_problem(folder):
    """Arguments of steps that the operations behind them do not take, by the description of SageMaker's API in botocore."""
    ran = python(folder, "-c", DEFINITIONS)
    if ran.returncode != 0:
        return ran.stdout + ran.stderr
    api, problems = botocore.session.get_session().get_service_model("sagemaker"), []
    steps = [s for written in json.loads(ran.stdout) for s in steps_in(written["Steps"]) if s["Type"] in OPERATIONS]
    for step in steps:
        operation, more = OPERATIONS[step["Type"]]
        said = botocore.validate.ParamValidator().validate({**known_later(step["Arguments"]), **more}, api.operation_model(operation).input_shape)
        if said.has_errors():
            problems.append(f"step {step['Name']}: {said.generate_report()}")
    return "\n".join(problems) if steps else "the pipelines have no steps"


def program_problem(suite, folder):
    """The one program of a seed, with each of its samples."""
    found = list(folder.glob("*/main.mlops"))
    if len(found) != 1:
        return f"{len(found)} programs, one is wanted"
    samples = sorted(found[0].parent.glob("samples/*.json"))
    for sample in samples:
        ran = suite.run("check", found[0].parent, "--values", sample)
        if ran.code != 0 or "warning" in ran.err:
            return f"{sample.name}:\n{ran.err}"
    return "" if samples else "it has no samples"


def shell_problem(examples):
    """What shellcheck says of the shell scripts of seeds."""
    scripts = [p for example in examples for p in sorted((example / "seed_code").rglob("*.sh"))]
    ran = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True)
    return ran.stdout + ran.stderr if ran.returncode else ""


def same_problem(examples):
    """Files of one name below seed_code that differ between examples."""
    first = {}
    different = []
    for example in examples:
        for name, content in programs.files_of(example / "seed_code").items():
            if "__pycache__" not in name and first.setdefault(name, content) != content:
                different.append(name)
    return "".join(f"{name} differs between the examples\n" for name in different)


def main():
    suite = programs.Suite(__doc__)
    examples = sorted(p.parent for p in EXAMPLES.glob("*/seeds.mlops"))
    for example in examples:
        with tempfile.TemporaryDirectory() as scratch:
            seeds, problem = packed(suite, example, pathlib.Path(scratch))
            suite.check(f"{example.name} packs its seeds", problem)
            for kind, name, folder in seeds:
                label = f"{example.name} {kind} {name}"
                suite.check(f"{label}: its buildspec", builds_problem(suite, folder, kind))
                suite.check(label, definition_problem(folder) if kind == "build" else program_problem(suite, folder))
    suite.check("shell scripts", shell_problem(examples))
    suite.check("what examples share", same_problem(examples))
    suite.finish()


main()
