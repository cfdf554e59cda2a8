"""``show``: everything about one run, printed."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench import words
from workbench.cli import output
from workbench.cli.options import command, form_options, opened, workspace_option

if TYPE_CHECKING:
    from workbench.catalogue.cards import RunRecord
    from workbench.formats.contract import Dataset
    from workbench.operations.run_detail import RunDetail


@command("show")
@click.argument("run")
@workspace_option
@form_options("json")
def show_command(run: str, workspace: Path | None, form: str | None) -> None:
    """Show everything about a run.

    RUN is an id, a unique part of an id, or a unique name.
    """
    from workbench.operations.listing import as_fields  # noqa: PLC0415 - after parsing
    from workbench.operations.run_detail import detail  # noqa: PLC0415
    from workbench.operations.select import select  # noqa: PLC0415

    with opened(workspace) as session:
        found = detail(session, select(session, run).run)
    if form == "json":
        fields = as_fields(found.record)
        fields["folder"] = str(found.folder)
        fields["children"] = [child.run_id for child in found.children]
        fields["environment"] = dict(found.environment)
        output.line(output.as_json(fields, indent=1))
        return
    for part in (_head, _params, _metrics, _belongings, _troubles):
        output.lines(part(found))


def _head(found: "RunDetail") -> Iterable[str]:
    from workbench.operations.run_words import came_from  # noqa: PLC0415 - after parsing

    record = found.record
    yield output.strong(output.visible(record.name))
    status = record.status.lower() + (" (inferred)" if record.inferred else "")
    pairs: list[tuple[str, Any]] = [
        ("id", record.run_id),
        ("experiment", record.experiment),
        ("status", status + (", archived" if record.archived else "")),
        ("started", None if record.started is None else words.moment(record.started)),
        ("duration", None if record.duration is None else words.duration(record.duration)),
        ("group", record.group),
        ("parent", f"{found.parent.name} ({found.parent.run_id})" if found.parent else None),
        ("by", "@".join(filter(None, (record.user, record.host)))),
        ("command", record.command),
        ("git", _git(found)),
        ("format", record.format),
        ("folder", str(found.folder)),
        ("imported from", came_from(record)),
        *((f"tag {name}", text) for name, text in sorted(record.tags.items())),
    ]
    yield from _pairs(pairs)
    yield from (f"  {output.visible(line)}" for line in _known(record))
    for line in record.note.splitlines():
        yield f"  note: {output.visible(line)}"


def _known(record: "RunRecord") -> Iterable[str]:
    """Yield how far the run is known, in the words of the screens."""
    from workbench.operations.run_words import conclusion, limits  # noqa: PLC0415 - after parsing

    concluded = conclusion(record)
    yield from (f"~ {concluded}",) if concluded else ()
    yield from limits(record)


def _git(found: "RunDetail") -> str:
    record = found.record
    words = [record.commit, f"on {record.branch}" if record.branch else None]
    words.append("with uncommitted changes" if record.dirty else None)
    return " ".join(word for word in words if word)


def _params(found: "RunDetail") -> Iterable[str]:
    yield from _section("params", sorted(found.record.params.items()))


def _metrics(found: "RunDetail") -> Iterable[str]:
    metrics = found.record.metrics
    if not metrics:
        return
    yield from ("", output.strong("metrics"))
    some = any(one.nans for one in metrics.values())
    titles = ("", "last", "min", "max", "count", *(["NaN"] if some else []), "last step")
    headings = [output.Heading(title, "right" if title else "left") for title in titles]
    rows = [
        [
            f"  {name}", words.number(one.last), words.number(one.min),
            words.number(one.max), str(one.count), *([str(one.nans)] if some else []),
            words.value(one.last_step),
        ]
        for name, one in sorted(metrics.items())
    ]  # fmt: skip
    yield from output.aligned(output.Table(headings, rows))


def _belongings(found: "RunDetail") -> Iterable[str]:
    record = found.record
    files = [(one.path, words.size(one.size)) for one in record.artifacts]
    yield from _section("artifacts", files)
    datasets = [(one.name, _used(one, found)) for one in record.datasets]
    yield from _section("datasets", datasets)
    yield from _section("children", [(one.name, one.run_id) for one in found.children])


def _used(one: "Dataset", found: "RunDetail") -> str:
    """Return as what a run used a dataset, and which registered version it is."""
    refs = ", ".join(map(str, found.registered.get(one.hash or "", ())))
    return " ".join(filter(None, (refs, one.role, one.hash)))


def _troubles(found: "RunDetail") -> Iterable[str]:
    record = found.record
    if record.error:
        yield from ("", output.strong("error"))
        yield from (f"  {output.visible(line)}" for line in record.error)
    yield from _section("faults", [(one.path, one.reason) for one in record.faults])


def _section(title: str, pairs: Sequence[tuple[str, Any]]) -> Iterable[str]:
    if pairs:
        yield from ("", output.strong(title))
        yield from _pairs(pairs)


def _pairs(pairs: Sequence[tuple[str, Any]]) -> Iterable[str]:
    there = [(output.visible(name), one) for name, one in pairs if one not in (None, "")]
    widest = max((output.cells(name) for name, _ in there), default=0)
    for name, one in there:
        yield f"  {name}{' ' * (widest - output.cells(name))}  {words.value(one)}"
