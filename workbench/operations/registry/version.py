"""Everything about one version: what it is, where it came from, where it went."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench import words
from workbench.errors import WorkbenchError
from workbench.operations.registry.differences import last_values
from workbench.operations.registry.opening_journal import state as read_state
from workbench.operations.registry.opening_journal import version_of
from workbench.operations.registry.sections import Section, section, text
from workbench.operations.session import Session
from workbench.registry import manifest
from workbench.registry.manifest import ManifestFile
from workbench.registry.state import Holding, State, Version

_MOST_FILES = 50
_MOST_EXAMPLES = 5
_MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class VersionDetail:
    """A version, opened."""

    version: Version
    state: State
    files: tuple[ManifestFile, ...]
    """As its manifest lists them; empty where it cannot be read."""
    trouble: str
    """Why the manifest cannot be read; empty when it can."""

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
    return VersionDetail(version, state, tuple(files), trouble)


def sections(found: VersionDetail) -> tuple[Section, ...]:
    """Return everything about a version under headings, most asked for first."""
    details = found.version.event.details
    return (
        *section(found.name, _head(found)),
        *section("stages", _stages(found)),
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
        **{
            name: value
            for name, value in version.event.details.items()
            if name not in ("description", "tags", "files")
        },
    }  # fmt: skip


# -- parts -------------------------------------------------------------------------------


def _head(found: VersionDetail) -> list[tuple[str, str]]:
    version, details = found.version, found.version.event.details
    run = _mapping(details.get("run"))
    origin = _mapping(details.get("origin"))
    files = words.plural(_whole(details.get("files")) or 0, "file")
    told = [
        ("registered", f"{words.moment(version.event.effective)} by {version.event.actor}"),
        ("description", version.description),
        ("format", _format(details)),
        ("run", " ".join(filter(None, (str(run.get("name", "")), str(run.get("id", "")))))),
        ("size", f"{words.size(_whole(details.get('size')))} in {files}"),
        ("files", version.manifest),
        ("came from", ", ".join(f"{name} {value}" for name, value in origin.items())),
        ("retired", _said(version.retired)),
        ("deleted", _said(version.deleted)),
        ("trouble", found.trouble),
    ]  # fmt: skip
    return [(name, value) for name, value in told if value]


def _format(details: Mapping[str, Any]) -> str:
    types = details.get("types") or ()
    extra = f": {', '.join(map(str, types))}" if types else ""
    why = details.get("why_format")
    because = f" ({why})" if why else ""
    return f"{details.get('format', 'files')}, {details.get('rung', 'unknown')}{extra}{because}"


def _said(event: Any) -> str:
    return f"{words.moment(event.effective)} by {event.actor}: {event.reason}" if event else ""


def _stages(found: VersionDetail) -> list[tuple[str, ...]]:
    return [
        (one.stage, words.moment(one.since),
         "until now" if one.until is None else f"until {words.moment(one.until)}",
         one.event.actor, one.event.reason)
        for one in reversed(found.holdings)
    ]  # fmt: skip


def _metrics(version: Version) -> list[tuple[str, ...]]:
    summaries = _mapping(version.event.details.get("metrics"))
    rows: list[tuple[str, ...]] = []
    for name, last in sorted(last_values(version).items()):
        summary = _mapping(summaries.get(name))
        extremes = (words.number(_number(summary.get(part))) for part in ("min", "max"))
        rows.append((name, words.number(last), *extremes))
    return rows


def _datasets(details: Mapping[str, Any]) -> list[tuple[str, ...]]:
    return [
        (str(one.get("name") or ""), str(one.get("role") or ""),
         words.value(one.get("rows")), str(one.get("hash") or "no hash"))
        for one in _mappings(details.get("datasets"))
    ]  # fmt: skip


def _columns(details: Mapping[str, Any]) -> list[tuple[str, ...]]:
    signature = _mapping(details.get("signature"))
    rows: list[tuple[str, ...]] = [
        (str(one.get("name")), str(one.get("dtype") or one.get("type") or ""),
         "may be null" if one.get("nullable") else "", _values(one))
        for one in _mappings(signature.get("columns"))[:_MOST_COLUMNS]
    ]  # fmt: skip
    output = signature.get("output")
    if output:
        kind = output.get("kind") if isinstance(output, Mapping) else output
        rows.append(("→ output", str(kind), "", ""))
    return rows


def _values(column: Mapping[str, Any]) -> str:
    if column.get("categories"):
        return ", ".join(map(str, column["categories"]))
    if column.get("min") is not None:
        return f"{words.value(column['min'])} … {words.value(column.get('max'))}"
    return ""


def _example(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    example = _mapping(details.get("example"))
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
    known = _mapping(details.get("environment"))
    packages = _mapping(known.get("packages"))
    return [
        *_pairs({name: value for name, value in known.items() if name != "packages"}),
        *sorted((str(name), str(version)) for name, version in packages.items()),
    ]


def _pairs(values: object) -> list[tuple[str, str]]:
    found = _mapping(values).items()
    return [(str(name), words.value(value)) for name, value in found if value not in (None, "")]


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None
