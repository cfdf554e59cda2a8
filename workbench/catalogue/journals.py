"""Folded journals in, rows out: what a model's events amount to, replaced as one.

What an event's author put in its details may have any shape; what does not fit is left
out here, never raised: the event is a fact all the same.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from workbench.catalogue.connection import Catalogue
from workbench.registry.event import REGISTERED, Event
from workbench.registry.state import Holding, State, Version
from workbench.runfolder import decode_number

TABLES: Final = (
    "models", "versions", "version_metrics", "version_datasets", "holdings", "freezes", "events",
    "requests",
)  # fmt: skip
_SUMMARY: Final = ("last", "min", "max", "first", "count", "step_of_min", "step_of_max")
_OF_REGISTERED: Final = ("manifest",)
"""Details of a registration that stay with its event; the rest is the version's."""
_Row = tuple[Any, ...]


def _plain(value: Any) -> object:
    """Return what JSON has no word for as something it has: mappings that cannot change."""
    return dict(value) if isinstance(value, Mapping) else str(value)


_ENCODE: Final = msgspec.json.Encoder(enc_hook=_plain).encode


class Folded(NamedTuple):
    """A model's journal as it is to be stored."""

    state: State
    stamp: int
    """Of the folder of events when it was read; 0 to have it read again."""


class KnownModel(NamedTuple):
    """What the catalogue remembers of a model, to tell whether it must be read again."""

    stamp: int
    seq: int
    """Of the newest event; 0 without any."""
    head: str
    """Hash of that event, in hexadecimal."""
    changed: float
    """Effective time of that event, in seconds since 1970."""
    broken_path: str
    """Of the first event that does not fit; empty where all do."""
    broken_reason: str


def known_models(catalogue: Catalogue) -> dict[str, KnownModel]:
    """Return what is remembered of every model, by name."""
    rows = (
        catalogue.cursor()
        .execute("SELECT model, stamp, seq, head, changed, broken_path, broken_reason FROM models")
        .fetchall()
    )
    return {model: KnownModel(*rest) for model, *rest in rows}


def known(folded: Folded) -> KnownModel:
    """Return what is to be remembered of a model."""
    state, broken = folded.state, folded.state.unreadable
    return KnownModel(
        folded.stamp, state.seq, state.head, state.events[-1].effective if state.events else 0.0,
        broken.path if broken else "", broken.reason if broken else "",
    )  # fmt: skip


def store(catalogue: Catalogue, models: Sequence[Folded]) -> None:
    """Put models in, each in the place of what was there of it; one without events is none."""
    tables: dict[str, list[_Row]] = {name: [] for name in TABLES}
    for folded in models:
        if folded.state.events or folded.state.unreadable:
            _rows(tables, folded)
    cursor = catalogue.cursor()
    cursor.execute("BEGIN")
    try:
        _forget(cursor, [folded.state.model for folded in models])
        for name, rows in tables.items():
            if rows:
                with cursor.appender(name) as appender:
                    appender.append_rows(rows)
        cursor.execute("COMMIT")
    except BaseException:
        cursor.execute("ROLLBACK")
        raise


def forget(catalogue: Catalogue, models: Sequence[str]) -> None:
    """Take models out that are no longer in the folder."""
    cursor = catalogue.cursor()
    cursor.execute("BEGIN")
    _forget(cursor, models)
    cursor.execute("COMMIT")


def _forget(cursor: Any, models: Sequence[str]) -> None:
    for table in TABLES:
        cursor.execute(
            f"DELETE FROM {table} WHERE model IN (SELECT unnest(?::VARCHAR[]))", [list(models)]
        )


def _rows(tables: dict[str, list[_Row]], folded: Folded) -> None:
    """Add the rows of one model to the tables."""
    state = folded.state
    tables["models"].append(_model(folded))
    for version in state.versions.values():
        metrics, datasets = _metrics(state.model, version), _datasets(state.model, version)
        tables["versions"].append(_version(state.model, version, metrics, datasets))
        tables["version_metrics"].extend(metrics)
        tables["version_datasets"].extend(datasets)
    was = {}
    for stage in state.stages.values():
        tables["holdings"].extend(_holding(state.model, one) for one in stage.holdings)
        pairs = zip(stage.holdings, stage.holdings[1:], strict=False)
        was.update({after.event.seq: before.version for before, after in pairs})
        if stage.freeze is not None:
            by = stage.freeze.event
            tables["freezes"].append(
                (state.model, stage.name, by.effective, stage.freeze.until, by.actor, by.reason)
            )
    tables["events"].extend(_event(one, was.get(one.seq)) for one in state.events)
    tables["requests"].extend(
        (
            state.model, one.version, one.stage, one.event.effective,
            one.closed_by.effective if one.closed_by else None, one.event.id, one.event.actor,
            one.event.reason,
        )
        for one in state.requests
    )  # fmt: skip


