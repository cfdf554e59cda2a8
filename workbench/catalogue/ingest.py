"""Cards in, rows out: the only way anything gets into the catalogue.

Taking a run in twice changes nothing: its rows are replaced in one transaction.
Rows go through DuckDB's appender, which took 2.3 million rows a second where
frames need a library that is loaded nowhere else.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import msgspec

from workbench.catalogue.connection import Catalogue
from workbench.filters.quoting import reads_as_number
from workbench.formats.contract import Fault, RunCard, RunRef
from workbench.runfolder import Summary

_ENCODE = msgspec.json.Encoder(order=None).encode
_LARGEST = 10**300
"""Above this a whole number is text: no float can stand for it."""
_MOST = 2**63 - 1
"""The largest whole number a column holds."""
_COLUMNS = ("host", "user", "command", "commit", "branch", "dirty", "deleted")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A run as it is to be stored."""

    source: int
    ref: RunRef
    card: RunCard
    progress: bytes
    archived: bool = False
    contested: Sequence[str] = ()
    """Fields two people changed without knowing of each other."""
    recipe: str = ""
    """Equal for runs that are equal in all but the seed."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalogue remembers of a run, to tell whether it must be read again."""

    run: int
    stamp: int
    live: bool
    run_id: str
    progress: bytes = b""


