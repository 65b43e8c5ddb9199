# SPDX-License-Identifier: Apache-2.0
"""Descriptions of two models in the form of JumpStart's hub, cut down to what is read of them, by the models' names."""

HUGGINGFACE = "763104351884.dkr.ecr.eu-west-1.amazonaws.com/huggingface-pytorch"
CACHE = "s3://jumpstart-cache-prod-eu-west-1"


def setting(name, default, scope="algorithm"):
    return {"Name": name, "Type": "text", "Default": default, "Scope": scope}


IN_CONTAINER = [
    setting("sagemaker_submit_directory", "/opt/ml/input/data/code/sourcedir.tar.gz", "container"),
    setting("sagemaker_program", "transfer_learning.py", "container"),
]

IMAGES = {
    "TrainingSupported": True,
    "TrainingEcrUri": f"{HUGGINGFACE}-training:1.10",
    "TrainingArtifactUri": f"{CACHE}/images/train.tar.gz",
    "TrainingScriptUri": f"{CACHE}/images/script.tar.gz",
    "TrainingPrepackedScriptUri": f"{CACHE}/images/prepacked.tar.gz",
    "TrainingEnableNetworkIsolation": True,
    "DefaultTrainingInstanceType": "ml.g4dn.2xlarge",
    "Hyperparameters": [setting("max_steps", "1000"), setting("lr", "0.00001"), *IN_CONTAINER],
    "HostingEcrUri": f"{HUGGINGFACE}-inference:1.10",
    "HostingScriptUri": f"{CACHE}/images/serve.tar.gz",
    "DefaultInferenceInstanceType": "ml.g4dn.2xlarge",
    "SupportedInferenceInstanceTypes": ["ml.g5.xlarge", "ml.g4dn.2xlarge"],
    "InferenceEnvironmentVariables": [
        {"Name": "SAGEMAKER_PROGRAM", "Type": "text", "Default": "inference.py", "Scope": "container", "RequiredForModelClass": True},
        {"Name": "MMS_MAX", "Type": "int", "Default": 9, "Scope": "container", "RequiredForModelClass": False},
    ],
    "SageMakerSdkPredictorSpecifications": {"SupportedContentTypes": ["application/x-text", "application/json"]},
}
TEXT = {
    "TrainingSupported": True,
    "TrainingEcrUri": f"{HUGGINGFACE}-training:2.0",
    "TrainingArtifactUri": f"{CACHE}/text/",
    "TrainingScriptUri": f"{CACHE}/text/script.tar.gz",
    "DefaultTrainingInstanceType": "ml.g5.12xlarge",
    "TrainingVolumeSize": 512,
    "Hyperparameters": [setting("epoch", "1"), setting("instruction_tuned", "False"), *IN_CONTAINER],
    "HostingEcrUri": f"{HUGGINGFACE}-tgi-inference:2.0",
    "HostingScriptUri": f"{CACHE}/text/serve.tar.gz",
    "HostingUseScriptUri": False,
    "DefaultInferenceInstanceType": "ml.g5.2xlarge",
    "InferenceEnvironmentVariables": [],
}

HUB = {"model-txt2img-stabilityai-stable-diffusion-v2-1-base": IMAGES, "huggingface-llm-falcon-7b-bf16": TEXT}