def _model(folded: Folded) -> _Row:
    state, broken = folded.state, folded.state.unreadable
    remembered = known(folded)
    alive = [one for one in state.versions.values() if one.deleted is None]
    newest = max(alive, key=lambda one: one.number, default=None)
    described = [one for one in alive if one.description]
    return (
        state.model, *remembered[:4], len(alive),
        newest.number if newest else 0, newest.event.effective if newest else 0.0,
        sum(one.closed_by is None for one in state.requests),
        max(described, key=lambda one: one.number).description if described else "",
        broken.seq if broken else None, *remembered[4:],
    )  # fmt: skip


def _version(
    model: str, version: Version, metrics: Sequence[_Row], datasets: Sequence[_Row]
) -> _Row:
    event, said = version.event, version.event.details
    run, git, dirty = _table(said, "run"), _table(said, "git"), _table(said, "git").get("dirty")
    lasts = json.dumps({row[2]: row[3] for row in metrics if row[3] is not None})  # knows NaN
    return (
        model, version.number, event.id, event.effective, event.actor, event.host, event.reason,
        version.manifest, _whole(said.get("size")) or 0, _files(said), _text(said, "rung"),
        _text(said, "format"), _json(_list(said, "types")), _text(run, "id"), _text(run, "name"),
        _text(run, "experiment"), _text(run, "path"), _json(_table(said, "params")), lasts,
        _json(_table(said, "goals")), _json([row[2:] for row in datasets]),
        _json(version.tags), version.description, _text(said, "signature_hash"),
        _text(git, "commit") or None, _text(git, "branch") or None,
        dirty if isinstance(dirty, bool) else None, _by(version.retired), _by(version.deleted),
    )  # fmt: skip


def _metrics(model: str, version: Version) -> list[_Row]:
    rows = []
    for name, summary in _table(version.event.details, "metrics").items():
        if isinstance(summary, Mapping):
            numbers = [_number(summary.get(part)) for part in _SUMMARY[:4]]
            wholes = [_whole(summary.get(part)) for part in _SUMMARY[4:]]
            rows.append((model, version.number, name, *numbers, *wholes))
        else:
            rows.append((model, version.number, name, _number(summary), *[None] * 6))
    return rows


def _datasets(model: str, version: Version) -> list[_Row]:
    return [
        (
            model, version.number, _text(item, "name"), _text(item, "hash"), _text(item, "role"),
            _text(item, "path"), _whole(item.get("rows")),
        )
        for item in _list(version.event.details, "datasets")
        if isinstance(item, Mapping)
    ]  # fmt: skip


def _holding(model: str, one: Holding) -> _Row:
    return (
        model, one.stage, one.version, one.since, one.until, one.event.seq, one.event.actor,
        one.event.reason,
    )  # fmt: skip


def _event(event: Event, was: int | None) -> _Row:
    details = event.details
    if event.kind == REGISTERED:
        details = {name: details[name] for name in _OF_REGISTERED if name in details}
    return (
        event.model, event.seq, event.id, event.kind, event.version, event.stage, was,
        event.effective, event.time, event.actor, event.host, event.reason, _json(details),
    )  # fmt: skip


def _by(event: Event | None) -> str:
    """Return who did it and why, in one line; empty where nobody did."""
    if event is None:
        return ""
    return f"{event.actor}: {event.reason}" if event.reason else event.actor


def _files(said: Mapping[str, Any]) -> int:
    files = said.get("files")
    return len(files) if isinstance(files, list) else _whole(files) or 0


def _table(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = said.get(name)
    return found if isinstance(found, Mapping) else {}


def _list(said: Mapping[str, Any], name: str) -> Sequence[Any]:
    found = said.get(name)
    return found if isinstance(found, list | tuple) else ()


def _text(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name)
    return "" if found is None else str(found)


def _number(value: object) -> float | None:
    if type(value) is float:  # nearly always; of a million in a row it counts
        return value
    try:
        return decode_number(value)
    except (ValueError, OverflowError):
        return None


_LARGEST: Final = 2**63
"""Above this the catalogue has no column for a whole number."""


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= _LARGEST:
        return None
    return value


def _json(value: object) -> str:
    """Return a value as JSON; what msgspec refuses, as very large numbers, goes the long way."""
    try:
        return _ENCODE(value).decode()
    except (OverflowError, TypeError, ValueError, RecursionError):
        return json.dumps(value, default=_plain)
