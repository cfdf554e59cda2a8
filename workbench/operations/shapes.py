"""Tables nobody's library wrote: which there are, what is taken of them, and what a person says.

Asked once for a shape, never for a folder, and only where somebody wants to be asked.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from workbench.durable import replace, write_once
from workbench.errors import FormatError, NotFoundError, SettingsError, UsageError
from workbench.formats.contract import Fault
from workbench.formats.detect import installed, reader_named, unclaimed
from workbench.formats.folders.reader import FoldersReader
from workbench.formats.folders.survey import Memory
from workbench.formats.plain import PlainReader
from workbench.formats.tables.answers import ANSWERS, Answer, answers_in, entry, objection, without
from workbench.formats.tables.shapes import Guess
from workbench.opening import read_small
from workbench.operations.places import config_file
from workbench.settings import SETTINGS

if TYPE_CHECKING:
    from workbench.operations.session import Session

FILE = "shapes.toml"
_HEADER = """\
# What tables without a known step are. Asked once for each shape; edit or delete as you like.
#   step = "NAME"   the column that counts the steps        time = "NAME"   and the one with times
#   rows = true     the number of the row is the step       runs = false    these are no runs
"""
_LARGEST = 1 << 20
_SHOWN = 40
"""Signs of a column's name."""


class Met(NamedTuple):
    """A shape of tables in what is open."""

    guess: Guess
    answer: Answer | None
    folders: int
    """In how many folders there is a table of this shape."""
    example: str
    """One of them, as seen from what is open."""
    undecided: int
    """How many of these folders are no run yet, because nobody said what the table is."""
    objection: str = ""
    """Why what was said of it, perhaps by hand, does not count."""

    @property
    def assumed(self) -> str:
        """Return what is taken for granted now, in words."""
        if self.answer is not None:
            return self.answer.words()
        if not self.guess.certain:
            return "step unknown, not listed"
        steps = self.guess.steps
        return f"the step is {steps[0]}" if steps else "rows without a step"


def answers_file() -> Path:
    """Return the file of this person's own answers."""
    return config_file().parent / FILE


def follow_answers(session: "Session") -> None:
    """Let the answers of this person, and of the workspace, count from now on."""
    theirs = [session.root / SETTINGS] if session.workspace else []
    ANSWERS.follow(answers_file(), *theirs)


def answer_faults() -> tuple[Fault, ...]:
    """Return which files of answers cannot be read, so that nothing in them counts."""
    ANSWERS.look_now()
    ANSWERS.found()
    return ANSWERS.faults


def met(session: "Session") -> tuple[Met, ...]:
    """Return the shapes of all tables of plain folders, the undecided and most frequent first."""
    follow_answers(session)
    ANSWERS.look_now()
    answers = ANSWERS.found()
    found: dict[str, Met] = {}
    reader = reader_named(FoldersReader.name)
    for root, label in _roots(session):
        memory = reader.survey(root, None).memory if root.is_dir() else None
        if isinstance(memory, Memory):
            _gather(memory, label, answers, found)
    return tuple(
        sorted(found.values(), key=lambda one: (-one.undecided, -one.folders, one.guess.shape))
    )


def _roots(session: "Session") -> Sequence[tuple[Path, str]]:
    """Return the folders that may hold runs of others, and what they are called."""
    if session.workspace is None:
        return [(session.root / session.only, session.only or ".")]
    return [
        (session.root / Path(folder).expanduser(), folder) for folder in session.settings.sources
    ]


def undecided(shapes: Sequence[Met]) -> int:
    """Return how many folders look like runs and do not say the step."""
    return sum(one.undecided for one in shapes)


def _gather(
    memory: Memory, label: str, answers: Mapping[str, Answer], found: dict[str, Met]
) -> None:
    folders = installed().folders
    plain = next(reader for reader in folders if isinstance(reader, PlainReader))
    waiting = {path for path, _ in unclaimed(memory)}
    for path, node in memory.nodes.items():
        readers = {folders[claim.rank].name for claim in node.found}
        if readers and PlainReader.name not in readers:
            continue  # another tool's run: a table in it is its own affair
        place = "/".join(part for part in (label, path) if part != ".") or "."
        for name, guess in plain.tables_met(node.folder):
            example = name if place == "." else f"{place}/{name}"
            _gather_table(guess, example, path in waiting, answers, found)


def _gather_table(
    guess: Guess, example: str, waiting: bool, answers: Mapping[str, Answer], found: dict[str, Met]
) -> None:
    shape = guess.shape
    said = answers.get(shape.id)
    wrong = objection(guess, said) if said else ""
    counts = None if wrong else said
    open_question = int(waiting and counts is None and not guess.certain)
    known = found.get(shape.id)
    if known is None:
        found[shape.id] = Met(guess, counts, 1, example, open_question, wrong)
    else:
        more = known.undecided + open_question
        found[shape.id] = known._replace(folders=known.folders + 1, undecided=more)


def shape_called(shapes: Sequence[Met], words: str) -> Met:
    """Return the shape of an id or the beginning of one, or of a file's name.

    Raises:
        NotFoundError: There is none, or several are meant.
    """
    fitting = [
        one
        for one in shapes
        if one.guess.shape.id.startswith(words) or one.guess.shape.table == words
    ]
    if len(fitting) == 1:
        return fitting[0]
    ids = ", ".join(one.guess.shape.id for one in (fitting or shapes)[:8])
    what = "More than one shape is" if fitting else "There is no shape"
    raise NotFoundError(
        f"{what} called {words!r}.", hint=f"Choose one of {ids}." if ids else "Nothing to ask here."
    )


def answer(session: "Session", one: Met, said: Answer, *, for_all: bool = False) -> Path:
    """Remember what a person says of a shape; return the file it stands in.

    Args:
        session: What is open.
        one: The shape.
        said: The answer.
        for_all: Write it into ``workbench.toml``, for everybody here, not into one's own file.

    Raises:
        UsageError: A column is named that the tables have not.
        NotAllowedError: It is for everybody, and the workspace cannot be written.
        SettingsError: The file holds no TOML, and would be lost.
    """
    _check(one.guess, said)
    path = session.require_writable() / SETTINGS if for_all else answers_file()
    text = _text_of(path)
    try:
        answers_in(text)
    except FormatError as problem:
        raise SettingsError(f"{path} cannot be read: {problem.message}", path=str(path)) from None
    kept = without(text, one.guess.shape.id).rstrip("\n")
    start = kept if kept or for_all else _HEADER.rstrip("\n")
    _write(path, f"{start}\n\n{entry(one.guess.shape, said)}".lstrip("\n"))
    follow_answers(session)
    ANSWERS.look_now()
    return path


def _check(guess: Guess, said: Answer) -> None:
    wrong = objection(guess, said)
    if wrong:
        columns = ", ".join(name[:_SHOWN] for name in guess.shape.columns[:20])
        raise UsageError(f"{wrong[:1].upper()}{wrong[1:]}.", hint=f"Choose one of {columns}.")


def _text_of(path: Path) -> str:
    try:
        return read_small(str(path), _LARGEST).decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except (FormatError, OSError, UnicodeDecodeError) as problem:
        raise SettingsError(f"{path} cannot be read: {problem}", path=str(path)) from None


def _write(path: Path, text: str) -> None:
    if path.exists():
        replace(path, text.encode())
    else:
        write_once(path, text.encode())
