"""Read the cards of runs of event files, and say how long it took and how much memory."""

import json
import sys
from pathlib import Path
from time import perf_counter

import psutil

from workbench.formats.tensorboard import blocks
from workbench.formats.tensorboard.reader import TensorboardReader

root, count = Path(sys.argv[1]), int(sys.argv[2])
reader = TensorboardReader()
process = psutil.Process()


def peak() -> int:
    """Return the most memory this process had so far, in bytes."""
    facts = process.memory_info()
    if hasattr(facts, "peak_wset"):
        return facts.peak_wset
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


assert blocks
before, points = peak(), 0
began = perf_counter()
for number in range(count):
    card = reader.read(root, f"run-{number}", b"", 1.9e9).card
    points += sum(summary.count for summary in card.metrics.values())
    assert not card.faults
seconds = perf_counter() - began
print(json.dumps({"seconds": seconds, "points": points, "grown": peak() - before}))
