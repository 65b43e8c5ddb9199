# SPDX-License-Identifier: Apache-2.0
"""Ridge regression with nothing but Python: how a model is trained, kept, loaded and asked. Replace it by a model of your own."""
import json
import pathlib

FILE = "model.json"


def solve(matrix, right):
    """x of matrix · x = right, by elimination with the largest pivot; the matrix is square and not singular."""
    rows = [list(row) + [value] for row, value in zip(matrix, right)]
    size = len(rows)
    for i in range(size):
        best = max(range(i, size), key=lambda r: abs(rows[r][i]))
        rows[i], rows[best] = rows[best], rows[i]
        for r in range(i + 1, size):
            factor = rows[r][i] / rows[i][i]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i])]
    x = [0.0] * size
    for i in reversed(range(size)):
        x[i] = (rows[i][size] - sum(rows[i][j] * x[j] for j in range(i + 1, size))) / rows[i][i]
    return x


def train(labels, features, penalty=1.0):
    """Weights that make the squared error plus penalty · |weights|² smallest; the last one is the constant, which costs nothing."""
    rows = [row + [1.0] for row in features]
    width = len(rows[0])
    square = [[sum(row[i] * row[j] for row in rows) for j in range(width)] for i in range(width)]
    for i in range(width - 1):
        square[i][i] += penalty
    return {"weights": solve(square, [sum(row[i] * label for row, label in zip(rows, labels)) for i in range(width)])}


def predict(model, features):
    weights = model["weights"]
    wrong = next((row for row in features if len(row) != len(weights) - 1), None)
    if wrong is not None:
        raise ValueError(f"a row has {len(wrong)} values, the model wants {len(weights) - 1}")
    return [sum(w * x for w, x in zip(weights, row + [1.0])) for row in features]


def save(model, folder):
    (pathlib.Path(folder) / FILE).write_text(json.dumps(model))


def load(folder):
    return json.loads((pathlib.Path(folder) / FILE).read_text())
