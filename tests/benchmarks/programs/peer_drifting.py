"""How long another tool takes to find drift between two tables it has read, and its memory.

Runs in its own environment. Each tool as its own documentation begins; without the column of
moments, which none of them compares.
"""

import json
import sys
from importlib.metadata import version
from time import perf_counter

import pandas as pd

store, tool = sys.argv[1:3]
reference, current = (pd.read_parquet(path).drop(columns="moment") for path in sys.argv[3:5])


def by_evidently() -> tuple[float, str]:
    """Run the drift preset."""
    from evidently import Report
    from evidently.presets import DataDriftPreset

    began = perf_counter()
    found = Report([DataDriftPreset()]).run(current, reference).dict()
    count = found["metrics"][0]["value"]["count"]
    return perf_counter() - began, f"{count:.0f} columns drifted"


def by_nannyml() -> tuple[float, str]:
    """Fit univariate drift on one table and calculate it on the other, by its defaults."""
    from nannyml import UnivariateDriftCalculator

    began = perf_counter()
    made = UnivariateDriftCalculator(column_names=list(reference.columns)).fit(reference)
    found = made.calculate(current).filter(period="analysis").to_df()
    alerts = found.xs("alert", axis=1, level=2)
    return perf_counter() - began, f"{int(alerts.any().sum())} columns alerted"


def by_whylogs() -> tuple[float, str]:
    """Profile the current table and compare it with a profile made before."""
    import whylogs
    from whylogs.viz.drift.column_drift_algorithms import calculate_drift_scores

    known = whylogs.log(reference).view()
    began = perf_counter()
    made = whylogs.log(current).view()
    scores = calculate_drift_scores(target_view=made, reference_view=known, with_thresholds=True)
    drifted = sum(one is not None and one["drift_category"] == "DRIFT" for one in scores.values())
    return perf_counter() - began, f"{drifted} columns drifted"


def peak_mb() -> float:
    """Return the most memory this process had; 0 where the system does not say."""
    try:
        import resource
    except ImportError:
        return 0.0
    unit = 1e6 if sys.platform == "darwin" else 1e3
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


package = tool.partition("-")[0]
took, note = {"evidently": by_evidently, "nannyml": by_nannyml, "whylogs": by_whylogs}[package]()
said = {"seconds": took, "peak": peak_mb(), "version": f"{package} {version(package)}"}
print("\n" + json.dumps({**said, "note": note}))
