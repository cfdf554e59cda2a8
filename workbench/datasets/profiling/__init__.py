"""Summaries of tables: made in one pass, stored, merged, and asked afterwards.

Everything here is arithmetic on values handed in. What a summary holds is fixed in
`workbench.datasets.profile`; the formulas and their bounds are in docs/statistics.md.
"""

from workbench.datasets.profiling.building import profile
from workbench.datasets.profiling.correlations import correlation_with
from workbench.datasets.profiling.histograms import bars, bound, cdf, histogram, quantile
from workbench.datasets.profiling.merging import merge, merge_all
from workbench.datasets.profiling.moments import at_second
from workbench.datasets.profiling.remarks import warnings
from workbench.datasets.profiling.schema import schema_hash
from workbench.datasets.profiling.stored import decode, encode

__all__ = [
    "at_second", "bars", "bound", "cdf", "correlation_with", "decode", "encode", "histogram",
    "merge", "merge_all", "profile", "quantile", "schema_hash", "warnings",
]  # fmt: skip
