# SPDX-License-Identifier: Apache-2.0
"""Runs on a device: answers every CSV file that appears in FOLDER/in with a file of the same name in FOLDER/out, one line for each row.

An answered file is removed; one that the model cannot read goes to FOLDER/refused.

  python3 main.py FOLDER SECONDS_BETWEEN_LOOKS
"""
import csv
import os
import pathlib
import sys
import time

import trees

HERE = pathlib.Path(__file__).resolve().parent


def numbers(row):
    return [float(cell) if cell else None for cell in row]


def answer(model, path, out):
    """Writes the answers beside and moves them into place, so that nobody reads half a file."""
    with open(path, newline="") as f:
        answers = [trees.predict(model, numbers(row)) for row in csv.reader(f) if row]
    unfinished = out / f".{path.name}"
    unfinished.write_text("".join(f"{a}\n" for a in answers))
    os.replace(unfinished, out / path.name)


def look(model, folder):
    """Answers what is there now; gives how many files it answered."""
    answered = 0
    for path in sorted((folder / "in").glob("*.csv")):
        try:
            answer(model, path, folder / "out")
            path.unlink()
            answered += 1
        except (ValueError, IndexError) as problem:
            print(f"{path.name}: {problem}", file=sys.stderr, flush=True)
            os.replace(path, folder / "refused" / path.name)
    return answered


def main(arguments, looks=None):
    """`looks`: ends after so many; for ever without."""
    if len(arguments) != 2:
        print("usage: main.py FOLDER SECONDS_BETWEEN_LOOKS", file=sys.stderr)
        return 2
    folder, pause = pathlib.Path(arguments[0]), float(arguments[1])
    for name in "in", "out", "refused":
        (folder / name).mkdir(parents=True, exist_ok=True)
    model = trees.load(HERE / "model.json")
    while looks is None or looks > 0:
        look(model, folder)
        looks = None if looks is None else looks - 1
        time.sleep(pause)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
