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


def peak() -> int:
    """Return the most memory this process had so far, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # what `resource` says there begins with what the parent had
        line = next(line for line in status.read_text("utf-8").splitlines() if "VmHWM" in line)
        return int(line.split()[1]) * 1024
    facts = psutil.Process().memory_info()
    if hasattr(facts, "peak_wset"):
        return facts.peak_wset
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


assert blocks
before, points = peak(), 0
began = perf_counter()
for number in range(count):
    card = reader.read(root, f"run-{number}", b"", 1.9e9).card
    points += sum(summary.count for summary in card.metrics.values())
    assert not card.faults
seconds = perf_counter() - began
print(json.dumps({"seconds": seconds, "points": points, "grown": peak() - before}))
