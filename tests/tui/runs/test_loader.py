"""What the runs screen fetches: views, pages, counts and completions."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.building import points, write_run, write_workspace
from workbench.clock import FixedClock
from workbench.errors import FilterError
from workbench.operations import runs_table
from workbench.operations.runs_table import Column, Sort
from workbench.operations.session import Session, open_session
from workbench.operations.views import View
from workbench.tui.runs.filtering import counted
from workbench.tui.runs.loader import Loaded, Wanted, count, fetch, load, sorted_by
from workbench.tui.runs.rows import key_of
from workbench.tui.runs.state import marks_of, toggled
from workbench.tui.tagging import read_tags
from workbench.tui.widgets.filter_box import Answer
from workbench.tui.widgets.table_values import PAGE_ROWS, SortKey

NAME, LR = Column("attribute", "name"), Column("param", "lr")


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Five runs; what differs is the param, the name and the loss."""
    root = write_workspace(tmp_path_factory.mktemp("loader") / "w")
    for number in range(5):
        write_run(root, number=number, name=f"run-{number}", params={"lr": number, "same": 1},
                  metrics=points(number + 1, "loss", "system/cpu"))  # fmt: skip
    with open_session(root, clock=FixedClock(), in_memory=True) as made:
        made.sweep()
        yield made


def loaded(session: Session, view: View, *, cursor: int | None = None) -> Loaded:
    """Return a view that is ready to be shown."""
    return load(session, Wanted(3, view, frozenset(), cursor, (0, 20)))


def names(found: Loaded) -> list[str]:
    """Return the names on the loaded pages."""
    place = found.columns.index(NAME)
    return [row.cells[place].text for page in found.pages for row in page.rows]


def test_a_view_is_loaded_with_what_its_screen_needs(session: Session) -> None:
    """Rows, header, facts and the generation it was asked for."""
    found = loaded(session, View(sort=(Sort(LR, descending=True),), pinned=1))
    assert names(found) == [f"run-{number}" for number in (4, 3, 2, 1, 0)]
    assert (found.table.rows, found.sheet.generation, found.pages[0].generation) == (5, 3, 3)
    assert found.sheet.sort == (SortKey(key_of(LR), descending=True),)
    assert [column.pinned for column in found.sheet.columns][:2] == [True, False]
    assert (found.context.now, found.context.goals) == (session.clock.now(), {"loss": "min"})


def test_without_a_choice_the_columns_are_those_that_tell_runs_apart(session: Session) -> None:
    """Params of one value are folded away and counted; the machine's metrics are not offered."""
    found = loaded(session, View())
    assert LR in found.columns
    assert Column("metric", "loss") in found.columns
    assert not any(column.name.startswith("system/") for column in found.columns)
    assert Column("param", "same") not in found.columns
    assert found.folded == 1
    chosen = loaded(session, View(columns=(NAME, LR)))
    assert (chosen.columns, chosen.folded) == ((NAME, LR), 0)


def test_the_cursor_s_run_is_found_again(session: Session) -> None:
    """Wherever another order put it, or nowhere if it is filtered away."""
    run = runs_table.runs_in(session, loaded(session, View(sort=(Sort(LR),))).table)[1]
    assert loaded(session, View(sort=(Sort(LR),)), cursor=run).position == 1
    assert loaded(session, View(sort=(Sort(LR, descending=True),)), cursor=run).position == 3
    assert loaded(session, View(filter="lr > 1"), cursor=run).position is None


def test_a_baseline_and_marks_are_of_runs_that_are_there(session: Session) -> None:
    """A run that is gone is no baseline and has no mark."""
    ids = [row.run_id for row in runs_table.page(session, loaded(session, View()).table, 0, 2)]
    found = loaded(session, View(baseline=ids[0], marks=(ids[1], "gone")))
    assert set(found.marks) == set(ids)
    assert found.context.baseline_run == found.marks[ids[0]]
    assert found.context.baseline
    assert loaded(session, View(baseline="gone")).context.baseline == {}
    assert [mark.run_id for mark in marks_of(View(marks=("gone", ids[1])), found.marks)] == [ids[1]]


