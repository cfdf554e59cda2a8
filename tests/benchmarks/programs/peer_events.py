"""How fast TensorBoard's own reader loads a folder of runs. Runs in its environment."""

import json
import sys
from importlib.metadata import version
from time import perf_counter

from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer

folder = sys.argv[3]
began = perf_counter()
seen = EventMultiplexer(size_guidance={"scalars": 0})
seen.AddRunsFromDirectory(folder)
seen.Reload()
points = sum(len(seen.Scalars(run, tag)) for run, tags in seen.Runs().items()
             for tag in tags["scalars"])  # fmt: skip
seconds = perf_counter() - began
answer = {"seconds": seconds, "points": points, "version": f"tensorboard {version('tensorboard')}"}
print("\n" + json.dumps(answer))
