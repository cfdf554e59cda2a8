"""Read a wandb run from its log, look again, and take one curve; watch time and memory."""

import json
import sys
import threading
from pathlib import Path
from time import perf_counter, process_time

import psutil

from workbench.formats.wandb.reader import WandbReader

_LOOK_S = 0.01
root, key = Path(sys.argv[1]), sys.argv[2]
reader, own, done = WandbReader(), psutil.Process(), threading.Event()
before = own.memory_info().rss
most = [before]


def watch() -> None:
    """Note how much memory there is, until told to stop."""
    while not done.wait(_LOOK_S):
        most.append(own.memory_info().rss)


watcher = threading.Thread(target=watch)
watcher.start()
began = process_time()
reading = reader.read(root, key, b"", 0.0)
read_s = process_time() - began
done.set()
watcher.join()
began = perf_counter()
assert reader.read(root, key, reading.progress, 0.0).card.metrics == reading.card.metrics
again_s = perf_counter() - began
began = process_time()
curve = reader.points(root, key, frozenset(["lr"]), None).points["lr"]
print(
    json.dumps(
        {
            "read_s": read_s,
            "read_mb": (max(most) - before) / 1e6,
            "again_ms": again_s * 1e3,
            "curve_s": process_time() - began,
            "points": len(curve.values),
        }
    )
)
