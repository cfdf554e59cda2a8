"""The first thing seen of a run: how it stands, when, who, where, and what went wrong."""

from workbench import words
from workbench.catalogue.cards import RunRecord
from workbench.operations.run_words import came_from, conclusion, limits
from workbench.tui import present
from workbench.tui.cells import Cell, Line, cut
from workbench.tui.paragraphs import bullets, heading, labelled
from workbench.tui.run.loader import Opened

_MOST_METRICS = 12
"""The others are a key away."""


def overview_lines(opened: Opened, width: int, *, alone: bool = False) -> list[Line]:
    """Return the lines for a width; with ``alone`` no list of the metrics stands beside them."""
    record, now = opened.detail.record, opened.now
    lines: list[Line] = [(Cell(cut(record.name, width), "bold"),), _state(record, now)]
    lines += known_lines(record, width)
    lines += _trouble(record, width)
    if record.note:
        lines += [*heading("Note"), *bullets(record.note.splitlines(), "italic", width)]
    lines += [(), *labelled(_facts(opened), width)]
    lines += _last_values(record, width) if alone else []
    if record.tags:
        lines += [*heading("Tags", len(record.tags)), *labelled(record.tags, width)]
    if record.datasets:
        lines += [*heading("Datasets", len(record.datasets)), *labelled(_datasets(opened), width)]
    return lines


def _last_values(record: RunRecord, width: int) -> list[Line]:
    """Return the last value of the first metrics of the run."""
    own = [name for name in record.metrics if not name.startswith("system/")]
    if not own:
        return []
    said = {name: words.number(record.metrics[name].last, pad=True) for name in own[:_MOST_METRICS]}
    return [*heading("Metrics", len(own)), *labelled(said, width)]


def duration_of(record: RunRecord, now: float) -> float | None:
    """Return how long a run took, or has been going on, in seconds."""
    if record.started is not None and record.ended is None and record.status == "RUNNING":
        return max(0.0, now - record.started)
    return record.duration


def environment_facts(opened: Opened) -> dict[str, str]:
    """Return what the run ran on, by label."""
    found = opened.detail.environment
    memory = found.get("memory_mb")
    gpus = found.get("gpus")
    facts = {
        "python": " ".join(
            str(found[name]) for name in ("implementation", "python") if found.get(name)
        ),
        "platform": found.get("platform"),
        "machine": found.get("machine"),
        "cpus": found.get("cpus"),
        "memory": words.size(memory * 1_048_576) if isinstance(memory, int) else None,
        "gpus": ", ".join(map(str, gpus)) if isinstance(gpus, list) else gpus,
        "host": opened.detail.record.host,
        "user": opened.detail.record.user,
    }
    return {label: words.value(value) for label, value in facts.items() if value}


def packages_of(opened: Opened) -> dict[str, str]:
    """Return the version of every package, by name."""
    found = opened.detail.environment.get("packages")
    if not isinstance(found, dict):
        return {}
    return {str(name): str(version) for name, version in found.items()}


def git_facts(opened: Opened) -> dict[str, str]:
    """Return what git said, by label."""
    record = opened.detail.record
    if not (record.commit or record.branch or opened.detail.diff):
        return {}
    cut_short = "; the diff is cut" if record.facts.get("diff_cut") else ""
    state = {
        None: "not recorded whether there were uncommitted changes",
        True: f"uncommitted changes{cut_short}",
        False: "clean: nothing uncommitted",
    }[record.dirty]
    facts = {
        "commit": record.commit,
        "branch": record.branch or "none (detached)",
        "remote": str(record.facts.get("remote") or ""),
        "state": state,
    }
    return {label: value for label, value in facts.items() if value}


def _state(record: RunRecord, now: float) -> Line:
    since = None if record.started is None else now - record.started
    lasted = duration_of(record, now)
    line = [present.status(record.status, inferred=record.inferred)]
    if lasted is not None:
        line.append(Cell(f"  {words.duration(lasted)}", ""))
    if since is not None:
        line.append(Cell(f"  began {words.age(since)} ago", "dim"))
    if record.archived:
        line.append(Cell("  archived", "warn"))
    return tuple(line)


def known_lines(record: RunRecord, width: int) -> list[Line]:
    """Return how far the run is known: from what its state was concluded, and what is missing."""
    concluded = conclusion(record)
    said = [f"~ {concluded}"] if concluded else []
    return bullets([*said, *limits(record)], "dim", width)


def _trouble(record: RunRecord, width: int) -> list[Line]:
    lines: list[Line] = []
    if record.error:
        # The carets that point below a line of code point elsewhere once it is folded.
        error = [line for line in record.error if line.strip(" ^~")]
        lines += [*heading("Error"), *bullets(error, "bad", width)]
    if record.contested:
        names = ", ".join(record.contested)
        said = f"≠ two people changed {names} without knowing of each other; the later is shown"
        lines += [(), *bullets([said], "warn", width)]
    if record.faults:
        said = f"! {words.plural(len(record.faults), 'thing')} here could not be read: see Faults"
        lines += [(), *bullets([said], "warn", width)]
    return lines


def _facts(opened: Opened) -> dict[str, str]:
    record = opened.detail.record
    parent = opened.detail.parent
    facts = {
        "format": None if record.format == "native" else record.format,
        "id": record.run_id,
        "experiment": record.experiment,
        "group": record.group,
        "parent": parent.name if parent else record.parent,
        "started": words.moment(record.started) if record.started else None,
        "ended": words.moment(record.ended) if record.ended else None,
        "user": record.user,
        "host": record.host,
        "command": record.command,
        "folder": str(opened.detail.folder),
        "imported from": came_from(record),
    }
    return {label: value for label, value in facts.items() if value}


def _datasets(opened: Opened) -> dict[str, str]:
    registered = opened.detail.registered
    return {
        f"{item.name}": ", ".join(
            part
            for part in (
                ", ".join(map(str, registered.get(item.hash or "", ()))),
                item.role,
                "" if item.rows is None else words.plural(item.rows, "row"),
                "" if not item.columns else words.plural(len(item.columns), "column"),
                f"hash {item.hash.removeprefix('sha256:')[:12]}" if item.hash else "",
                item.path or "",
            )
            if part
        )
        for item in opened.detail.record.datasets
    }
