"""How long one ``start_run`` takes in a fresh interpreter, after the import."""

import json
import sys
from time import perf_counter

import workbench

workbench.start_run  # noqa: B018 - the import is measured elsewhere
began = perf_counter()
run = workbench.start_run("benchmark", workspace=sys.argv[1])
ended = perf_counter()
run.finish()
print(json.dumps({"ms": 1000 * (ended - began)}))
