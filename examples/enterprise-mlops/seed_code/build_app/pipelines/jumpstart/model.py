# SPDX-License-Identifier: Apache-2.0
"""What JumpStart's public hub says of a model: images, data and scripts in this region, and what it is trained with by default."""
import dataclasses
import json

from ml_pipeline import definition as d

HUB = "SageMakerPublicHub"


class Unusable(d.Mistake):
    """A model that this pipeline cannot train."""


@dataclasses.dataclass(frozen=True)
class Model:
    name: str
    version: str
    training_image: str
    training_data: str  # the weights to start from
    training_script: str
    training_machine: str
    training_volume: int
    training_isolated: bool
    hyperparameters: dict
    sample_data: str | None
    serving_image: str
    serving_script: str | None  # to be packed with what the training leaves; None where that is complete
    serving_machines: tuple  # the default first
    environment: dict
    content_types: tuple


def needed(document, name, key):
    if not document.get(key):
        raise Unusable(f"{name}: its description has no {key}")
    return document[key]


def machines(document, name):
    default = needed(document, name, "DefaultInferenceInstanceType")
    return (default, *sorted(set(document.get("SupportedInferenceInstanceTypes") or []) - {default}))


def from_document(name, version, document):
    """The model that a document of the hub describes; raises Unusable."""
    if not document.get("TrainingSupported"):
        raise Unusable(f"{name} cannot be trained further")
    if document.get("GatedBucket"):
        raise Unusable(f"{name} wants its licence accepted by a person first")
    speaks = document.get("SageMakerSdkPredictorSpecifications") or {}
    return Model(
        name=name,
        version=version,
        training_image=needed(document, name, "TrainingEcrUri"),
        training_data=needed(document, name, "TrainingArtifactUri"),
        training_script=document.get("TrainingPrepackedScriptUri") or needed(document, name, "TrainingScriptUri"),
        training_machine=needed(document, name, "DefaultTrainingInstanceType"),
        training_volume=document.get("TrainingVolumeSize") or 100,
        training_isolated=bool(document.get("TrainingEnableNetworkIsolation")),
        hyperparameters={h["Name"]: str(h["Default"]) for h in document.get("Hyperparameters") or [] if h.get("Default") is not None},
        sample_data=document.get("DefaultTrainingDatasetUri"),
        serving_image=needed(document, name, "HostingEcrUri"),
        serving_script=document.get("HostingScriptUri") if document.get("HostingUseScriptUri", True) else None,
        serving_machines=machines(document, name),
        environment={
            v["Name"]: str(v["Default"])
            for v in document.get("InferenceEnvironmentVariables") or []
            if v.get("RequiredForModelClass") and v.get("Default") is not None
        },
        content_types=tuple(speaks.get("SupportedContentTypes") or ["application/json"]),
    )


def describe(sagemaker, name, version=None):
    """Asks the hub, for the newest version where none is named."""
    wanted = {"HubContentVersion": version} if version else {}
    found = sagemaker.describe_hub_content(HubName=HUB, HubContentType="Model", HubContentName=name, **wanted)
    return from_document(name, found["HubContentVersion"], json.loads(found["HubContentDocument"]))
