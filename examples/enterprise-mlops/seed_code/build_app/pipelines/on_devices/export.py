# SPDX-License-Identifier: Apache-2.0
"""Runs in a processing job: writes the trees of a model of XGBoost as JSON, so that a device can ask them without XGBoost."""
import json
import pathlib
import sys
import tarfile

BASE = pathlib.Path("/opt/ml/processing")


def load(folder):
    """The booster in a folder, as (dump of its trees, its configuration), both JSON texts. The image of the job has XGBoost."""
    import xgboost

    booster = xgboost.Booster()
    booster.load_model(str(folder / "xgboost-model"))
    return booster.get_dump(dump_format="json"), booster.save_config()


def slim(node):
    """A node with what a prediction needs: a leaf's value, or [feature, bound, below, not below, missing]."""
    if "leaf" in node:
        return node["leaf"]
    children = {child["nodeid"]: slim(child) for child in node["children"]}
    feature = int(node["split"][1:])  # f3
    return [feature, node["split_condition"], children[node["yes"]], children[node["no"]], int(node["missing"] == node["yes"])]


def to_device(dump, configuration):
    base = json.loads(configuration)["learner"]["learner_model_param"]["base_score"]
    return {"base": float(base.strip("[]")), "trees": [slim(json.loads(tree)) for tree in dump]}


def main(base=BASE, load=load):
    with tarfile.open(base / "model" / "model.tar.gz") as archive:  # made by our own training job
        archive.extractall(base / "model")
    (base / "device").mkdir(parents=True, exist_ok=True)
    model = to_device(*load(base / "model"))
    (base / "device" / "model.json").write_text(json.dumps(model, separators=(",", ":")))
    print(f"{len(model['trees'])} trees")


if __name__ == "__main__":
    sys.exit(main())
