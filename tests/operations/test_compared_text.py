"""A comparison as text: cells, deltas, the best, and the forms for other programs."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import UsageError
from workbench.operations.compare import Compared, Comparison
from workbench.operations.compared_forms import fields, markdown, markdown_text, rows, tex, tex_text
from workbench.operations.compared_text import best, cells, folded, picked, texts, titled, whole
from workbench.runs.comparing import MISSING, Fact, key


def fact(*values: object, section: str = "params", name: str = "lr", goal: str = "") -> Fact:
    """Return a fact with these values."""
    return Fact(section, name, values, goal)


def comparison(*facts: Fact, baseline: int | None = None, at: float | None = None) -> Comparison:
    """Return a comparison of as many runs as the facts have values."""
    runs = tuple(
        Compared(n, f"id{n}", f"run_{n}", f"lr={n}", "abcdef"[n], "FINISHED", False, "")
        for n in range(len(facts[0].values))
    )
    return Comparison(runs, facts, baseline=baseline, said=("No *git*.",), at=at)


@pytest.mark.parametrize(
    ("given_fact", "shown"),
    [
        (fact(0.1, 1, "adam", True, MISSING), ("0.1", "1", "adam", "true", "—")),
        (fact(0.94123, 0.94124, section="metrics"), ("0.94123", "0.94124")),
        (fact(0.5, math.nan, math.inf, section="metrics"), ("0.5", "NaN", "∞")),
        (fact(0.1, "0.1"), ("0.1", '"0.1"')),
        (fact(None, MISSING), ("null", "—")),
        (fact(61.0, 3700.0, section="run", name="duration"), ("1m 01s", "1h 01m")),
        (fact(61.2, 61.4, section="run", name="duration"), ("61.2s", "61.4s")),
        (fact(512, 4096, section="code", name="changes"), ("512 B", "4.1 kB")),
        (fact(100_000, "many", section="datasets", name="a/rows"), ("100,000", "many")),
        (fact(10**400, 1), ("1.000000e+400", "1")),
        (
            fact(10**5000, 10**5000 + 10**4990),
            ("1.000000000000000000000000000000e+5000", "1.000000000100000000000000000000e+5000"),
        ),
        (fact("a\x1b[31m", "b"), ("a␛[31m", "b")),
    ],
)
def test_values_have_their_words(given_fact: Fact, shown: tuple[str, ...]) -> None:
    """Numbers, sizes and times are said as everywhere, with the digits that tell them apart."""
    assert cells(given_fact) == shown


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)


@given(st.lists(scalars | st.just(MISSING), min_size=1, max_size=6), st.sampled_from(
    [("metrics", "loss"), ("params", "lr"), ("run", "started"), ("run", "duration")]
))  # fmt: skip
def test_what_differs_reads_differently(values: list[object], where: tuple[str, str]) -> None:
    """Two values have one text exactly if they are the same; what is invisible aside."""
    shown = cells(Fact(*where, tuple(values)))
    printable = [n for n, one in enumerate(values) if not isinstance(one, str) or one.isprintable()]
    for n in printable:
        for m in printable:
            assert (shown[n] == shown[m]) == (key(values[n]) == key(values[m]))


def test_the_best_needs_a_direction_and_something_worse() -> None:
    """NaN, infinities and missing values never win, and equals win together."""
    values = (0.5, 0.3, math.nan, MISSING, 0.3, -math.inf)
    assert best(fact(*values, section="metrics", goal="min")) == {1, 4}
    assert best(fact(*values, section="metrics", goal="max")) == {0}
    assert best(fact(*values, section="metrics")) == frozenset()
    assert best(fact(0.5, 0.5, section="metrics", goal="min")) == frozenset()


def test_the_table_shows_differences_and_counts_the_rest() -> None:
    """Sections without a difference go; what is equal is counted by section."""
    found = comparison(
        fact(1, 2), fact(3, 3, name="depth"), fact("x", "x", section="tags", name="team"),
        fact(0.5, 0.25, section="metrics", name="loss", goal="min"), baseline=0, at=1000.0,
    )  # fmt: skip
    table = texts(found, equal=False)
    assert [(row.depth, row.label, row.cells) for row in table.rows] == [
        (0, "params", ()),
        (1, "lr", ("1", "2")),
        (0, "metrics at step 1,000", ()),
        (1, "loss ↓", ("0.5", "0.25")),
    ]
    assert table.rows[-1].deltas == ("", "-0.25 better")
    assert table.headings == ("a lr=0 (baseline)", "b lr=1")
    assert folded(table) == "2 equal rows (params 1, tags 1)"
    assert folded(texts(found, equal=True)) == ""
    assert not texts(comparison(fact(1, 1)), equal=False).rows


def test_of_three_runs_it_is_said_how_many_are_alike() -> None:
    """k/n counts the commonest value; of two runs a difference says it already."""
    assert texts(comparison(fact(1, 1, 2)), equal=False).rows[1].alike == "2/3"
    assert texts(comparison(fact(1, 2)), equal=False).rows[1].alike == ""


def test_columns_are_names_sections_or_patterns() -> None:
    """What is named is shown even if it is equal, and what fits nothing is an error."""
    found = comparison(fact(1, 1), fact(2, 3, name="opt.beta"), fact(4, 4, section="tags"))
    assert [one.name for one in picked(found.facts, ["opt.*"])] == ["opt.beta"]
    assert [one.section for one in picked(found.facts, ["tags.lr"])] == ["tags"]
    assert len(picked(found.facts, ["params"])) == 2
    assert [row.cells for row in texts(found, equal=False, columns=("params.lr",)).rows] == [
        (), ("1", "1")
    ]  # fmt: skip
    with pytest.raises(UsageError, match="beta2"):
        texts(found, equal=False, columns=("beta2",))


def test_markdown_shows_text_as_it_is() -> None:
    """Names cannot be markup; the best is bold and the delta beside it."""
    found = comparison(
        fact("a|b", "*x*"), fact(2.0, 1.0, section="metrics", name="l_1", goal="min"), baseline=0
    )
    text = "\n".join(markdown(found, texts(found, equal=False)))
    assert "| lr | a\\|b | \\*x\\* |" in text
    assert "| l_1 ↓ | 2 | **1** (-1 better) |" in text
    assert "- **a** run_0 (`id0`, finished)" in text
    assert "- No \\*git\\*." in text
    assert markdown_text("_a_b_ <img> 1. x") == "\\_a_b\\_ \\<img\\> 1. x"
    assert markdown_text("1. x") == "1\\. x"
    assert markdown_text("- x") == "\\- x"


def test_latex_is_escaped_and_set_by_booktabs() -> None:
    """Everything LaTeX would read is written out; a minus is one."""
    found = comparison(
        fact("50%_a", "\\end{x}"),
        fact(-2.0, -1.0, 0.0, section="metrics", name="l", goal="max")._replace(
            values=(-2.0, -1.0)
        ),
        baseline=0,
    )
    lines = list(tex(found, texts(found, equal=False)))
    assert lines[2:4] == ["\\begin{tabular}{lrr}", "\\toprule"]
    assert "lr & 50\\%\\_a & \\textbackslash{}end\\{x\\} \\\\" in lines
    assert "l $\\uparrow$ & $-$2 & \\textbf{$-$1} (+1) \\\\" in lines
    assert lines[-2:] == ["\\bottomrule", "\\end{tabular}"]
    assert tex_text("ä—~^🙂") == "ä---\\textasciitilde{}\\textasciicircum{} "


def test_programs_get_raw_values() -> None:
    """JSON names runs by id and leaves out what is missing; CSV has an empty cell there."""
    found = comparison(
        fact(0.1, MISSING, name="lr"), fact(1, 1, name="depth"),
        fact(0.5, math.nan, section="metrics", name="loss", goal="min"), baseline=0,
    )  # fmt: skip
    told = fields(found)
    assert told["baseline"] == "id0"
    assert told["facts"][0] == {
        "section": "params", "name": "lr", "goal": None, "differs": True, "values": {"id0": 0.1},
    }  # fmt: skip
    assert told["facts"][2]["deltas"]["id1"]["verdict"] == "unknown"
    assert json.dumps(told["runs"][1]["label"]) == '"lr=1"'
    table = list(rows(found, texts(found, equal=False)))
    assert table[0] == ("section", "name", "id0", "id1")
    assert table[2] == ("run", "name", "run_0", "run_1")
    assert table[4] == ("params", "lr", 0.1, None)


def test_a_commit_is_as_long_as_it_takes_to_find_it() -> None:
    """Twelve signs of a whole id; all of it where twelve do not tell two apart."""
    a, b = "9f3c1d2e4b5a" + "0" * 28, "1" * 40
    assert cells(Fact("code", "commit", (a, b, "9f3c"))) == ("9f3c1d2e4b5a", "1" * 12, "9f3c")
    assert whole(Fact("code", "commit", (a, b)), 0) == a
    alike = a[:-1] + "1"
    assert cells(Fact("code", "commit", (a, alike))) == (a, alike)


def test_a_name_does_not_hold_another_unit_than_its_value() -> None:
    """Memory is said in gigabytes and called memory; a param of the same name keeps it."""
    assert titled(Fact("environment", "memory_mb", (1, 2)), "memory_mb") == "memory"
    assert titled(Fact("params", "memory_mb", (1, 2)), "memory_mb") == "memory_mb"
