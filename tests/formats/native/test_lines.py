"""The line decoder against the plain way of decoding a line."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.formats.native.lines import LineFaults, decode_columns, decode_points
from workbench.formats.native.records import MOST_FAULTS
from workbench.formats.points import summarise
from workbench.runfolder import Summary, decode_number, encode_number

NAMES = st.sampled_from(["loss", "val/auc", "é", "a b", "0", "system/cpu", 'q"', "b\\", "\u2028"])
FLOATS = st.floats(width=64)
STEPS = st.none() | st.integers(-(2**63), 2**63 - 1)
GOOD = st.builds(
    lambda step, time, metrics: {"step": step, "time": time, "metrics": metrics},
    STEPS,
    st.none() | st.floats(0, 4e9),
    st.dictionaries(NAMES, FLOATS.map(encode_number)),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
ODD = st.one_of(
    st.dictionaries(st.sampled_from(["step", "time", "metrics", "x"]), JSON),
    JSON,
    st.builds(lambda value: {"metrics": {"loss": value, "ok": 1}}, JSON),
)
LINES = st.lists(
    st.one_of(
        GOOD.map(lambda line: json.dumps(line).encode()),
        ODD.map(lambda line: json.dumps(line).encode()),
        st.binary(max_size=20).map(lambda noise: noise.replace(b"\n", b"")),
        st.just(b""),
    ),
    max_size=12,
)


def refused(name: str) -> float:
    """Refuse NaN and Infinity written bare, which JSON does not have."""
    raise ValueError(name)


def plainly(lines: list[bytes]) -> list[tuple[str, Any, float]]:
    """Return metric, step and value of every point, decoded one line at a time."""
    found = []
    for line in lines:
        try:
            told = json.loads(line.decode("utf-8"), parse_constant=refused)
            step, time, metrics = told.get("step"), told.get("time"), told["metrics"].items()
        except (ValueError, KeyError, AttributeError, TypeError):
            continue
        if isinstance(step, float) and step.is_integer():
            step = int(step)
        whole = step is None or (type(step) is int and -(2**63) <= step < 2**63)
        timed = time is None or (isinstance(time, int | float) and not isinstance(time, bool))
        if not whole or not timed:
            continue
        for name, value in metrics:
            try:
                found.append((name, step, decode_number(value)))
            except (ValueError, OverflowError):
                continue
    return found


@given(st.lists(GOOD, max_size=20))
def test_lines_decode_as_json_does(lines: list[dict[str, Any]]) -> None:
    """Every point of every right line comes out, in order, with its step."""
    faults = LineFaults("metrics.jsonl")
    data = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    columns = decode_columns(data, 1, faults)
    assert faults.count == 0
    for name in {name for line in lines for name in line["metrics"]}:
        wanted = [
            (line["step"], line["metrics"][name]) for line in lines if name in line["metrics"]
        ]
        column = columns[name]
        got = [(s, encode_number(v)) for s, v in zip(column.steps, column.values, strict=True)]
        assert got == wanted


@given(LINES)
def test_wrong_lines_cost_nothing_but_themselves(lines: list[bytes]) -> None:
    """Among any noise, exactly the right values of the right lines come out."""
    columns = decode_columns(b"".join(line + b"\n" for line in lines), 1, LineFaults("x"))
    wanted = plainly(lines)
    for name in {name for name, _, _ in wanted} | columns.keys():
        column = columns[name]
        got = [(s, encode_number(v)) for s, v in zip(column.steps, column.values, strict=True)]
        assert got == [(s, encode_number(v)) for n, s, v in wanted if n == name]


@given(LINES, st.sets(NAMES))
def test_chosen_curves_are_those_of_all(lines: list[bytes], names: set[str]) -> None:
    """Choosing metrics, which is faster, gives what decoding everything gives."""
    data = b"".join(line + b"\n" for line in lines)
    whole = decode_points(data, None)
    chosen = decode_points(data, frozenset(names))
    assert repr(chosen) == repr({name: whole[name] for name in sorted(names & whole.keys())}) or {
        name: repr(found) for name, found in chosen.items()
    } == {name: repr(whole[name]) for name in names & whole.keys()}


@given(st.lists(st.tuples(STEPS, FLOATS), min_size=1, max_size=30), st.integers(1, 29))
def test_summaries_of_columns_are_those_of_points(
    series: list[tuple[int | None, float]], cut: int
) -> None:
    """A column, or two halves of it joined, comes to what its points come to one by one."""
    wanted = Summary.of(series[0][1], series[0][0])
    for step, value in series[1:]:
        wanted = wanted.add(value, step)
    steps, values = [step for step, _ in series], [value for _, value in series]
    assert repr(summarise(values, steps)) == repr(wanted)
    if cut < len(series):
        halves = summarise(values[:cut], steps[:cut]).join(summarise(values[cut:], steps[cut:]))
        assert [encode_number(v) for v in halves[:4]] == [encode_number(v) for v in wanted[:4]]
        assert halves.count == wanted.count
        assert halves.nans == wanted.nans


def test_records_over_two_lines_are_none() -> None:
    """A newline ends a line, also where JSON would go on."""
    faults = LineFaults("x")
    data = b'{"metrics":\n{"a":1}}\n{"metrics":{"a":2}} {"metrics":{"a":3}}\n{"metrics":{"a":4}}\n'
    assert decode_columns(data, 1, faults)["a"].values == [4.0]
    assert [fault.line for fault in faults.told] == [1, 2, 3]


def test_faults_are_told_up_to_a_number() -> None:
    """The first faults are told, all are counted."""
    faults = LineFaults("x")
    decode_columns(b"noise\n" * 100, 1, faults)
    assert (len(faults.told), faults.count) == (MOST_FAULTS, 100)


def test_no_step_is_no_number() -> None:
    """A point without a step has NaN for it."""
    points = decode_points(b'{"metrics":{"a":1}}\n', frozenset(["a"]))["a"]
    assert math.isnan(points.steps[0])
    assert math.isnan(points.times[0])


@pytest.mark.parametrize("size", [1, 40, 10**6])
def test_points_are_the_same_in_however_many_parts(
    size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A part ends with a line; a wrong line costs itself alone, wherever it stands."""
    lines = [b'{"step":%d,"metrics":{"a":%d,"b":"NaN"}}\n' % (n, n * n) for n in range(20)]
    lines.insert(7, b'{"step":\n')
    monkeypatch.setattr("workbench.formats.native.lines._BLOCK_BYTES", size)
    found = decode_points(b"".join(lines), None)
    assert found["a"].values == [n * n for n in range(20)]
    assert found["b"].steps == list(range(20))
