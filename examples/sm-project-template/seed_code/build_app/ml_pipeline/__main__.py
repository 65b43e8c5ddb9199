# SPDX-License-Identifier: Apache-2.0
"""python3 -m ml_pipeline [definition | publish | run]

definition  prints the definition of the pipeline
publish     uploads its scripts and creates or updates it
run         publishes it, runs it and waits for the end (the default)

The pipeline is the one module in pipelines/. It has `build(settings, clients)`, which gives the pipeline and the files that it needs in S3,
and may have `finish(settings, clients)`, which is called after a run that succeeded.
"""
import importlib
import os
import pathlib
import sys

from . import definition, publish, settings

ROOT = pathlib.Path(__file__).resolve().parent.parent


def the_pipeline(root=ROOT):
    """The module of the pipeline."""
    names = sorted(p.stem for p in (root / "pipelines").glob("*.py") if p.stem != "__init__")
    if len(names) != 1:
        raise settings.Unset(f"pipelines/ must hold one module, not {', '.join(names) or 'none'}")
    return importlib.import_module(f"pipelines.{names[0]}")


def main(arguments, environment, clients, module=None):
    """The exit code. `clients(service)` gives a client of boto3."""
    command = arguments[0] if arguments else "run"
    if command not in ("definition", "publish", "run") or len(arguments) > 1:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        module = module or the_pipeline()
        s = settings.from_environment(environment)
        pipeline, files = module.build(s, clients)
        if command == "definition":
            print(pipeline.to_json())
            return 0
        publish.upload(clients("s3"), s, files)
        print(f"published {publish.upsert(clients('sagemaker'), s, pipeline)}", flush=True)
        if command == "run":
            publish.run(clients("sagemaker"), pipeline.name, environment.get("CODEBUILD_RESOLVED_SOURCE_VERSION", ""))
            if hasattr(module, "finish"):
                module.finish(s, clients)
    except (settings.Unset, definition.Mistake, publish.Failed) as problem:
        print(f"ml_pipeline: {problem}", file=sys.stderr)
        return 1
    return 0


def boto3_client(service):
    import boto3  # only what asks AWS needs it

    return boto3.client(service)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], dict(os.environ), boto3_client))
