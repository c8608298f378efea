"""A normal model as a program: what genloss asks of any program, in fifty lines of plain Python.

    python3 normal.py fit|sample --manifest FILE

`params.mode` makes it go wrong in one way or another, for the tests.
"""

import hashlib
import json
import math
import os
import random
import subprocess
import sys
import time


def written(path, text):
    """Writes under another name first: a file is there whole or not at all."""
    with open(path + ".tmp", "w") as file:
        file.write(text)
    os.replace(path + ".tmp", path)


def finished(manifest, path, **more):
    with open(path, "rb") as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    written(manifest["done"], json.dumps({"ok": True, "sha256": digest, **more}))


def fit(manifest):
    mode = manifest["params"].get("mode", "right")
    if mode == "crashes":
        raise ValueError("no such thing")
    if mode == "refuses":
        sys.exit(2)
    if mode == "later":
        sys.exit(75)
    if mode == "silent":
        return
    if mode == "hangs":
        child = subprocess.Popen(["sleep", "600"])
        written(os.path.join(os.path.dirname(manifest["work_dir"]), "pids"), json.dumps([os.getpid(), child.pid]))
        time.sleep(600)
    (train,) = manifest["train"]
    with open(train["path"]) as file:
        values = [json.loads(line)["value"] for line in file]
    mean = sum(values) / len(values)
    variance = sum((x - mean) ** 2 for x in values) / len(values)
    written(manifest["model_out"], json.dumps({"mean": mean, "sd": math.sqrt(variance), "mode": mode}))
    finished(manifest, manifest["model_out"])


def sample(manifest):
    with open(manifest["model_in"]) as file:
        model = json.load(file)
    generator = random.Random(manifest["seed"])
    n = manifest["n"]
    values = [generator.gauss(model["mean"], model["sd"]) for _ in range(n)]
    key = "value"
    if model["mode"] == "few":
        values = values[1:]
    if model["mode"] == "nan":
        values[3] = float("nan")
    if model["mode"] == "schema":
        key = "x"
    text = "".join(json.dumps({key: value}) + "\n" for value in values)
    if model["mode"] == "half":
        text = text[:-5]
    written(manifest["out"], text)
    if model["mode"] == "forks":
        subprocess.Popen(["sleep", "600"])
    finished(manifest, manifest["out"], rows=len(values))
    if model["mode"] == "lies":
        written(manifest["out"], text + text)


if __name__ == "__main__":
    with open(sys.argv[sys.argv.index("--manifest") + 1]) as file:
        {"fit": fit, "sample": sample}[sys.argv[1]](json.load(file))
