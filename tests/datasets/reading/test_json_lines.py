"""JSON lines: values keep the types they are written with."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.datasets.reading.files import all_of, read, text_file
from workbench.datasets.reading import columnar, open_table
from workbench.errors import FormatError


def _read(folder: Path, text: str | bytes) -> pl.DataFrame:
    return read(text_file(folder, text, "data.jsonl"))


@pytest.mark.parametrize(
    ("lines", "values"),
    [
        ('{"a":1}\n{"a":2.5}', [1.0, 2.5]),
        ('{"a":1}\n{}', [1, None]),
        ('{"a":9007199254740993}\n{"a":1.5}', ["9007199254740993", "1.5"]),
        ('{"a":123456789012345678901}\n{"a":1}', ["123456789012345678901", "1"]),
        ('{"a":1}\n{"a":"1"}\n{"a":true}', ["1", "1", "true"]),
        ('{"a":"007"}', ["007"]),
        ('{"a":NaN}\n{"a":-Infinity}', [pytest.approx(float("nan"), nan_ok=True), -float("inf")]),
        ('{"a":1e400}', ["1e400"]),
        ('{"a":[1,2]}\n{"a":{"b":null}}', ["[1,2]", '{"b":null}']),
        ('{"a":"2013-01-01T00:00:00Z"}', [datetime(2013, 1, 1, tzinfo=UTC)]),
        ('{"a":"2013-01-01"}\n{"a":"soon"}', ["2013-01-01", "soon"]),
        ('{"a":true}\n\n{"a":null}', [True, None]),
        ('\ufeff{"a":"é"}', ["é"]),
    ],
)
def test_a_column_has_the_type_all_its_values_share(
    tmp_path: Path, lines: str, values: list[object]
) -> None:
    """Or is text, each value as it is written."""
    assert _read(tmp_path, lines)["a"].to_list() == values


def test_keys_that_come_late_are_columns_from_the_first_row_on(tmp_path: Path) -> None:
    """Null where they did not stand."""
    path = text_file(tmp_path, '{"a":1}\n' * 200_000 + '{"a":"n/a","z":5}\n', "data.jsonl")
    table = columnar(open_table(path), tmp_path / "copy")
    rows = all_of(table)
    assert rows.rows()[0] == ("1", None)
    assert rows.rows()[-1] == ("n/a", 5)
    assert ("text", "Column 'a' holds 'n/a' in line 200,001, which is not integer") in table.said


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ('{"a":1}\n{"a":', "line 2, is no row"),
        ('{"a":1}\n\n[1]', "line 3, is no row: it is no object"),
        ('{"a":' + "[" * 100_000 + "]" * 100_000 + "}", "line 1, is no row: it is nested too deep"),
        ('{"a":"\\ud800"}', "line 1, is no row"),
        (b'{"a":"\xe9"}', "is not utf-8 in line 1"),
        ("\n \n", "has no rows"),
    ],
)  # fmt: skip
def test_a_broken_line_is_told_with_its_number(
    tmp_path: Path, lines: str | bytes, sentence: str
) -> None:
    """One sentence, whatever the reason."""
    with pytest.raises(FormatError, match=sentence):
        _read(tmp_path, lines)


def test_a_json_array_is_told_as_what_it_is(tmp_path: Path) -> None:
    """With what to do about it."""
    path = text_file(tmp_path, '[{"a": 1}]', "data.json")
    with pytest.raises(FormatError, match=r"is one JSON array, not a JSON object a line\. Write"):
        open_table(path)


_VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from("abc"), _VALUES), min_size=1, max_size=8))
def test_what_polars_makes_of_any_values_is_never_null_where_a_value_is(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]
) -> None:
    """Null exactly where there is none, whatever the types."""
    import json

    folder = tmp_path_factory.mktemp("json")
    if not any(rows):
        return
    found = _read(folder, "\n".join(map(json.dumps, rows)))
    for name in found.columns:
        assert found[name].is_null().to_list() == [row.get(name) is None for row in rows]
