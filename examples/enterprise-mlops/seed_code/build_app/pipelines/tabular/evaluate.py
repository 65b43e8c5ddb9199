# SPDX-License-Identifier: Apache-2.0
"""Runs in a processing job: how far the trained model is off on rows that it has not seen, written to evaluation.json."""
import csv
import importlib.util
import json
import math
import pathlib
import sys
import tarfile

BASE = pathlib.Path("/opt/ml/processing")


def measure(labels, predictions):
    """The report, in the form that the model registry shows."""
    if len(labels) != len(predictions) or not labels:
        raise SystemExit(f"{len(labels)} labels and {len(predictions)} predictions")
    errors = [label - prediction for label, prediction in zip(labels, predictions)]
    squares = [e * e for e in errors]
    mse = math.fsum(squares) / len(squares)
    deviation = math.sqrt(math.fsum((e - math.fsum(errors) / len(errors)) ** 2 for e in errors) / len(errors))
    return {
        "regression_metrics": {
            "mse": {"value": mse, "standard_deviation": deviation},
            "rmse": {"value": math.sqrt(mse), "standard_deviation": deviation},
            "mae": {"value": math.fsum(abs(e) for e in errors) / len(errors), "standard_deviation": deviation},
        }
    }


def read_test(path):
    """Labels and features of the test rows."""
    with open(path, newline="") as f:
        rows = [[float(cell) for cell in row] for row in csv.reader(f)]
    return [row[0] for row in rows], [row[1:] for row in rows]


def predictions(folder, features):
    """What the model in a folder says. An image of one's own has a module `model` that knows; others have XGBoost."""
    if importlib.util.find_spec("model"):
        import model

        return model.predict(model.load(folder), features)
    import numpy
    import xgboost

    booster = xgboost.Booster()
    booster.load_model(str(folder / "xgboost-model"))
    return [float(p) for p in booster.predict(xgboost.DMatrix(numpy.array(features)))]


def main(base=BASE, predict=predictions):
    with tarfile.open(base / "model" / "model.tar.gz") as archive:  # made by our own training job
        archive.extractall(base / "model")
    labels, features = read_test(base / "test" / "test.csv")
    report = measure(labels, predict(base / "model", features))
    (base / "evaluation").mkdir(parents=True, exist_ok=True)
    (base / "evaluation" / "evaluation.json").write_text(json.dumps(report))
    print(json.dumps(report))


if __name__ == "__main__":
    sys.exit(main())