def set_sources(
    catalogue: Catalogue, sources: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """Return the number of each (format, root), new ones added; forget runs of the others."""
    cursor = catalogue.cursor()
    cursor.execute("BEGIN")
    rows = cursor.execute("SELECT format, root, source FROM sources").fetchall()
    known = {(form, root): number for form, root, number in rows}
    for pair in sources:
        if pair not in known:
            known[pair] = max(known.values(), default=-1) + 1
            cursor.execute("INSERT INTO sources VALUES (?, ?, ?)", [known[pair], *pair])
    for gone in set(known) - set(sources):
        number = known.pop(gone)
        runs = cursor.execute("SELECT run FROM runs WHERE source = ?", [number]).fetchall()
        _forget(cursor, [run for (run,) in runs])
        cursor.execute("DELETE FROM faults WHERE source = ?", [number])
        cursor.execute("DELETE FROM sources WHERE source = ?", [number])
    cursor.execute("COMMIT")
    return known


def known_sources(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Return (format, root) of every source there is, in the order they were met."""
    rows = catalogue.cursor().execute("SELECT format, root FROM sources ORDER BY source").fetchall()
    return [(form, root) for form, root in rows]


def run_counts(catalogue: Catalogue) -> dict[tuple[str, str], int]:
    """Return how many runs each (format, root) has."""
    rows = catalogue.cursor().execute(
        "SELECT s.format, s.root, count(*) FROM sources s JOIN runs r USING (source) GROUP BY 1, 2"
    )
    return {(form, root): number for form, root, number in rows.fetchall()}


def known_runs(catalogue: Catalogue, source: int) -> dict[str, Known]:
    """Return what is remembered of the runs of one source, by key."""
    rows = (
        catalogue.cursor()
        .execute(
            "SELECT key, run, stamp, live, run_id, progress FROM runs WHERE source = ?", [source]
        )
        .fetchall()
    )
    return {
        key: Known(run, stamp, live, run_id, bytes(progress or b""))
        for key, run, stamp, live, run_id, progress in rows
    }


def store(
    catalogue: Catalogue, arrivals: Sequence[Arrival], known: Mapping[str, Known], arrived: int
) -> dict[str, Known]:
    """Put runs in, replacing what was there of them; return what is now known of each key.

    Args:
        catalogue: Where to.
        arrivals: Runs of one source.
        known: What was known of that source before.
        arrived: The number of this sweep; later is larger.
    """
    cursor = catalogue.cursor()
    cursor.execute("BEGIN")
    try:
        _forget(cursor, [known[a.ref.key].run for a in arrivals if a.ref.key in known])
        numbers = _numbers(cursor, sum(a.ref.key not in known for a in arrivals))
        after = {}
        tables: dict[str, list[tuple[Any, ...]]] = {
            name: [] for name in ("runs", "params", "metrics", "tags", "datasets", "faults")
        }
        for arrival in arrivals:
            key = arrival.ref.key
            run = known[key].run if key in known else next(numbers)
            _rows(tables, run, arrival, arrived)
            after[key] = Known(
                run, arrival.ref.stamp, arrival.ref.live, arrival.card.run_id, arrival.progress
            )
        for name, rows in tables.items():
            if rows:
                with cursor.appender(name) as appender:
                    appender.append_rows(rows)
        cursor.execute("COMMIT")
    except BaseException:
        cursor.execute("ROLLBACK")
        raise
    return after


def forget(catalogue: Catalogue, runs: Sequence[int]) -> None:
    """Take runs out that are no longer in their folder."""
    cursor = catalogue.cursor()
    cursor.execute("BEGIN")
    _forget(cursor, runs)
    cursor.execute("COMMIT")


def set_faults(catalogue: Catalogue, source: int, faults: Sequence[Fault]) -> None:
    """Replace the faults of a source that belong to no run."""
    cursor = catalogue.cursor()
    cursor.execute("BEGIN")
    cursor.execute("DELETE FROM faults WHERE source = ? AND run IS NULL", [source])
    for fault in faults:
        cursor.execute(
            "INSERT INTO faults VALUES (?, NULL, ?, ?, ?)",
            [source, _storable(fault.path), _storable(fault.reason), _whole(fault.line)],
        )
    cursor.execute("COMMIT")


def set_goals(catalogue: Catalogue, goals: Mapping[str, tuple[str, str]]) -> None:
    """Replace the direction of every metric: name to (``min`` or ``max``, who said so)."""
    cursor = catalogue.cursor()
    cursor.execute("BEGIN")
    cursor.execute("DELETE FROM goals")
    with cursor.appender("goals") as appender:
        appender.append_rows([(name, goal, origin) for name, (goal, origin) in goals.items()])
    cursor.execute("COMMIT")


def said_goals(catalogue: Catalogue) -> dict[str, str]:
    """Return the directions scripts declared; the newest run's word counts."""
    rows = (
        catalogue.cursor()
        .execute("SELECT rules FROM runs WHERE rules <> '{}' ORDER BY started NULLS FIRST, run")
        .fetchall()
    )
    goals: dict[str, str] = {}
    for (text,) in rows:
        goals.update({name: goal for name, (goal, *_) in json.loads(text).items() if goal})
    return goals


def same_seeds(catalogue: Catalogue, seeds: Sequence[str]) -> bool:
    """Say whether the runs were stored with these params as seeds; remember them if not."""
    cursor = catalogue.cursor()
    wanted = json.dumps(sorted(seeds))
    found = cursor.execute("SELECT value FROM remembered WHERE name = 'seeds'").fetchone()
    if found and found[0] == wanted:
        return True
    cursor.execute("INSERT OR REPLACE INTO remembered VALUES ('seeds', ?)", [wanted])
    return False


def metric_names(catalogue: Catalogue) -> tuple[str, ...]:
    """Return the name of every metric any run has."""
    rows = catalogue.cursor().execute("SELECT DISTINCT name FROM metrics").fetchall()
    return tuple(name for (name,) in rows)


def clear(catalogue: Catalogue) -> None:
    """Forget everything; the next sweep reads it all again."""
    cursor = catalogue.cursor()
    cursor.execute("BEGIN")
    for table in ("runs", "params", "metrics", "tags", "datasets", "faults", "sources", "goals"):
        cursor.execute(f"DELETE FROM {table}")
    cursor.execute("COMMIT")


def _forget(cursor: duckdb.DuckDBPyConnection, runs: Sequence[int]) -> None:
    if not runs:
        return
    for table in ("runs", "params", "metrics", "tags", "datasets", "faults"):
        cursor.execute(
            f"DELETE FROM {table} WHERE run IN (SELECT unnest(?::INTEGER[]))",
            [list(runs)],
        )


def _numbers(cursor: duckdb.DuckDBPyConnection, count: int) -> Any:
    rows = cursor.execute("SELECT nextval('run_numbers') FROM range(?)", [count]).fetchall()
    return iter(row[0] for row in rows)


def _rows(
    tables: dict[str, list[tuple[Any, ...]]], run: int, arrival: Arrival, arrived: int
) -> None:
    """Add the rows of one run to the tables."""
    card = arrival.card
    tables["runs"].append(_run_row(run, arrival, arrived))
    tables["params"].extend((run, name, *_param(value)) for name, value in card.params.items())
    tables["metrics"].extend(
        (run, name, *_bounded(summary)) for name, summary in card.metrics.items()
    )
    tables["tags"].extend((run, name, str(value)) for name, value in card.tags.items())
    tables["datasets"].extend(
        (run, item.name, item.role, item.path, item.hash, _whole(item.rows))
        for item in card.datasets
    )
    tables["faults"].extend(
        (arrival.source, run, _storable(fault.path), _storable(fault.reason), _whole(fault.line))
        for fault in card.faults
    )


def _run_row(run: int, arrival: Arrival, arrived: int) -> tuple[Any, ...]:
    card, ref = arrival.card, arrival.ref
    facts = card.facts
    dirty = facts.get("dirty")
    return (
        run, arrival.source, ref.key, ref.stamp, ref.live, arrival.progress or None,
        card.run_id, card.name, card.experiment, card.status, card.inferred,
        card.parent, card.group, _number(card.started), _number(card.ended),
        _text(facts.get("user")), _text(facts.get("host")), _text(facts.get("command")),
        _text(facts.get("commit")), _text(facts.get("branch")),
        dirty if isinstance(dirty, bool) else None,
        arrival.archived, card.note, "\n".join(card.error), arrival.recipe,
        ",".join(arrival.contested),
        _json([[item.path, item.size] for item in card.artifacts]) if card.artifacts else "[]",
        min(sum(item.size for item in card.artifacts), _MOST),
        _json([item._asdict() for item in card.datasets]) if card.datasets else "[]",
        _json(card.rules) if card.rules else "{}",
        _json({k: v for k, v in facts.items() if k not in _COLUMNS}),
        len(card.faults), arrived, card.format or None,
    )  # fmt: skip


def _param(value: object) -> tuple[str, str, float | None]:
    """Return a param as JSON, as text for people, and as a number if it reads as one."""
    if isinstance(value, str):
        return _json(value), value, number_in(value)
    if isinstance(value, float):
        text = repr(value)
        return text if math.isfinite(value) else f'"{text}"', text, value
    text = _json(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _LARGEST:
        return text, text, float(value)
    return text, text, None


def _bounded(summary: Summary) -> Iterable[object]:
    """Return a summary as columns hold it: a step they cannot hold is none."""
    last, low, high, first, count, nans, a, b, c, d = summary
    fits = -_MOST <= (a or 0) <= _MOST and -_MOST <= (b or 0) <= _MOST
    fits = fits and -_MOST <= (c or 0) <= _MOST and -_MOST <= (d or 0) <= _MOST
    if fits and type(last) is type(low) is type(high) is type(first) is float:
        return summary  # as nearly always
    return (*map(_number, (last, low, high, first)), count, nans, *map(_whole, (a, b, c, d)))


def _whole(value: int | None) -> int | None:
    """Return a whole number, None where a column cannot hold it."""
    return value if value is None or -_MOST <= value <= _MOST else None


def _number(value: object) -> object:
    """Return a number, None where a whole one is too large for any float."""
    return None if isinstance(value, int) and abs(value) > _LARGEST else value


def _json(value: object) -> str:
    """Return a value as JSON; what msgspec refuses goes the long way round."""
    try:
        return _ENCODE(value).decode()
    except (UnicodeError, TypeError, OverflowError, ValueError, RecursionError):
        return json.dumps(value, default=str)


def number_in(text: str) -> float | None:
    """Return the number ``text`` reads as, or None."""
    if not text or text[0] not in "0123456789+-.nNiI" or not reads_as_number(text):
        return None
    return float(text)


def _storable(text: str) -> str:
    """Return ``text`` with what is no letter written out: a file may have any bytes as its name."""
    return text.encode("utf-8", "backslashreplace").decode()


def _text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, list | tuple):
        return " ".join(str(part) for part in value)
    return str(value)
