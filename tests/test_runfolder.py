"""The contract's arithmetic and spellings."""

import json
import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import UsageError
from workbench.runfolder import (
    Summary,
    checked_name,
    decode_number,
    done_marker,
    encode_line,
    encode_number,
    encode_summary,
    flatten,
    read_done_marker,
)

VALUES = st.floats() | st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0])
POINTS = st.lists(st.tuples(VALUES, st.none() | st.integers(0, 9)), min_size=1, max_size=12)


def summed(points: list[tuple[float, int | None]]) -> Summary:
    """Return the summary as a writer adds it up."""
    first, *rest = points
    found = Summary.of(*first)
    for point in rest:
        found = found.add(*point)
    return found


def plainly(points: list[tuple[float, int | None]]) -> Summary:
    """Return the summary by its definition, over all points at once."""
    real = [(value, step) for value, step in points if not math.isnan(value)]
    low = min(real, key=lambda point: point[0], default=(math.nan, None))
    high = max(real, key=lambda point: point[0], default=(math.nan, None))
    return Summary(
        points[-1][0], low[0], high[0], points[0][0], len(points), len(points) - len(real),
        low[1], high[1], points[0][1], points[-1][1],
    )  # fmt: skip


@given(POINTS)
def test_adding_point_by_point_is_the_definition(points: list[tuple[float, int | None]]) -> None:
    """NaN counts and is never the smallest; of equal values the first step is told."""
    assert repr(summed(points)) == repr(plainly(points))


@given(POINTS, st.data())
def test_pieces_joined_are_the_whole(
    points: list[tuple[float, int | None]], data: st.DataObject
) -> None:
    """Wherever a series is cut, and whichever pieces are joined first."""
    cuts = data.draw(st.lists(st.integers(1, len(points)), max_size=3))
    edges = sorted({0, *cuts, len(points)})
    parts = [summed(points[a:b]) for a, b in pairwise(edges)]
    from_left, from_right = parts[0], parts[-1]
    for part in parts[1:]:
        from_left = from_left.join(part)
    for part in reversed(parts[:-1]):
        from_right = part.join(from_right)
    assert repr(from_left) == repr(from_right) == repr(plainly(points))


@given(POINTS)
def test_a_summary_comes_back_from_the_end_card(points: list[tuple[float, int | None]]) -> None:
    """As JSON anybody can read, NaN and the infinities by name."""
    summary = summed(points)
    fields = json.loads(json.dumps(encode_summary(summary), allow_nan=False))
    for name in ("last", "min", "max", "first"):
        fields[name] = decode_number(fields[name])
    assert repr(Summary(**fields)) == repr(summary)


@given(VALUES)
def test_numbers_come_back_from_their_spelling(value: float) -> None:
    """Every double survives the way through a line."""
    line = encode_line({"v": encode_number(value)})
    assert line.endswith(b"\n")
    assert repr(decode_number(json.loads(line)["v"])) == repr(value)


@pytest.mark.parametrize("wrong", [True, None, "nan", "inf", "1", "", [], {}])
def test_what_stands_for_no_number(wrong: object) -> None:
    """Only numbers and the three names are numbers."""
    with pytest.raises(ValueError, match="is not a number"):
        decode_number(wrong)


def test_a_line_holds_what_json_can_hold() -> None:
    """Any letters, in one line; a bare NaN is refused where it is written."""
    assert encode_line({"a": "é\n\u2028", "b": None}) == '{"a":"é\\n\u2028","b":null}\n'.encode()
    with pytest.raises(ValueError, match="JSON"):
        encode_line({"a": math.nan})


@pytest.mark.parametrize("status", ["FINISHED", "FAILED", "KILLED"])
def test_a_marker_tells_its_run_writer_and_end(status: str) -> None:
    """The name of the empty file is all there is to read."""
    assert read_done_marker(done_marker("01kb", 12, status)) == ("01kb", 12, status)


@pytest.mark.parametrize("name", ["", ".0.finished", "a.finished", "a.x.finished", "a.0.going",
                                  "a.0", "a.0.finished.tmp", ".DS_Store"])  # fmt: skip
def test_what_is_no_marker(name: str) -> None:
    """Other files in the folder are nothing."""
    assert read_done_marker(name) is None


def test_nested_params_become_dotted_names() -> None:
    """Lists and empty objects stay values."""
    nested: dict[str, Any] = {"a": {"b": {"c": 1}, "d": []}, "e": {}, "f": [{"g": 1}]}
    assert flatten(nested) == {"a.b.c": 1, "a.d": [], "e": {}, "f": [{"g": 1}]}


@pytest.mark.parametrize("wrong", ["", " a", "a ", "a\nb", "\x1b[2J", "x" * 501, 3, None])
def test_names_that_cannot_be(wrong: object) -> None:
    """Empty, padded, endless, unprintable and other things are refused in a sentence."""
    with pytest.raises(UsageError, match="metric name"):
        checked_name(wrong, "metric")
    assert checked_name("val/äuc [x]", "metric") == "val/äuc [x]"
