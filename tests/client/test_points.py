"""The hot path writes what the contract's own functions would."""

import json
import math
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from workbench.client.points import Series, metric_key, metric_line, unusual
from workbench.runfolder import Summary, decode_number, encode_summary

NUMBERS = st.floats(allow_nan=True, allow_infinity=True)
NAMES = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20).filter(
    str.isprintable
)
STEPS = st.one_of(st.none(), st.integers(min_value=-(2**53), max_value=2**53))


def same(one: float, other: float) -> bool:
    """Say whether two numbers are the same, NaN included."""
    return one == other or (math.isnan(one) and math.isnan(other))


@given(st.dictionaries(NAMES, NUMBERS, min_size=1), STEPS, st.floats(0, 4e9))
def test_a_line_decodes_to_what_was_logged(metrics, step, time):
    """Names, values, steps and times survive the way through a line."""
    fields = [
        metric_key(name) + (repr(value) if math.isfinite(value) else unusual(value))
        for name, value in metrics.items()
    ]
    data = metric_line(fields, step, time)
    assert data.count(b"\n") == 1
    line = json.loads(data)
    assert line["step"] == step
    assert abs(line["time"] - time) <= 0.001
    assert list(line["metrics"]) == list(metrics)
    decoded = map(decode_number, line["metrics"].values())
    assert all(same(one, other) for one, other in zip(decoded, metrics.values(), strict=True))


@given(st.lists(st.tuples(NUMBERS, STEPS), min_size=1))
def test_a_running_summary_is_the_contracts(points):
    """Adding in place and adding by new tuples come to the same."""
    (value, step), *rest = points
    series = Series(value, step)
    for more in rest:
        series.add(*more)
    expected = reduce(lambda summary, more: summary.add(*more), rest, Summary.of(value, step))
    assert series.encoded() == encode_summary(expected)
