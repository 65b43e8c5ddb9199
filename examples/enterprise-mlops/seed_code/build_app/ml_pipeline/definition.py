# SPDX-License-Identifier: Apache-2.0
"""The definition of a SageMaker pipeline: parameters and steps, as the JSON that SageMaker reads.

Steps are made by functions (`processing`, `training`, …) and refer to each other by `Step.get`. `Pipeline.definition` gives the JSON
after it has proved that every reference leads to a parameter or to a step of the pipeline.

The form is that of https://aws-sagemaker-mlops.github.io/sagemaker-model-building-pipeline-definition-JSON-schema/
"""
import dataclasses
import json

# What every run knows of itself.
OF_EXECUTION = {"CurrentDateTime", "PipelineArn", "PipelineExecutionArn", "PipelineExecutionId", "PipelineName", "StartDateTime"}


class Mistake(ValueError):
    """A definition that SageMaker would refuse, or that would fail while it runs."""


def execution(name):
    """A fact about the run: `execution("PipelineExecutionId")`."""
    return {"Get": f"Execution.{name}"}


def join(*parts, on=""):
    """Text of parts that are known only when the pipeline runs."""
    return {"Std:Join": {"On": on, "Values": list(parts)}}


@dataclasses.dataclass(frozen=True)
class Parameter:
    """What whoever starts the pipeline may choose."""

    name: str
    default: str | int | float
    allowed: tuple = ()

    @property
    def kind(self):
        return {str: "String", int: "Integer", float: "Float"}[type(self.default)]

    def get(self):
        return {"Get": f"Parameters.{self.name}"}

    def definition(self):
        written = {"Name": self.name, "Type": self.kind, "DefaultValue": self.default}
        return {**written, "EnumValues": list(self.allowed)} if self.allowed else written


@dataclasses.dataclass
class Step:
    name: str
    kind: str
    arguments: dict
    depends_on: tuple = ()
    property_files: tuple = ()

    def get(self, path):
        """A property of what the step made, as the Describe call of its kind names it."""
        return {"Get": f"Steps.{self.name}.{path}"}

    def output(self, name):
        """Where an output of a processing step lies in S3."""
        return self.get(f"ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri")

    def json_get(self, property_file, path):
        """A value in a JSON file that a processing step wrote."""
        return {"Std:JsonGet": {"PropertyFile": self.get(f"PropertyFiles.{property_file}"), "Path": path}}

    def branches(self):
        """The steps in a condition step."""
        return [*self.arguments.get("IfSteps", []), *self.arguments.get("ElseSteps", [])] if self.kind == "Condition" else []

    def definition(self):
        arguments = self.arguments
        if self.kind == "Condition":
            arguments = {**arguments, **{branch: [s.definition() for s in arguments[branch]] for branch in ("IfSteps", "ElseSteps")}}
        written = {"Name": self.name, "Type": self.kind, "Arguments": arguments}
        if self.depends_on:
            written["DependsOn"] = list(self.depends_on)
        if self.property_files:
            written["PropertyFiles"] = list(self.property_files)
        return written


@dataclasses.dataclass
class Pipeline:
    name: str
    parameters: list
    steps: list
    description: str = ""

    def all_steps(self):
        """The steps and those in conditions, outer ones first."""
        waiting = list(self.steps)
        while waiting:
            step = waiting.pop(0)
            yield step
            waiting = step.branches() + waiting

    def definition(self):
        written = {
            "Version": "2020-12-01",
            "Metadata": {},
            "Parameters": [p.definition() for p in self.parameters],
            "Steps": [s.definition() for s in self.steps],
        }
        check(written)
        return written

    def to_json(self):
        return json.dumps(self.definition(), indent=2)


# ---- steps -----------------------------------------------------------------------------------------------------------------------


def s3_input(name, uri, path):
    """Objects in S3 that a processing job finds in a folder."""
    source = {"S3Uri": uri, "S3DataType": "S3Prefix", "S3DataDistributionType": "FullyReplicated"}
    return {"InputName": name, "AppManaged": False, "S3Input": {**source, "LocalPath": path, "S3InputMode": "File"}}


