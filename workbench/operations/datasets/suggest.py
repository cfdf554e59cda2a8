"""Propose rules for a dataset, from its profile, asked of its data where they are at hand."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from workbench.datasets.fields import Fields
from workbench.datasets.profile import Profile
from workbench.datasets.rules.suggesting import FEWEST_ROWS, Suggestion, suggest
from workbench.datasets.rules.toml_text import toml_text
from workbench.datasets.table import Table
from workbench.errors import NotFoundError, StoppedError, WorkbenchError
from workbench.operations.datasets.names import parse, resolve
from workbench.operations.datasets.scratch import scratch_of
from workbench.operations.session import Session
from workbench.words import count, plural, visible


@dataclass(frozen=True, slots=True)
class Suggested:
    """Rules that are proposed for a dataset."""

    name: str
    """The dataset; empty for a file."""
    subject: str
    """From what: ``census@4`` or a path."""
    suggestions: tuple[Suggestion, ...]
    rows: int
    said: tuple[str, ...]
    """What to know before using them."""

    @property
    def text(self) -> str:
        """Return them as TOML, to be pasted into ``workbench.toml``."""
        notes = [f"# {visible(line)}" for line in self.said]
        what = f"# {plural(len(self.suggestions), 'rule')} proposed from {self.subject}."
        body = toml_text(self.name, self.suggestions)
        return "\n".join([what, *notes, "", body])


def suggest_rules(
    session: Session,
    name: str,
    *,
    on_rows: Callable[[int], None] = lambda _rows: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Suggested:
    """Return rules proposed for a version of a dataset, the newest where none is named.

    Those its data do not keep are left out; where its files are away that is said.

    Raises:
        NotFoundError: There is no such version, or it has no profile.
        StoppedError: `stopped` said so.
        FormatError: The profile cannot be read.
    """
    from workbench.operations.datasets.fields import fields_of  # noqa: PLC0415 - polars follows
    from workbench.operations.datasets.profiles import profile_of  # noqa: PLC0415
    from workbench.operations.datasets.standing import open_standing  # noqa: PLC0415

    manifest = resolve(session, parse(name))
    subject = f"{manifest.dataset}@{manifest.version}"
    profile = profile_of(session, manifest)
    if profile is None:
        raise NotFoundError(
            f"{subject} has no profile, as it is no table.", hint="Name a version that is one."
        )
    fields = fields_of(session, manifest.dataset)
    try:
        table, why = open_standing(session, manifest).table, ""
    except WorkbenchError as error:
        table, why = None, error.message
    about = _About(manifest.dataset, subject, profile, fields, table, why)
    return _proposed(session, about, on_rows, stopped)


def suggest_for_file(
    subject: str,
    profile: Profile,
    table: Table | None = None,
    *,
    fields: Fields | None = None,
    on_rows: Callable[[int], None] = lambda _rows: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Suggested:
    """Return rules proposed from the profile of any file; asked of its table if there is one."""
    about = _About("", subject, profile, fields or Fields(), table, "nobody asked.")
    return _proposed(None, about, on_rows, stopped)


class _About(NamedTuple):
    """What rules are proposed for."""

    name: str
    subject: str
    profile: Profile
    fields: Fields
    table: Table | None
    why: str
    """Why there is no table."""


def _proposed(
    session: Session | None, about: _About, on_rows: Callable[[int], None],
    stopped: Callable[[], bool],
) -> Suggested:  # fmt: skip
    found, rows, said = suggest(about.profile), about.profile.rows, list[str]()
    if rows < FEWEST_ROWS:
        few = plural(rows, "row")
        said.append(f"From {few} nothing follows but types: {FEWEST_ROWS} would be needed.")
    if about.table is None:
        said.append(f"They were not asked of the data itself: {about.why}")
        return Suggested(about.name, about.subject, found, rows, tuple(said))
    with scratch_of(session) as scratch:
        kept = _kept(found, about.table, about.fields, scratch, on_rows, stopped)
    if len(kept) < len(found):
        gone = plural(len(found) - len(kept), "proposal")
        said.append(f"{gone} left out, because the data as they are now do not keep them.")
    if rows:
        said.append(f"Every rule holds on the {count(rows)} rows it was made from.")
    return Suggested(about.name, about.subject, kept, rows, tuple(said))


def _kept(
    found: tuple[Suggestion, ...], table: Table, fields: Fields, scratch: Path,
    on_rows: Callable[[int], None], stopped: Callable[[], bool],
) -> tuple[Suggestion, ...]:  # fmt: skip
    """Return the proposals that hold; a rule of several columns only where all of them do."""
    from workbench.datasets import rules  # noqa: PLC0415 - polars

    numbered = [(at, rule) for at, one in enumerate(found) for rule in rules.parse([one.table])]
    results = rules.check(
        table, [rule for _, rule in numbered], now=0.0,
        sensitive=fields.hidden_among(one.name for one in table.columns), scratch=scratch,
        on_rows=on_rows, stopped=stopped,
    )  # fmt: skip
    if stopped():
        raise StoppedError("Stopped before the data were asked: nothing is proposed.")
    states = {at: set[str]() for at in range(len(found))}
    for (at, _), result in zip(numbered, results, strict=True):
        states[at].add(result.state)
    return tuple(one for at, one in enumerate(found) if states[at] <= {"holds"})
