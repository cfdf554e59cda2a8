"""How long another tool takes to profile a table it has read. Runs in its own environment."""

import json
import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

os.environ["WHYLOGS_NO_ANALYTICS"] = "True"
os.environ["YDATA_PROFILING_NO_ANALYTICS"] = "True"

import pandas as pd

store, tool, path = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
frame = pd.read_parquet(path)


def by_whylogs() -> Callable[[], int]:
    """Profile; return what writes it and gives its size in bytes."""
    import whylogs

    view = whylogs.log(frame).view()

    def written() -> int:
        view.write(str(store / "profile.bin"))
        return (store / "profile.bin").stat().st_size

    return written


def by_ydata() -> Callable[[], int]:
    """Profile without correlations; return what writes it and gives its size in bytes."""
    from ydata_profiling import ProfileReport

    report = ProfileReport(frame, minimal=True, progress_bar=False)
    report.get_description()
    return lambda: len(report.to_json())


began = perf_counter()
write = by_whylogs() if tool == "whylogs" else by_ydata()
answer = {"seconds": perf_counter() - began, "version": f"{tool} {version(tool)}"}
print("\n" + json.dumps({**answer, "bytes": write()}))