def s3_output(name, uri, path):
    """A folder of a processing job that lands in S3."""
    return {"OutputName": name, "AppManaged": False, "S3Output": {"S3Uri": uri, "LocalPath": path, "S3UploadMode": "EndOfJob"}}


def processing(name, *, image, role, script, inputs, outputs, machine, volume=30, key=None, arguments=(), reports=()):
    """A job that runs one Python script, `s3://…/NAME.py`. `reports`: (name, output, file) of JSON files that conditions read."""
    code = "/opt/ml/processing/input/code"
    written = {
        "ProcessingResources": {"ClusterConfig": cluster(machine, volume)},
        "AppSpecification": {"ImageUri": image, "ContainerEntrypoint": ["python3", f"{code}/{script.rpartition('/')[2]}"]},
        "RoleArn": role,
        "ProcessingInputs": [*inputs, s3_input("code", script, code)],
        "ProcessingOutputConfig": {"Outputs": list(outputs)},
    }
    if arguments:
        written["AppSpecification"]["ContainerArguments"] = list(arguments)
    if key:
        written["ProcessingOutputConfig"]["KmsKeyId"] = key
    files = tuple({"PropertyFileName": report, "OutputName": output, "FilePath": file} for report, output, file in reports)
    return Step(name, "Processing", written, property_files=files)


def cluster(machine, volume):
    """Of what kind and how many machines a job has: (type, count). Their disks are encrypted with keys of SageMaker's own, because those
    of instance types with local disks refuse any other, and the type may be chosen when a run is started."""
    return {"InstanceType": machine[0], "InstanceCount": machine[1], "VolumeSizeInGB": volume}


def channel(name, uri, content_type=None):
    """Data that a training job finds under a name."""
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}}
    return {"ChannelName": name, "DataSource": source, **({"ContentType": content_type} if content_type else {})}


def training(name, *, image, role, channels, output, machine, hyperparameters, key=None, volume=30, longest=86400, isolated=False):
    """A job that trains a model. The values of hyperparameters become text, which is all that SageMaker takes."""
    written = {
        "AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File"},
        "RoleArn": role,
        "InputDataConfig": list(channels),
        "OutputDataConfig": {"S3OutputPath": output, **({"KmsKeyId": key} if key else {})},
        "ResourceConfig": cluster(machine, volume),
        "StoppingCondition": {"MaxRuntimeInSeconds": longest},
        "HyperParameters": {k: v if isinstance(v, (str, dict)) else str(v) for k, v in hyperparameters.items()},
    }
    if isolated:
        written["EnableNetworkIsolation"] = True
    return Step(name, "Training", written)


def register(name, *, group, image, data, approval, content_types, machines, statistics=None, environment=None, metadata=None):
    """Registers a model as a version of a model package group. `machines`: the instance types that it may run on, the usual one first."""
    container = {"Image": image, "ModelDataUrl": data, **({"Environment": environment} if environment else {})}
    written = {
        "ModelPackageGroupName": group,
        "ModelApprovalStatus": approval,
        "InferenceSpecification": {
            "Containers": [container],
            "SupportedContentTypes": list(content_types),
            "SupportedResponseMIMETypes": list(content_types),
            "SupportedRealtimeInferenceInstanceTypes": list(machines),
            "SupportedTransformInstanceTypes": list(machines),
        },
    }
    if statistics:
        written["ModelMetrics"] = {"ModelQuality": {"Statistics": {"ContentType": "application/json", "S3Uri": statistics}}}
    if metadata:
        written["CustomerMetadataProperties"] = metadata
    return Step(name, "RegisterModel", written)


def model(name, *, role, package):
    """A model made of a version of a model package group."""
    return Step(name, "Model", {"ExecutionRoleArn": role, "Containers": [{"ModelPackageName": package}]})


def transform(name, *, model_name, data, output, machine, content_type, key=None):
    """A job that puts every line of the data to a model."""
    where = {"S3OutputPath": output, "AssembleWith": "Line", "Accept": content_type}
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": data}}
    written = {
        "ModelName": model_name,
        "TransformInput": {"DataSource": source, "ContentType": content_type, "SplitType": "Line"},
        "TransformOutput": {**where, "KmsKeyId": key} if key else where,
        "TransformResources": {"InstanceType": machine[0], "InstanceCount": machine[1]},
    }
    return Step(name, "Transform", written)


