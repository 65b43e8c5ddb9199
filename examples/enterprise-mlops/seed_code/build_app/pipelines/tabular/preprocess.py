# SPDX-License-Identifier: Apache-2.0
"""Runs in a processing job: makes of a table what XGBoost trains on, tests with, and is judged by.

The table is CSV without a header; its last column is the number to predict. A column with anything but numbers is a set of categories and
becomes one column of 0 and 1 for each; numbers are scaled to mean 0 and deviation 1, gaps filled with the median. What the numbers are
scaled by comes from the training rows alone, so that nothing is learnt from the others. In the result the label stands first, which is
where XGBoost looks for it.
"""
import csv
import pathlib
import random
import statistics
import sys

BASE = pathlib.Path("/opt/ml/processing")
PARTS = {"train": 0.7, "validation": 0.15, "test": 0.15}
SEED = 20


def read_rows(folder):
    """The rows of all CSV files of a folder, without empty ones."""
    rows = []
    for path in sorted(pathlib.Path(folder).glob("*.csv")):
        with open(path, newline="") as f:
            rows.extend([cell.strip() for cell in row] for row in csv.reader(f) if row)
    if not rows:
        raise SystemExit(f"no rows in {folder}")
    if len({len(row) for row in rows}) != 1:
        raise SystemExit("the rows have different numbers of columns")
    return rows


def number(cell):
    """A cell's number; None when it is empty."""
    return float(cell) if cell else None


def is_numeric(cells):
    try:
        return any(number(cell) is not None for cell in cells)
    except ValueError:
        return False


def numeric_column(known):
    """A function from a cell to its columns, learnt from the cells of the training rows."""
    values = [number(cell) for cell in known if cell]
    middle, mean, deviation = statistics.median(values), statistics.fmean(values), statistics.pstdev(values) or 1.0
    return lambda cell: [((middle if number(cell) is None else number(cell)) - mean) / deviation]


def category_column(known):
    categories = sorted(set(known))
    return lambda cell: [1.0 if cell == category else 0.0 for category in categories]


def encoders(rows, training_rows):
    """One function for each column but the last."""
    found = []
    for column in range(len(rows[0]) - 1):
        known = [row[column] for row in training_rows]
        found.append(numeric_column(known) if is_numeric([row[column] for row in rows]) else category_column(known))
    return found


def split(rows, seed=SEED):
    """The rows in three parts, shuffled the same way every time."""
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)
    first = int(len(shuffled) * PARTS["train"])
    second = first + int(len(shuffled) * PARTS["validation"])
    return {"train": shuffled[:first], "validation": shuffled[first:second], "test": shuffled[second:]}


def encode(row, columns):
    return [float(row[-1])] + [value for cell, column in zip(row, columns) for value in column(cell)]


def main(base=BASE):
    parts = split(read_rows(base / "input" / "table"))
    if not all(parts.values()):
        raise SystemExit("too few rows: each of train, validation and test needs one")
    columns = encoders([row for rows in parts.values() for row in rows], parts["train"])
    for part, rows in parts.items():
        folder = base / part
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / f"{part}.csv", "w", newline="") as f:
            csv.writer(f).writerows(encode(row, columns) for row in rows)
        print(f"{part}: {len(rows)} rows")


if __name__ == "__main__":
    sys.exit(main())
