"""The run under the cursor at a glance, beside the table on a wide screen."""

from collections.abc import Mapping

from workbench import words
from workbench.catalogue.cards import RunRecord
from workbench.runfolder import Summary
from workbench.tui import present
from workbench.tui.cells import Cell, Line, cut, fit, width_of
from workbench.tui.run.overview import duration_of, known_lines

_LABEL = 12
_MOST_LABEL = 20


def overview_lines(record: RunRecord, now: float, width: int) -> tuple[Line, ...]:
    """Return the lines for a width: state, metrics, params, surroundings."""
    lines: list[Line] = [
        (Cell(cut(record.name, width), "bold"),),
        _state(record, now),
        *known_lines(record, width),
    ]
    if record.error:
        lines.append((Cell(cut(record.error[-1], width), "bad"),))
    lines += [(Cell(cut(line, width), "italic"),) for line in record.note.splitlines()[:3]]
    lines += _metrics(record)
    lines += _section("Params", {k: words.value(v) for k, v in record.params.items()}, width)
    lines += _section("Tags", dict(record.tags), width)
    lines += _section("Run", surroundings(record), width)
    return tuple(lines)


def surroundings(record: RunRecord) -> dict[str, str]:
    """Return where and how a run was made, by label."""
    commit = (record.commit or "")[:10]
    facts = {
        "id": record.run_id,
        "experiment": record.experiment,
        "group": record.group,
        "parent": record.parent,
        "user": record.user,
        "host": record.host,
        "command": record.command,
        "git": " ".join(part for part in (commit, record.branch, _dirty(record)) if part),
        "datasets": ", ".join(f"{item.name} ({item.role})" for item in record.datasets),
        "artifacts": f"{len(record.artifacts)}, {words.size(record.size)}"
        if record.artifacts
        else "",
        "folder": record.path,
    }
    return {label: str(value) for label, value in facts.items() if value}


def _state(record: RunRecord, now: float) -> Line:
    """Return how the run stands, how long ago it began and how long it took, as far as known."""
    lasted = duration_of(record, now)
    line = [present.status(record.status, inferred=record.inferred)]
    if record.started is not None:
        line.append(Cell(f"  {words.age(now - record.started)} ago", "dim"))
    if lasted is not None:
        line.append(Cell(f"  {words.duration(lasted)}", "dim"))
    return tuple(line)


def _dirty(record: RunRecord) -> str:
    return "" if record.dirty is None else ("uncommitted changes" if record.dirty else "clean")


def _metrics(record: RunRecord) -> list[Line]:
    own = {k: v for k, v in record.metrics.items() if not k.startswith("system/")}
    if not own:
        return []
    wide = min(_MOST_LABEL, max(width_of(name) for name in own))
    lines: list[Line] = [(), (Cell("Metrics", "accent"), Cell(f" {len(own)}", "faint"))]
    for name, summary in own.items():
        lines.append(
            (
                Cell(fit(name, wide), "dim"),
                Cell(f"  {words.number(summary.last, pad=True)}", "bold"),
                Cell(f"  {_range(summary)}", "faint"),
            )
        )
    return lines


def _range(summary: Summary) -> str:
    nans = f", {summary.nans} NaN" if summary.nans else ""
    if summary.count == 1:
        return nans.removeprefix(", ")
    return f"{words.number(summary.min)} … {words.number(summary.max)}{nans}"


def _section(title: str, values: Mapping[str, str], width: int) -> list[Line]:
    if not values:
        return []
    wide = min(_MOST_LABEL, max(_LABEL, *(width_of(name) for name in values)))
    lines: list[Line] = [(), (Cell(title, "accent"), Cell(f" {len(values)}", "faint"))]
    lines += [
        (Cell(fit(name, wide), "dim"), Cell(f"  {cut(value, max(4, width - wide - 2))}"))
        for name, value in values.items()
    ]
    return lines
