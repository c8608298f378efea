"""Runs a peer's experiment once for each JSON line on stdin and answers with its CPU and wall seconds, one JSON line each."""

import importlib
import json
import sys
import time

import numpy


def timed(request):
    """One run of `question` by `program` (the module of that name) under `settings`."""
    run = getattr(importlib.import_module(f"with_{request['program']}"), request["question"])
    wall, cpu = time.perf_counter(), time.process_time()
    run(**request["settings"])
    return {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def versions():
    """What the answers come from."""
    import numba

    return {"python": sys.version.split()[0], "numpy": numpy.__version__, "numba": numba.__version__}


for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(versions() if request["program"] == "versions" else timed(request)), flush=True)