def condition(name, *, left, at_most, then, otherwise=()):
    """Goes on with `then` where a number is no larger than another, else with `otherwise`."""
    test = {"Type": "LessThanOrEqualTo", "LeftValue": left, "RightValue": at_most}
    return Step(name, "Condition", {"Conditions": [test], "IfSteps": list(then), "ElseSteps": list(otherwise)})


def fail(name, message):
    """Ends the run as failed, and says why."""
    return Step(name, "Fail", {"ErrorMessage": message})


# ---- checks ----------------------------------------------------------------------------------------------------------------------


def steps_in(steps):
    """All steps of a written definition, those in conditions too."""
    for step in steps:
        yield step
        if step["Type"] == "Condition":
            yield from steps_in(step["Arguments"]["IfSteps"] + step["Arguments"]["ElseSteps"])


def references_in(value):
    """The paths of all `Get`s in a value. Those of the steps within a condition are not the condition's own."""
    if isinstance(value, dict):
        if set(value) == {"Get"}:
            yield value["Get"]
        else:
            for key, part in value.items():
                if key not in ("IfSteps", "ElseSteps"):
                    yield from references_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from references_in(part)


def resolve(step, path, parameters, steps):
    """The step that a path leads to, None where it leads to a parameter or to the run."""
    kind, _, rest = path.partition(".")
    if (kind == "Parameters" and rest in parameters) or (kind == "Execution" and rest in OF_EXECUTION):
        return None
    name, _, rest = rest.partition(".")
    if kind != "Steps" or name not in steps or not rest:
        raise Mistake(f"step {step['Name']}: {path} leads nowhere")
    target = steps[name]
    if rest.startswith("PropertyFiles."):
        if rest.partition(".")[2] not in [f["PropertyFileName"] for f in target.get("PropertyFiles", [])]:
            raise Mistake(f"step {step['Name']}: {path} is no report of step {name}")
    elif rest.startswith("ProcessingOutputConfig.Outputs['"):
        outputs = [o["OutputName"] for o in target["Arguments"]["ProcessingOutputConfig"]["Outputs"]]
        if rest.split("'")[1] not in outputs:
            raise Mistake(f"step {step['Name']}: {path} is no output of step {name}")
    return name


def edges(written):
    """Which step waits for which: (earlier, later), sorted. A step in a condition also waits for the condition."""
    parameters = {p["Name"] for p in written["Parameters"]}
    steps = {s["Name"]: s for s in steps_in(written["Steps"])}
    found = set()
    for name, step in steps.items():
        sources = {resolve(step, path, parameters, steps) for path in references_in(step["Arguments"])} - {None}
        missing = [s for s in step.get("DependsOn", []) if s not in steps]
        if missing:
            raise Mistake(f"step {name}: waits for {missing[0]}, which is no step")
        inner = steps_in(step["Arguments"]["IfSteps"] + step["Arguments"]["ElseSteps"]) if step["Type"] == "Condition" else []
        found |= {(source, name) for source in sources | set(step.get("DependsOn", []))} | {(name, s["Name"]) for s in inner}
    return sorted(found)


def check(written):
    """Raises Mistake where names are not unique, references lead nowhere, or steps wait for each other in a circle."""
    for what in "Parameters", "Steps":
        names = [x["Name"] for x in (steps_in(written[what]) if what == "Steps" else written[what])]
        twice = [n for n in names if names.count(n) > 1]
        if twice:
            raise Mistake(f"{what}: {twice[0]} is there twice")
    waits = edges(written)
    done, todo = set(), {s["Name"] for s in steps_in(written["Steps"])}
    while todo:
        ready = {n for n in todo if all(earlier in done for earlier, later in waits if later == n)}
        if not ready:
            raise Mistake(f"steps wait for each other: {', '.join(sorted(todo))}")
        done, todo = done | ready, todo - ready
