"""Ask data the rules of a dataset: those in the settings, of a version or of any file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.clock import SYSTEM
from workbench.datasets import declared
from workbench.datasets.declared import Declaration
from workbench.datasets.fields import Fields
from workbench.datasets.rules.rule import Rule, RuleResult
from workbench.datasets.table import Table
from workbench.errors import NotFoundError, SettingsError, UsageError
from workbench.operations.datasets.fields import fields_of
from workbench.operations.datasets.names import Ref, is_ref, parse, resolve
from workbench.operations.datasets.scratch import scratch_of
from workbench.operations.session import Session
from workbench.settings import SETTINGS
from workbench.words import plural, visible

if TYPE_CHECKING:
    from workbench.datasets.manifest import Manifest

HOLDS, FAILS, UNDECIDED = 0, 3, 5
_STATES: Final = ("fails", "error", "undecided", "holds")


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of the rules of a dataset."""

    name: str
    """The dataset whose rules were asked; empty where they came from a file of their own."""
    subject: str
    """What was asked: ``census@4`` or a path."""
    results: tuple[RuleResult, ...]
    rows: int | None
    """Of what was asked; None where nobody counted them."""
    format: str
    said: tuple[tuple[str, str], ...]
    """How it was read: separator, encoding, decimal, sheet."""
    at: float
    """When, seconds since 1970."""
    doubt: str = ""
    """Why the rows may be others than those of the version; empty if they are the same."""

    @property
    def outcome(self) -> str:
        """Return the worst that came of a rule: ``holds`` only if every rule holds."""
        return next(state for state in _STATES if any(one.state == state for one in self.results))

    @property
    def exit_code(self) -> int:
        """Return how a command ends: 0 all hold, 3 one fails, 5 one could not be told."""
        return {"holds": HOLDS, "fails": FAILS}.get(self.outcome, UNDECIDED)

    @property
    def sentence(self) -> str:
        """Return what came of it in one line, as in ``2 of 12 rules fail``."""
        counts = {state: sum(one.state == state for one in self.results) for state in _STATES}
        asked = plural(len(self.results), "rule")
        if counts["holds"] == len(self.results):
            return f"{asked}: all hold." if len(self.results) > 1 else "1 rule: it holds."
        untold = counts["error"] + counts["undecided"]
        failing = f"{counts['fails']} of {asked} fail" if counts["fails"] else ""
        parts = [failing, f"{untold} could not be told" if failing and untold else ""]
        if not failing:
            parts = [f"{untold} of {asked} could not be told"]
        return f"{', '.join(part for part in parts if part)}."


