"""Rules read from the settings: what is misspelt is named with its line, and never passed over."""

import tomllib
from typing import Any

import pytest

from workbench.datasets.rules import parse, read, words
from workbench.errors import SettingsError


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ({}, "A rule needs a kind; write one of"),
        ({"kind": "rang"}, "did you mean 'range'?"),
        ({"kind": "range", "column": "a", "mim": 0}, "no key 'mim': did you mean 'min'?"),
        ({"kind": "range", "column": "a"}, "A range rule needs 'min' or 'max'."),
        ({"kind": "range", "min": 0}, "A range rule needs 'column' or 'columns'."),
        ({"kind": "range", "column": "a", "min": 1, "above": 0}, "'min' or 'above', not both."),
        ({"kind": "range", "column": "a", "min": 3, "max": 1}, "Nothing lies from 3 to 1."),
        ({"kind": "range", "column": "a", "min": True}, "'min' must be a number or a date"),
        ({"kind": "range", "column": "a", "min": float("nan")}, "'min' must be a number or a date"),
        ({"kind": "range", "column": "a", "min": 0, "max": "2026-01-01"}, "both dates"),
        ({"kind": "range", "column": "a", "columns": ["b"], "min": 0}, "not both"),
        ({"kind": "rows", "column": "a", "min": 1}, "of the whole table and takes no column"),
        ({"kind": "rows", "min": -1}, "'min' must be a whole number from 0 up."),
        ({"kind": "rows", "min": 3, "max": 1}, "Nothing lies from 3 to 1."),
        ({"kind": "rows", "min": 1, "allowed": 1}, "nothing can be allowed"),
        ({"kind": "type", "column": "a"}, "A type rule needs 'type'."),
        ({"kind": "type", "column": "a", "type": "interger"}, "'type' must be one of integer."),
        ({"kind": "set", "column": "a", "values": []}, "'values' must be a list of values"),
        ({"kind": "set", "column": "a", "values": [1, "a"]}, "all of one kind"),
        ({"kind": "regex", "column": "a", "pattern": "("}, "is no regular expression"),
        ({"kind": "regex", "column": "a", "pattern": "(?=x)"}, "look-around"),
        ({"kind": "freshness", "column": "t", "at_most": "soon"}, "must be a length of time"),
        ({"kind": "foreign_key", "column": "a", "in": "b", "of": ["c", "d"]}, "as many columns"),
        ({"kind": "not_null", "column": "a", "allowed": "a lot"}, "a share such as"),
        ({"kind": "not_null", "columns": []}, "'columns' must be a list of names, each once."),
        ({"kind": "not_null", "column": 3}, "'column' must be a text"),
        ({"kind": "expression", "expression": "a +"}, "cannot be read at letter"),
        ({"kind": "expression", "expression": "1 = 1"}, "asks for no column"),
        ({"kind": "expression", "expression": "a = 1", "nulls": "maybe"}, "must be undecided or"),
        ("a > 0", "A rule is a table of keys and values."),
    ],
)
def test_what_is_wrong_with_a_rule_is_said(rule: Any, fault: str) -> None:
    """In one sentence, with what was likely meant."""
    (found,) = read([rule])
    assert fault in found.fault
    with pytest.raises(SettingsError):
        parse([rule])


def test_a_rule_of_no_known_kind_is_called_by_its_columns() -> None:
    """And by its name, where it has one."""
    rules = [{"kind": "rang", "column": "a"}, {"kind": "rang", "name": "n"}, {}]
    assert [one.name for one in read(rules)] == ["rule of a", "n", "rule"]
    assert words(read(rules)[0]) == "rule of a (cannot be read)"


def test_a_fault_has_the_line_of_its_key() -> None:
    """Rule and key are asked for."""
    asked = list[tuple[int, str]]()

    def line_of(number: int, key: str) -> int:
        asked.append((number, key))
        return 10 * number + 3

    rules = [{"kind": "rows", "min": 1}, {"kind": "rows", "minn": 1}]
    good, wrong = read(rules, line_of=line_of)
    assert (good.line, wrong.line) == (3, 13)
    assert (1, "minn") in asked


def test_a_rule_of_several_columns_is_one_of_each() -> None:
    """But where they are looked at together."""
    (first, second) = parse([{"kind": "not_null", "columns": ["a", "b"], "allowed": "1%"}])
    assert (first.columns, second.columns) == (("a",), ("b",))
    assert first.allowed.least(200) == 2
    (both,) = parse([{"kind": "unique", "columns": ["a", "b"]}])
    assert both.columns == ("a", "b")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('kind = "type"\ncolumn = "a"\ntype = ["integer", "float"]', "a is integer or float"),
        ('kind = "not_null"\ncolumn = "a"\nallowed = 3', "a is never missing, but for 3 rows"),
        ('kind = "unique"\ncolumns = ["a", "b"]', "a, b never repeats together"),
        ('kind = "range"\ncolumn = "a"\nmin = 0\nmax = 120', "a from 0 to 120"),
        ('kind = "range"\ncolumn = "a"\nabove = 0\nbelow = 1.5', "a above 0 and below 1.5"),
        ('kind = "range"\ncolumn = "a"\nmin = 2026-01-31', "a at least 2026-01-31"),
        (
            'kind = "range"\ncolumn = "a"\nmax = 18446744073709551615',
            "a at most 18446744073709551615",
        ),
        (
            'kind = "set"\ncolumn = "a"\nvalues = [9007199254740993]',
            "a is one of 9007199254740993",
        ),
        ('kind = "set"\ncolumn = "a"\nvalues = ["x", "y"]', "a is one of x, y"),
        ('kind = "set"\ncolumn = "a"\nvalues = [true]', "a is one of true"),
        ('kind = "regex"\ncolumn = "a"\npattern = "^x"', "a fits ^x"),
        ('kind = "rows"\nmin = 10\nwhere = "b > 1"', "at least 10 rows where b > 1"),
        ('kind = "freshness"\ncolumn = "t"\nat_most = "2d"', "newest t at most 2d old"),
        ('kind = "foreign_key"\ncolumn = "a"\nin = "b"\nof = "c"', "a is in b (c)"),
        ('kind = "expression"\nexpression = "a + b = c"', "a + b = c"),
        ('kind = "not_null"\ncolumn = "a\\u001b[2J"', "a␛[2J is never missing"),
    ],
)
def test_a_rule_is_said_in_words(text: str, said: str) -> None:
    """On one line that no terminal obeys."""
    (rule,) = parse([tomllib.loads(text)])
    assert words(rule) == said
