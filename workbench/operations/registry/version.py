"""Everything about one version: what it is, where it came from, where it went."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench import words
from workbench.catalogue import drift_lines
from workbench.catalogue.drift_lines import ReportLine
from workbench.errors import WorkbenchError
from workbench.operations.registry.differences import last_values
from workbench.operations.registry.opening_journal import state as read_state
from workbench.operations.registry.opening_journal import version_of
from workbench.operations.sections import Section, section, text
from workbench.operations.session import Session
from workbench.registry import manifest
from workbench.registry.details import mapping, mappings, number, texts, whole
from workbench.registry.manifest import ManifestFile
from workbench.registry.state import Holding, State, Version

_MOST_FILES = 50
_MOST_EXAMPLES = 5
_MOST_COLUMNS = 200
_MOST_REPORTS = 20


@dataclass(frozen=True, slots=True)
class VersionDetail:
    """A version, opened."""

    version: Version
    state: State
    files: tuple[ManifestFile, ...]
    """As its manifest lists them; empty where it cannot be read."""
    trouble: str
    """Why the manifest cannot be read; empty when it can."""
    drift: tuple[ReportLine, ...] = ()
    """Checks of drift that were about it, newest first."""

    @property
    def name(self) -> str:
        """Return the short form: ``churn@3``."""
        return f"{self.state.model}@{self.version.number}"

    @property
    def holds(self) -> tuple[str, ...]:
        """Return the stages it holds now."""
        number = self.version.number
        return tuple(name for name, one in self.state.stages.items() if one.holder == number)

    @property
    def holdings(self) -> tuple[Holding, ...]:
        """Return every time it held a stage, oldest first."""
        number = self.version.number
        found = [
            one
            for stage in self.state.stages.values()
            for one in stage.holdings
            if one.version == number
        ]
        return tuple(sorted(found, key=lambda one: one.event.seq))


def detail(session: Session, model: str, number: int) -> VersionDetail:
    """Return everything about a version; files are listed, not hashed.

    Raises:
        NotFoundError: There is no such model or version.
    """
    state = read_state(session, model)
    version = version_of(state, number)
    try:
        files, trouble = manifest.read(session.root, model, version.manifest).files, ""
    except (WorkbenchError, OSError) as error:
        files, trouble = (), str(error)
    drift = drift_lines.reports(session.catalogue, model=model, version=number)
    return VersionDetail(version, state, tuple(files), trouble, drift)


def sections(found: VersionDetail) -> tuple[Section, ...]:
    """Return everything about a version under headings, most asked for first."""
    details = found.version.event.details
    return (
        *section(found.name, _head(found)),
        *section("stages", _stages(found)),
        *section("drift", _drift(found.drift)),
        *section("metrics", _metrics(found.version), ("", "last", "min", "max")),
        *section("params", _pairs(details.get("params"))),
        *section("datasets", _datasets(details), ("name", "role", "rows", "hash")),
        *section("columns", _columns(details), ("name", "type", "nulls", "values")),
        *section("example", _example(details)),
        *section("files", _files(found), ("path", "size", "sha256")),
        *section("git", _pairs(details.get("git"))),
        *section("environment", _environment(details)),
        *section("tags", _pairs(found.version.tags)),
    )


def detail_text(found: VersionDetail) -> Iterator[str]:
    """Yield everything about a version as lines."""
    return text(sections(found))


def detail_fields(found: VersionDetail) -> dict[str, Any]:
    """Return everything about a version as JSON shows it."""
    version = found.version
    return {
        "model": found.state.model,
        "version": version.number,
        "registered": words.iso(version.event.effective),
        "author": version.event.actor,
        "reason": version.event.reason,
        "stages": found.holds,
        "description": version.description,
        "tags": dict(version.tags),
        "retired": version.retired.reason if version.retired else None,
        "deleted": version.deleted.reason if version.deleted else None,
        "held": [
            {"stage": one.stage, "since": words.iso(one.since), "until": words.iso(one.until),
             "actor": one.event.actor, "reason": one.event.reason}
            for one in found.holdings
        ],
        "files": [one._asdict() for one in found.files],
        "drift": [
            {"monitor": one.monitor, "report": one.key, "checked": words.iso(one.time),
             "verdict": one.verdict, "score": one.score, "data": one.current,
             "reference": one.reference, "actor": one.actor}
            for one in found.drift
        ],
        **{
            name: value
            for name, value in version.event.details.items()
            if name not in ("description", "tags", "files")
        },
    }  # fmt: skip


# -- parts -------------------------------------------------------------------------------


def _head(found: VersionDetail) -> list[tuple[str, str]]:
    version, details = found.version, found.version.event.details
    run = mapping(details.get("run"))
    files = words.plural(whole(details.get("files")) or 0, "file")
    told = [
        ("registered", f"{words.moment(version.event.effective)} by {version.event.actor}"),
        ("description", version.description),
        ("format", _format(details)),
        ("run", " ".join(filter(None, (str(run.get("name", "")), str(run.get("id", "")))))),
        ("size", f"{words.size(whole(details.get('size')))} in {files}"),
        ("files", version.manifest),
        ("came from", _origin(mapping(details.get("origin")))),
        ("retired", _said(version.retired)),
        ("deleted", _said(version.deleted)),
        ("trouble", found.trouble),
    ]  # fmt: skip
    return [(name, value) for name, value in told if value]


def _format(details: Mapping[str, Any]) -> str:
    types = texts(details.get("types"))
    extra = f": {', '.join(types)}" if types else ""
    why = details.get("why_format")
    because = f" ({why})" if why else ""
    return f"{details.get('format', 'files')} · {details.get('rung', 'unknown')}{extra}{because}"


def _origin(origin: Mapping[str, Any]) -> str:
    if not origin:
        return ""
    when = words.moment(number(origin.get("registered")))
    if origin.get("from"):
        return (
            f"{origin.get('model')} version {origin.get('version')} of {origin.get('from')}, "
            f"{origin.get('path')}, registered {when} by {origin.get('by') or 'nobody named'}"
        )
    return (
        f"{origin.get('model')}@{origin.get('version')} of workspace {origin.get('workspace')}, "
        f"registered {when} by {origin.get('by')}"
    )


def _said(event: Any) -> str:
    return f"{words.moment(event.effective)} by {event.actor}: {event.reason}" if event else ""


def _stages(found: VersionDetail) -> list[tuple[str, ...]]:
    return [
        (one.stage, words.moment(one.since),
         "until now" if one.until is None else f"until {words.moment(one.until)}",
         one.event.actor, one.event.reason)
        for one in reversed(found.holdings)
    ]  # fmt: skip


def _drift(reports: Sequence[ReportLine]) -> list[tuple[str, ...]]:
    told: list[tuple[str, ...]] = [
        (one.monitor, words.moment(one.time), one.verdict, f"{one.current} against {one.reference}")
        for one in reports[:_MOST_REPORTS]
    ]
    more = len(reports) - len(told)
    return [*told, *([(f"and {more:,} more",)] if more > 0 else [])]


def _metrics(version: Version) -> list[tuple[str, ...]]:
    summaries = mapping(version.event.details.get("metrics"))
    rows: list[tuple[str, ...]] = []
    for name, last in sorted(last_values(version).items()):
        summary = mapping(summaries.get(name))
        extremes = (words.number(number(summary.get(part))) for part in ("min", "max"))
        rows.append((name, words.number(last), *extremes))
    return rows


def _datasets(details: Mapping[str, Any]) -> list[tuple[str, ...]]:
    return [
        (str(one.get("name") or ""), str(one.get("role") or ""),
         words.value(one.get("rows")), str(one.get("hash") or "no hash"))
        for one in mappings(details.get("datasets"))
    ]  # fmt: skip


def _columns(details: Mapping[str, Any]) -> list[tuple[str, ...]]:
    signature = mapping(details.get("signature"))
    rows: list[tuple[str, ...]] = [
        (str(one.get("name")), str(one.get("dtype") or one.get("type") or ""),
         _nulls(one.get("nullable")), _values(one))
        for one in mappings(signature.get("columns"))[:_MOST_COLUMNS]
    ]  # fmt: skip
    output = signature.get("output")
    if output:
        kind = output.get("kind") if isinstance(output, Mapping) else output
        rows.append(("→ output", str(kind), "", ""))
    seen = whole(signature.get("rows"))
    if seen is not None:
        rows.append((f"Nulls and values are from {words.plural(seen, 'row')} of an example.",))
    return rows


def _nulls(nullable: object) -> str:
    if not isinstance(nullable, bool):
        return "not known"
    return "may be null" if nullable else "none"


def _values(column: Mapping[str, Any]) -> str:
    categories = texts(column.get("categories"))
    if categories:
        return ", ".join(categories)
    if column.get("min") is not None:
        return f"{words.value(column['min'])} … {words.value(column.get('max'))}"
    return ""


def _example(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    example = mapping(details.get("example"))
    return [
        (name, words.value(row))
        for name in ("input", "output")
        for row in _rows(example.get(name))[:_MOST_EXAMPLES]
    ]


def _rows(value: object) -> Sequence[Any]:
    """Return rows of an example, however it is laid out: rows, or columns of values."""
    if isinstance(value, Mapping):
        parts = value.get("rows") or value.get("data")
        return parts if isinstance(parts, list) else [value]
    return value if isinstance(value, list) else []


def _files(found: VersionDetail) -> list[tuple[str, ...]]:
    told = [(one.path, words.size(one.size), one.sha256) for one in found.files[:_MOST_FILES]]
    more = len(found.files) - len(told)
    return [*told, *([(f"and {more:,} more", "", "")] if more > 0 else [])]


def _environment(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    known = mapping(details.get("environment"))
    packages = mapping(known.get("packages"))
    return [
        *_pairs({name: value for name, value in known.items() if name != "packages"}),
        *sorted((str(name), str(version)) for name, version in packages.items()),
    ]


def _pairs(values: object) -> list[tuple[str, str]]:
    found = mapping(values).items()
    return [(str(name), words.value(value)) for name, value in found if value not in (None, "")]