def check(
    session: Session | None,
    name: str,
    path: Path | None = None,
    *,
    options: Mapping[str, str] | None = None,
    rules_from: Path | None = None,
    on_rows: Callable[[int], None] = lambda _rows: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Checked:
    """Return what came of every rule.

    Args:
        session: The workspace; None for a file with rules of its own.
        name: The dataset whose rules are asked; ``census@4`` asks that version.
        path: A file, folder or pattern that is asked instead of a version.
        options: How to read it; else as the dataset's newest version is read.
        rules_from: A TOML file with ``[[rules]]``, instead of those in ``workbench.toml``.
        on_rows: Told how many rows were read.
        stopped: Whether to give up; what was not decided by then is an error.

    Raises:
        NotFoundError: There is no such dataset, version or file.
        UsageError: There are no rules.
        SettingsError: The settings cannot be read.
        FormatError: What is asked is no table.
    """
    from workbench.datasets import rules as asked  # noqa: PLC0415 - polars

    ref = parse(name) if name else Ref("")
    rules = rules_in(rules_from) if rules_from else rules_of(session, ref.name)
    fields = Fields() if session is None or not ref.name else fields_of(session, ref.name)
    subject, table, doubt = _subject(session, ref, path, options)
    hidden = fields.hidden_among(column.name for column in table.columns)
    now = SYSTEM.now() if session is None else session.clock.now()
    with scratch_of(session) as scratch:
        home = path.parent if path is not None else Path()
        results = asked.check(
            table, rules, now=now, sensitive=hidden, key=fields.key, scratch=scratch,
            lookup=partial(_looked_up, session, home), on_rows=on_rows, stopped=stopped,
        )  # fmt: skip
    rows = table.rows if table.rows is not None else _rows_seen(results)
    return Checked(ref.name, subject, results, rows, table.format, table.said, now, doubt)


def rules_of(session: Session | None, name: str) -> tuple[Rule, ...]:
    """Return the rules that the settings hold for a dataset; those misspelt carry their fault.

    Raises:
        NotFoundError: There is no such dataset; names what is near.
        SettingsError: The settings cannot be read.
        UsageError: There are none, or there is no workspace they could stand in.
    """
    if session is None:
        raise UsageError(
            "Rules stand in the settings of a workspace, and there is none here.",
            hint="Name a file with [[rules]] in it, or the workspace.",
        )
    found = declared.read(session.root)
    entry = found.datasets.get(name)
    wrong = next(
        (one for one in found.faults if one.dataset == name and one.key in ("", "rules")), None
    )
    if wrong is not None:
        raise SettingsError(wrong.message, path=str(session.root / SETTINGS), line=wrong.line)
    if entry is None:
        resolve(session, Ref(name))
    if entry is None or not entry.rules:
        raise UsageError(
            f"{visible(name)} has no rules.",
            hint=f"Have some proposed: workbench datasets suggest-rules {visible(name)}",
        )
    return _read(entry.rules, found, ("datasets", name, "rules"))


def rules_in(path: Path) -> tuple[Rule, ...]:
    """Return the rules of a TOML file of their own.

    Raises:
        NotFoundError: There is no such file.
        SettingsError: It cannot be read.
        UsageError: It holds none.
    """
    from workbench.datasets import rules as asked  # noqa: PLC0415 - polars
    from workbench.opening import read_small  # noqa: PLC0415 - for this road alone
    from workbench.settings import MOST_SETTINGS_BYTES, toml_of  # noqa: PLC0415
    from workbench.settings_lines import Lines  # noqa: PLC0415

    try:
        text = read_small(str(path), MOST_SETTINGS_BYTES).decode("utf-8-sig")
        table = toml_of(text)
    except FileNotFoundError:
        raise NotFoundError(f"There is no file {visible(str(path))}.") from None
    except (OSError, ValueError, RecursionError) as error:
        why = visible(str(error))
        raise SettingsError(
            f"{visible(str(path))} cannot be read: {why}.", path=str(path)
        ) from None
    tables, place = _rule_tables(table)
    if not tables:
        raise UsageError(f"{visible(str(path))} holds no rules.", hint="Write each as [[rules]].")
    lines = Lines(text)
    return asked.read(tables, line_of=lambda number, key: lines.of((*place, number, key)))


def _rule_tables(table: Mapping[str, object]) -> tuple[list[object], tuple[str, ...]]:
    """Return the rules of a file: its own, or those of the one dataset in it."""
    own = table.get("rules")
    if isinstance(own, list):
        return own, ("rules",)
    datasets = table.get("datasets")
    entries = list(datasets.items()) if isinstance(datasets, dict) else []
    if len(entries) == 1 and isinstance(entries[0][1], dict):
        inner = entries[0][1].get("rules")
        return (inner if isinstance(inner, list) else []), ("datasets", entries[0][0], "rules")
    return [], ()


def _read(
    tables: tuple[Mapping[str, object], ...], found: Declaration, place: tuple[str, ...]
) -> tuple[Rule, ...]:
    from workbench.datasets import rules as asked  # noqa: PLC0415 - polars

    return asked.read(tables, line_of=lambda number, key: found.line(*place, number, key))


def _subject(
    session: Session | None, ref: Ref, path: Path | None, options: Mapping[str, str] | None
) -> tuple[str, Table, str]:
    """Return how to call what is asked, its table, and why it may be another one."""
    if path is not None:
        how = options if options is not None else _as_read(session, ref.name)
        return visible(str(path)), opened(path, how), ""
    if session is None or not ref.name:
        raise UsageError("Name a version of a dataset, or a file to be checked.")
    from workbench.operations.datasets.standing import open_standing  # noqa: PLC0415 - polars

    manifest = resolve(session, ref)
    standing = open_standing(session, manifest)
    return f"{manifest.dataset}@{manifest.version}", standing.table, standing.doubt


def opened(path: Path, options: Mapping[str, str]) -> Table:
    """Return the table of a file, a folder or a pattern.

    Raises:
        NotFoundError: There is nothing there.
        FormatError: It is no table.
    """
    from workbench.datasets.reading import open_table  # noqa: PLC0415 - polars
    from workbench.datasets.versions.finding import FILE, FOLDER, find  # noqa: PLC0415

    found = find(path)
    return open_table(found.path if found.kind in (FILE, FOLDER) else found.files, options=options)


def _as_read(session: Session | None, name: str) -> Mapping[str, str]:
    """Return how somebody said that the files of a dataset are to be read."""
    if session is None or not name:
        return {}
    entry = declared.read(session.root).datasets.get(name)
    return {} if entry is None else entry.options


def _looked_up(session: Session | None, home: Path, name: str) -> Table:
    """Return the table that a foreign key points to: a dataset of the workspace, else a file."""
    from workbench.datasets.reading import open_table  # noqa: PLC0415 - polars
    from workbench.operations.datasets.locate import roots_of  # noqa: PLC0415
    from workbench.operations.datasets.standing import open_standing  # noqa: PLC0415

    if session is None:
        return open_table(home / name)
    manifest = _version(session, name)
    if manifest is not None:
        return open_standing(session, manifest).table
    from workbench.datasets.versions.locating import found  # noqa: PLC0415 - for files alone

    return open_table(found(name, session.root, roots_of(session.root)))


def _version(session: Session, name: str) -> "Manifest | None":
    if not is_ref(name):
        return None
    try:
        return resolve(session, parse(name))
    except NotFoundError:
        if "@" in name or name.startswith("datasets:"):
            raise
        return None


def _rows_seen(results: tuple[RuleResult, ...]) -> int | None:
    """Return how many rows were read, where a rule that looks at every row says so."""
    plain = (one for one in results if one.rows is not None and not one.rule.where)
    return max((one.rows + one.left_out for one in plain if one.rows is not None), default=None)
