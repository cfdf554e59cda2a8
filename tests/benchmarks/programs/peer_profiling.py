"""How long another tool takes to profile a table it has read. Runs in its own environment."""

import json
import os
import sys
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

os.environ["WHYLOGS_NO_ANALYTICS"] = "True"
os.environ["YDATA_PROFILING_NO_ANALYTICS"] = "True"

import pandas as pd

store, tool, path = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
frame = pd.read_parquet(path)


def by_whylogs() -> int:
    """Return the bytes of the stored profile."""
    import whylogs

    whylogs.log(frame).view().write(str(store / "profile.bin"))
    return (store / "profile.bin").stat().st_size


def by_ydata() -> int:
    """Return the bytes of the stored summary; without correlations and pictures of pairs."""
    from ydata_profiling import ProfileReport

    report = ProfileReport(frame, minimal=True, progress_bar=False)
    return len(report.to_json())


began = perf_counter()
size = by_whylogs() if tool == "whylogs" else by_ydata()
answer = {"seconds": perf_counter() - began, "bytes": size, "version": f"{tool} {version(tool)}"}
print("\n" + json.dumps(answer))
