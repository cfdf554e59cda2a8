"""A lab note: what a saved view shows, as Markdown fit for a merge request or a wiki.

Tables, printed plots, ids and the commands that run each run again; nothing in it points
at this machine's screen, so it can be read next year.
"""

from collections.abc import Iterator, Sequence

from workbench.catalogue.cards import RunRecord, cards
from workbench.catalogue.places import numbers
from workbench.charts.printed import printed_curves
from workbench.errors import NotFoundError, WorkbenchError
from workbench.operations import compared_forms, listing, overlay, reproduce, runs_table, views
from workbench.operations.compare import Comparison, compare
from workbench.operations.compared_forms import markdown_text
from workbench.operations.compared_text import texts
from workbench.operations.many import KINDS, asked_of, picture
from workbench.operations.session import Session
from workbench.operations.views import SavedView, View
from workbench.operations.why import why
from workbench.operations.why_text import fenced, title, why_lines
from workbench.words import moment, plural, visible

_MOST_RUNS = 12
"""Runs of a view without marks; a note about more is read by nobody."""
_MOST_MEMBERS = 1000
"""Runs of a view whose groups are drawn as their means."""
_MOST_METRICS = 3
_TOLD_APART = 6
"""Last signs of an id in the name of a folder: two runs of a note are run side by side."""
_WIDE, _HIGH = 90, 20
_A_PAIR = 2


def report(session: Session, name: str) -> Iterator[str]:
    """Yield the lines of a note about a saved view.

    Raises:
        NotFoundError: There is no such view, or none of its runs is there.
    """
    saved = views.named(session, name)
    view = saved.view
    runs = runs_of(session, view)
    if not runs:
        raise NotFoundError(f"The view {name!r} shows no run that is still there.")
    records = cards(session.catalogue, runs)
    ids = [one.run_id for one in records]
    yield from _head(session, saved, records)
    if len(records) > 1:
        comparison = compare(session, ids, baseline=view.baseline, at=view.at)
        yield from _compared(comparison, view)
        yield from _plots(session, view, runs, comparison.metrics)
        if len(view.marks) == _A_PAIR and len(ids) == _A_PAIR:
            yield from _why(session, view, ids)
    else:
        yield from _plots(session, view, runs, tuple(records[0].metrics))
    yield from _again(session, runs)


def runs_of(session: Session, view: View) -> tuple[int, ...]:
    """Return the runs a note about a view is about: the marked ones, else the first it lists."""
    if view.marks:
        wanted = [*view.marks, *([view.baseline] if view.baseline else [])]
        there = numbers(session.catalogue, wanted)
        return tuple(dict.fromkeys(there[one] for one in wanted if one in there))
    return _listed(session, view, _MOST_RUNS)


def _listed(session: Session, view: View, limit: int) -> tuple[int, ...]:
    query = runs_table.RunQuery(
        filter=runs_table.read_filter(session, view.filter), sort=view.sort, archived=view.archived
    )
    return tuple(one.run for one in listing.listed(session, query, limit=limit))


def _head(session: Session, saved: SavedView, records: Sequence[RunRecord]) -> Iterator[str]:
    yield f"# {markdown_text(saved.name)}"
    yield ""
    said = f"{plural(len(records), 'run')} of {markdown_text(session.title)}"
    yield f"{said}, as of {moment(session.clock.now())}."
    yield f"The view was saved by {markdown_text(saved.actor)} on {moment(saved.time)}."
    if saved.view.filter:
        yield f"Filter: `{visible(saved.view.filter).replace('`', chr(39))}`"
    gone = len(saved.view.marks) - sum(one.run_id in saved.view.marks for one in records)
    if gone > 0:
        yield f"{plural(gone, 'marked run')} no longer there."
    yield ""


def _compared(comparison: Comparison, view: View) -> Iterator[str]:
    yield "## What differs"
    yield ""
    yield from compared_forms.markdown(comparison, texts(comparison, equal=view.equal))
    yield ""


def _plots(
    session: Session, view: View, runs: Sequence[int], metrics: Sequence[str]
) -> Iterator[str]:
    """Yield the charts of the view: its metric and the next ones, or its chart of many runs."""
    yield "## Charts"
    yield ""
    if view.plot in KINDS:
        yield from _fenced(_many(session, view))
        return
    first = [view.metric] if view.metric in metrics else []
    telling = runs_table.telling_first(session, metrics)
    for metric in list(dict.fromkeys([*first, *telling]))[:_MOST_METRICS]:
        yield from _fenced(_curves(session, view, runs, metric))


def _curves(session: Session, view: View, runs: Sequence[int], metric: str) -> str:
    baseline = numbers(session.catalogue, [view.baseline]).get(view.baseline)
    shown = overlay.of_view(view, baseline)
    if view.group:
        drawn = overlay.overlay(session, _members(session, view, runs), metric, shown)
    else:
        drawn = overlay.overlay(session, runs[: overlay.MOST], metric, shown)
    curves = drawn.curves[: overlay.MOST]
    return printed_curves(curves, width=_WIDE, height=_HIGH, look=drawn.look, color=False)


def _members(session: Session, view: View, runs: Sequence[int]) -> Sequence[int]:
    """Return the runs of the groups of a view: a mean is of all it lists, not of the first."""
    return runs if view.marks else _listed(session, view, _MOST_MEMBERS)


def _many(session: Session, view: View) -> str:
    from workbench.charts.figure_printed import printed_figure  # noqa: PLC0415 - plotext

    try:
        found = picture(session, asked_of(view))
    except WorkbenchError as error:
        return str(error)
    drawn = printed_figure(found.figure, width=_WIDE, height=_HIGH, color=False)
    about = f"Of {plural(found.total, 'archived run' if view.archived else 'run')}"
    about += f" that match: {view.filter}" if view.filter else "."
    return "\n".join((about, "", drawn, *found.said))


def _why(session: Session, view: View, ids: Sequence[str]) -> Iterator[str]:
    found = why(session, ids[0], ids[1], metric=view.metric)
    yield f"## {markdown_text(title(found))}"
    yield ""
    yield from _fenced("\n".join(line.text for line in why_lines(found)))


def _again(session: Session, runs: Sequence[int]) -> Iterator[str]:
    """Yield for each run its id and what runs it again."""
    yield "## Run again"
    yield ""
    for run in runs:
        plan = reproduce.plan(session, run, data=False)
        yield f"**{markdown_text(plan.record.name)}** `{visible(plan.record.run_id)}`"
        yield ""
        tree = f"again-{plan.record.run_id[-_TOLD_APART:]}"
        lines = [*reproduce.steps(plan, tree=tree, root=session.root.resolve())]
        if not plan.command:
            lines.append("# How it was started was not recorded.")
        yield from _fenced("\n".join(lines), "sh")


def _fenced(text: str, kind: str = "text") -> Iterator[str]:
    """Yield text as a block of code with an empty line behind it."""
    yield from fenced(text.splitlines(), kind)
    yield ""