def test_pages_are_fetched_by_their_first_line(session: Session, tmp_path: Path) -> None:
    """The second page begins where the first ends, and the last one is short."""
    root = write_workspace(tmp_path)
    for number in range(PAGE_ROWS + 3):
        write_run(root, number=number, name=str(number), metrics=())
    with open_session(root, clock=FixedClock(), in_memory=True) as many:
        many.sweep()
        found = load(many, Wanted(1, View(columns=(NAME,)), frozenset(), None, (0, 20)))
        assert [(page.start, len(page.rows)) for page in found.pages] == [(0, PAGE_ROWS)]
        last = fetch(many, found.table, PAGE_ROWS, 1, found.context)
        assert [row.cells[0].text for row in last.rows] == ["2", "1", "0"]
        low = load(
            many, Wanted(1, View(columns=(NAME,)), frozenset(), 1, (PAGE_ROWS, PAGE_ROWS + 3))
        )
        assert low.position is not None
    assert loaded(session, View(filter="lr > 99")).pages == ()


def test_a_filter_that_cannot_be_answered_leaves_all_runs_and_says_why(session: Session) -> None:
    """Also where only DuckDB knows that an expression is none."""
    everything = loaded(session, View())
    for text in ("lr >", "nosuchname = 1", "name ~ 'a{2000}'"):
        found = loaded(session, View(filter=text))
        assert found.refused
        assert found.table.rows == everything.table.rows
        matching, error = count(session, text, archived=False)
        assert (matching, type(error)) == (None, FilterError)
    assert count(session, "lr > 2", archived=False) == (2, None)
    assert count(session, "name = '\udcff'", archived=False) == (0, None)


def test_times_count_from_the_session_s_clock(session: Session) -> None:
    """Two days ago is two days before the clock's now, in the count and in the table."""
    clock = session.clock
    assert isinstance(clock, FixedClock)
    for now, matching in [(clock.now() + 86_400, 5), (clock.now() + 3 * 86_400, 0)]:
        session.clock = FixedClock(now)
        assert count(session, "started > -2d", archived=False) == (matching, None)
        assert loaded(session, View(filter="started > -2d")).table.matching == matching
    session.clock = clock


def test_a_click_on_a_header_is_an_order() -> None:
    """Keys of columns that are not shown any more say nothing."""
    keys = (SortKey(key_of(LR), descending=True), SortKey("metric:gone:last", descending=False))
    assert sorted_by(View(filter="x"), keys, (NAME, LR)) == View(
        filter="x", sort=(Sort(LR, descending=True),)
    )
    assert sorted_by(View(sort=(Sort(LR),)), (), (NAME, LR)).sort == ()


def test_marking_twice_is_not_marking() -> None:
    """Marks keep the order in which they were made."""
    view = View()
    for run_id in ("b", "a", "c", "a"):
        view = toggled(view, run_id)
    assert view.marks == ("b", "c")
    assert replace(view, marks=()) == View()
    found = marks_of(view, {"c": 3, "b": 2})
    assert [(mark.run_id, mark.run) for mark in found] == [("b", 2), ("c", 3)]
    assert len({mark.letter for mark in found}) == 2


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("team=risk", {"tags.team": "risk"}),
        (" team = risk , -old ", {"tags.team": "risk", "tags.old": None}),
        ("a=b=c", {"tags.a": "b=c"}), ("a=", {"tags.a": ""}), ("-a=1", {"tags.-a": "1"}),
        ("", {}), (" , ", {}), ("a=1,a=2", {"tags.a": "2"}),
    ],
)  # fmt: skip
def test_tags_are_read_as_they_are_typed(text: str, changes: dict[str, str | None]) -> None:
    """Set, taken away, several at once; a value may hold anything but a comma."""
    assert read_tags(text) == changes


@pytest.mark.parametrize("text", ["team", "=x", "a=1, b", "-", " - "])
def test_what_is_no_tag_is_told_in_a_sentence(text: str) -> None:
    """The sentence says how to write it."""
    found = read_tags(text)
    assert isinstance(found, str)
    assert "name=value" in found


def typed(session: Session, text: str) -> Answer:
    """Return what is known of a filter when its last letter was typed."""
    answer = counted(session, text, len(text), 5, archived=False).error
    assert isinstance(answer, Answer)
    return answer


def test_a_filter_being_typed_is_counted_and_completed(session: Session) -> None:
    """A count where it can be read, the place of the error where not."""
    done = typed(session, "lr > 2")
    assert (done.matching, done.error, done.total) == (2, "", 5)
    half = typed(session, "metrics.lo")
    assert "metrics.loss" in [offer.text for offer in half.completions]
    assert half.error == ""
    wrong = typed(session, "lr > 2 AND )")
    assert wrong.matching is None
    assert wrong.error
    assert wrong.column == 11
    values = typed(session, "name = run")
    assert {"run-0", "run-4"} <= {offer.text for offer in values.completions}
    assert typed(session, "").matching == 5
