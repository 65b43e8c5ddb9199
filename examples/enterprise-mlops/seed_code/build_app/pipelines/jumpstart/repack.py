# SPDX-License-Identifier: Apache-2.0
"""Runs in a processing job: puts the script that serves a model into the model's archive, below code/, where the image looks for it."""
import pathlib
import sys
import tarfile

BASE = pathlib.Path("/opt/ml/processing")


def only(folder):
    """The one archive of a folder."""
    found = sorted(pathlib.Path(folder).glob("*.tar.gz"))
    if len(found) != 1:
        raise SystemExit(f"{folder} holds {len(found)} archives, one is wanted")
    return found[0]


def copy(source, target, prefix="", without=None):
    """All files of an archive into another, below a prefix; what starts with `without` stays behind."""
    for member in source:
        name = str(pathlib.PurePosixPath(member.name))
        if not member.isfile() or (without and name.startswith(without)):
            continue
        member.name = prefix + name
        target.addfile(member, source.extractfile(member))


def main(base=BASE):
    (base / "packed").mkdir(parents=True, exist_ok=True)
    # Weights hardly become smaller; the lowest level saves most of the time.
    with tarfile.open(base / "packed" / "model.tar.gz", "w:gz", compresslevel=1) as target:
        with tarfile.open(only(base / "model")) as model:
            copy(model, target, without="code/")
        with tarfile.open(only(base / "script")) as script:
            copy(script, target, prefix="code/")


if __name__ == "__main__":
    sys.exit(main())
