# SPDX-License-Identifier: Apache-2.0
"""What SageMaker runs in the image: `train` reads channels and hyperparameters and leaves a model; `serve` answers requests on port 8080.

The folders are those of SageMaker's Developer Guide, "How Amazon SageMaker AI Runs Your Training Image" and "Custom Inference Code with
Hosting Services".
"""
import csv
import http.server
import json
import pathlib
import sys

import model

BASE = pathlib.Path("/opt/ml")
LARGEST = 6 * 2**20  # bytes of a request that an endpoint takes


def read_channel(folder):
    """Labels and features of all CSV files of a channel; the label stands first."""
    rows = []
    for path in sorted(folder.glob("*.csv")):
        with open(path, newline="") as f:
            rows.extend([float(cell) for cell in row] for row in csv.reader(f) if row)
    if not rows:
        raise SystemExit(f"no rows in {folder}")
    return [row[0] for row in rows], [row[1:] for row in rows]


def train(base=BASE):
    """What goes wrong is also written to where SageMaker shows it as the reason of the failure."""
    try:
        parameters = base / "input" / "config" / "hyperparameters.json"
        chosen = json.loads(parameters.read_text()) if parameters.exists() else {}
        labels, features = read_channel(base / "input" / "data" / "train")
        (base / "model").mkdir(parents=True, exist_ok=True)
        model.save(model.train(labels, features, float(chosen.get("penalty", 1.0))), base / "model")
        print(f"trained on {len(labels)} rows")
    except (Exception, SystemExit) as problem:
        (base / "output").mkdir(parents=True, exist_ok=True)
        (base / "output" / "failure").write_text(str(problem))
        raise


def answer(loaded, text):
    """One line for each line of a request in CSV."""
    rows = [[float(cell) for cell in row] for row in csv.reader(text.splitlines()) if row]
    return "".join(f"{p}\n" for p in model.predict(loaded, rows))


def handler(loaded):
    class Handler(http.server.BaseHTTPRequestHandler):
        def reply(self, status, text=""):
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/csv")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            self.reply(200 if self.path == "/ping" else 404)

        def do_POST(self):
            length = int(self.headers.get("Content-Length", 0))
            if self.path != "/invocations":
                self.reply(404)
            elif length > LARGEST:
                self.reply(413, f"a request may have {LARGEST} bytes\n")
            else:
                try:
                    self.reply(200, answer(loaded, self.rfile.read(length).decode()))
                except ValueError as problem:
                    self.reply(400, f"{problem}\n")

        def log_message(self, *arguments):
            if self.path != "/ping":  # asked every few seconds
                super().log_message(*arguments)

    return Handler


def serve(base=BASE, address=("0.0.0.0", 8080)):
    return http.server.ThreadingHTTPServer(address, handler(model.load(base / "model")))


def main(arguments):
    if arguments == ["train"]:
        train()
        return 0
    if arguments == ["serve"]:
        serve().serve_forever()
        return 0
    print("usage: run.py train | serve", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
