"""Nothing on the compare screen is said by colour or brightness alone.

Whatever stands out has a letter, a sign or a word as well: the baseline, the best value,
better and worse, every curve, point, line and cell of a chart, the lines of a page.
"""

from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.building import run_id
from tests.screens.scenes import SETS
from tests.screens.showing import pinned
from workbench.charts.figure import Boxes, Dots, Figure, Note, Path
from workbench.charts.palette import DARK
from workbench.clock import FixedClock
from workbench.operations.compare import compare
from workbench.operations.many import KINDS, Asked, picture
from workbench.operations.session import Session, open_session
from workbench.operations.why import why, why_lines
from workbench.tui.compare.rows import lay_out, page_of
from workbench.tui.compare.state import Choices
from workbench.tui.widgets.table_values import Row

IDS = tuple(run_id(k) for k in range(8))
FAINT = {"", "dim", "faint", "plain", "bold", "title", "heading"}
"""Styles that only order what there is; what they say is in the text anyway."""


@pytest.fixture(scope="module", params=["seeds", "search"])
def session(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Session]:
    """Open the runs of a set."""
    folder = tmp_path_factory.mktemp("signs")
    root = SETS[request.param][0](folder / "team")
    with pinned(folder), open_session(root, clock=FixedClock(), in_memory=True) as opened:
        opened.sweep()
        yield opened


def table(session: Session, baseline: str) -> tuple[list[str], tuple[Row, ...]]:
    """Return the headings and all rows of eight runs side by side."""
    found = compare(session, IDS, baseline=baseline)
    shown = lay_out(found, Choices(equal=True, width=400), 1)
    return [column.title for column in shown.sheet.columns], page_of(shown, 0, 10_000).rows


@pytest.mark.parametrize("baseline", ["", IDS[2]])
def test_every_run_has_its_letter_and_the_baseline_its_word(
    session: Session, baseline: str
) -> None:
    """The column of a run begins with its letter, and one of them says that it is the base."""
    titles = table(session, baseline)[0][2:]
    assert [title[:2] for title in titles] == [f"{letter} " for letter in "abcdefgh"]
    assert sum("(base)" in title for title in titles) == bool(baseline)


@pytest.mark.parametrize("baseline", ["", IDS[2]])
def test_cells_that_read_alike_look_alike(session: Session, baseline: str) -> None:
    """In no row do two cells of the same text differ by their style: it would mean something."""
    rows = table(session, baseline)[1]
    assert len(rows) > 20
    for row in rows:
        styles = defaultdict(set)
        for cell in row.cells[1:]:
            styles[cell.text.strip()].add(cell.style)
        assert all(len(found) == 1 for found in styles.values()), row


def test_the_best_better_and_worse_have_signs(session: Session) -> None:
    """An arrow before the best; plus or minus, and in the row's name which way is good."""
    marked = [
        (row.cells[0].text.strip(), cell)
        for row in table(session, IDS[2])[1]
        for cell in row.cells[1:]
        if not set(cell.style.split()) <= FAINT
    ]
    assert {style for _, cell in marked for style in cell.style.split()} >= {"best", "good", "bad"}
    for name, cell in marked:
        assert name[-1] in "↑↓", name
        if "best" in cell.style:
            assert cell.text.strip().startswith(name[-1]), cell
        if {"good", "bad"} & set(cell.style.split()):
            better = ("+" in cell.text) == (name[-1] == "↑")
            assert ("+" in cell.text) != ("-" in cell.text), cell
            assert better == ("good" in cell.style), cell


def test_the_page_that_says_why_says_it_in_words(session: Session) -> None:
    """Green and red lines say better or worse, or begin with the sign of a diff."""
    lines = why_lines(why(session, IDS[0], IDS[1], metric="val/auc"))
    told = [line for line in lines if line.style in ("good", "bad")]
    assert told
    for line in told:
        word, sign = ("better", "+") if line.style == "good" else ("worse", "-")
        assert line.text.endswith(word) or line.text.strip().startswith(sign), line
    warned = [line.text.strip() for line in lines if line.style == "warn"]
    assert all(text.endswith(".") or "n=" in text for text in warned), warned


# ---------------------------------------------------------------- charts over many runs


@pytest.mark.parametrize("session", ["search"], indirect=True)
@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"importance"}))
def test_marks_in_a_chart_have_signs_of_their_own(session: Session, kind: str) -> None:
    """What differs in colour differs in sign; bright lines end in a letter; cells have levels."""
    figure = picture(session, Asked(kind, marks=IDS[:3]), DARK).figure
    assert not figure.empty
    _points_differ(figure)
    _lines_have_letters(figure)
    _cells_have_levels(figure)


@pytest.mark.parametrize("session", ["search"], indirect=True)
def test_every_bar_of_importance_says_its_value_and_spread(session: Session) -> None:
    """What the line at the end of a bar means is written beside it."""
    figure = picture(session, Asked("importance"), DARK).figure
    said = [note.text for note in figure.layers if isinstance(note, Note)]
    assert len(said) == 3
    assert all("±" in text for text in said)


def _points_differ(figure: Figure) -> None:
    by_color = {(dots.color, dots.sign) for dots in figure.layers if isinstance(dots, Dots)}
    signs = [sign for _, sign in by_color]
    assert len(signs) == len(set(signs)), by_color


def _lines_have_letters(figure: Figure) -> None:
    bright = {way.color for way in figure.layers if isinstance(way, Path) and way.bright}
    named = {note.color for note in figure.layers if isinstance(note, Note)}
    named |= {entry.color for entry in figure.entries if entry.letter}
    assert bright <= named
    letters = [entry.letter for entry in figure.entries if entry.letter]
    assert len(letters) == len(set(letters)), letters


def _cells_have_levels(figure: Figure) -> None:
    for boxes in figure.layers:
        if isinstance(boxes, Boxes) and len(set(boxes.colors)) > 1:
            assert boxes.texts or boxes.levels, figure.title
