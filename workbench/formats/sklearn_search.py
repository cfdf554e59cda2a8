"""What a search of scikit-learn left in ``cv_results_``, written to CSV: each candidate a run."""

import ast
import csv
import io
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from workbench.errors import FormatError, NotFoundError
from workbench.formats.contract import (
    Artifact,
    Curves,
    Fault,
    Folder,
    Reading,
    RunCard,
    RunRef,
    Survey,
)
from workbench.formats.first_bytes import first_bytes
from workbench.formats.plain_config import flat
from workbench.formats.series import Series
from workbench.formats.signs import facts_of, stamp
from workbench.opening import read_small
from workbench.runfolder import FAILED, FINISHED

_PARAMS, _PARAM, _SCORE = "params", "param_", "mean_test_"
_WORDS = ("cv", "search", "grid", "halving")
"""One of them is in the name of such a file: not every table of a folder is opened."""
_MOST_FILES = 64
_LARGEST = 128 << 20
_MOST_ROWS = 100_000
_MOST_COLUMNS = 5_000
_LONGEST_LITERAL = 8_192
"""Characters of a params dictionary that is parsed: the parser's depth is bounded by them."""
_MOST_FAULTS = 20


class SklearnSearchReader:
    """Candidates of a grid or random search; the root is the CSV file."""

    name: ClassVar[str] = "sklearn"
    title: ClassVar[str] = "scikit-learn search"
    live: ClassVar[str] = "after the search has ended, when its results are written"
    verified: ClassVar[str] = "files written from scikit-learn 1.9, against cv_results_ in memory"

    def roots(self, folder: Folder) -> list[str]:
        """Return the names of the tables with candidates."""
        names = [n for n in folder.files if n.lower().endswith(".csv") and _may_be(n.lower())]
        return [n for n in sorted(names)[:_MOST_FILES] if _is_search(f"{folder.path}/{n}")]

    def survey(self, root: Path, memory: object | None) -> Survey:
        """Return a run for each row."""
        facts = facts_of(str(root))
        if isinstance(memory, _Memory) and memory.facts == facts:
            return Survey(memory.refs, memory, memory.faults)
        try:
            table = _table(str(root), facts)
        except FormatError as problem:
            before = memory.refs if isinstance(memory, _Memory) else {}
            return Survey(before, memory, (Fault(root.name, problem.message),))
        refs = {key: RunRef(key, stamp(row), live=False) for key, row in table.rows.items()}
        return Survey(refs, _Memory(facts, refs, table.faults), table.faults)

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the candidate at ``key``."""
        del progress, now  # the file is whole or is not there
        table = _table(str(root), facts_of(str(root)))
        row = _row(table, root, key)
        faults: list[Fault] = []
        params = _params(table.header, row, root.name, key, faults)
        series = _series(table.header, row)
        faults += _odd_cells(table.header, row, root.name, key)
        scores = [series[name] for name in series if name.startswith(_SCORE)]
        failed = any(score != score for score in scores)  # noqa: PLR0124 - NaN
        experiment = _experiment(root)
        card = RunCard(
            run_id="",
            name=f"{experiment}#{int(key[1:])}",
            experiment=experiment,
            status=FAILED if failed else FINISHED,
            inferred=True,
            params=params,
            metrics=_points(series).metrics(),
            artifacts=(Artifact(root.name, table.size),),
            facts={
                "raw_status": "a score is NaN" if failed else "scored",
                "concluded": "a score that is NaN" if failed else "its scores, none of them NaN",
            },
            faults=tuple(faults),
        )
        return Reading(card, b"")

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return the figures of the candidate, each a curve of one point."""
        table = _table(str(root), facts_of(str(root)))
        return _points(_series(table.header, _row(table, root, key))).past(metrics, progress)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return the file itself, in which every candidate is."""
        if path != root.name:
            raise NotFoundError(f"{key} has no file {path!r}.")
        return root

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return nothing: the results are all there is."""
        del root, key
        return {}


class _Memory(NamedTuple):
    facts: object
    refs: Mapping[str, RunRef]
    faults: tuple[Fault, ...]


class _Table(NamedTuple):
    header: tuple[str, ...]
    rows: Mapping[str, tuple[str, ...]]
    size: int
    faults: tuple[Fault, ...]


def _may_be(name: str) -> bool:
    return any(word in name for word in _WORDS)


def _is_search(path: str) -> bool:
    head = first_bytes(path, 1 << 16).partition(b"\n")[0].decode("utf-8", "replace")
    names = next(csv.reader([head[:60_000]]), [])
    return _PARAMS in names and any(name.startswith(_SCORE) for name in names)


def _experiment(root: Path) -> str:
    """Return the folder's name, and the file's where that is a name of its own."""
    folder = root.absolute().parent.name or root.stem
    return folder if root.stem == "cv_results" else f"{folder}/{root.stem}"


@lru_cache(maxsize=2)
def _table(path: str, facts: object) -> _Table:
    """Return the rows of a file that has those facts; a row being written is not yet one."""
    del facts  # a part of what is asked, not of the answer
    data = read_small(path, _LARGEST)
    name = Path(path).name
    text = data[: data.rfind(b"\n") + 1].decode("utf-8", "replace")
    rows = csv.reader(io.StringIO(text, newline=""))
    faults: list[Fault] = []
    found: dict[str, tuple[str, ...]] = {}
    header = tuple(next(_safely(rows, name, faults), ()))
    if _PARAMS not in header or len(header) > _MOST_COLUMNS or len(set(header)) < len(header):
        raise FormatError("The header is not that of a search's results.")
    if any("\ufffd" in column for column in header):
        faults.append(Fault(name, "has names that are not UTF-8", 1))
    short = 0
    for number, row in enumerate(_safely(rows, name, faults)):
        short = 0
        if len(found) >= _MOST_ROWS:
            faults.append(Fault(name, f"holds more than {_MOST_ROWS:,} rows"))
            break
        if len(row) == len(header):
            found[f"#{number:06}"] = tuple(row)
        else:
            short = rows.line_num
            if len(faults) < _MOST_FAULTS:
                reason = f"has {len(row)} fields, not {len(header)}; left out"
                faults.append(Fault(name, reason, short))
    if short and len(data) > len(text.encode("utf-8", "replace")):
        faults.pop()  # the last row holds a line break and is not yet written to its end
    return _Table(header, found, len(data), tuple(faults))


def _safely(rows: Any, name: str, faults: list[Fault]) -> Iterator[list[str]]:
    """Yield rows up to one that is no CSV."""
    try:
        yield from (row for row in rows if row)
    except csv.Error as problem:
        faults.append(Fault(name, f"cannot be read on: {problem}", rows.line_num))


def _row(table: _Table, root: Path, key: str) -> tuple[str, ...]:
    row = table.rows.get(key)
    if row is None:
        raise FormatError(f"{key} is not a row of {root.name}.")
    return row


def _series(header: tuple[str, ...], row: tuple[str, ...]) -> dict[str, float]:
    """Return the figures of a row; an empty one is how NaN is written there."""
    found: dict[str, float] = {}
    for name, text in zip(header, row, strict=True):
        if not name or name == _PARAMS or name.startswith((_PARAM, "Unnamed:")):
            continue
        try:
            found[name] = float(text) if text else float("nan")
        except ValueError:
            continue
    return found


def _odd_cells(header: tuple[str, ...], row: tuple[str, ...], name: str, key: str) -> list[Fault]:
    """Return a fault for each figure of a search that is no number."""
    figures = ("mean_", "std_", "rank_", "split")
    odd = [
        f"{column} of {key} is {text[:80]!r}, which is no number"
        for column, text in zip(header, row, strict=True)
        if column != _PARAMS and not column.startswith(_PARAM)
        if text and not _is_number(text)
        if column.startswith(figures) or "\ufffd" in text
    ]
    return [Fault(name, reason) for reason in odd[:_MOST_FAULTS]]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _points(series: Mapping[str, float]) -> Series:
    found = Series()
    for name, value in series.items():
        found.add(name, value, None)
    return found


def _params(
    header: tuple[str, ...], row: tuple[str, ...], name: str, key: str, faults: list[Fault]
) -> dict[str, Any]:
    """Return the candidate's params: the dictionary, or column by column where that has objects."""
    cells = dict(zip(header, row, strict=True))
    said = literal(cells[_PARAMS])
    try:
        if isinstance(said, dict):
            return flat(said)
        columns = {n.removeprefix(_PARAM): t for n, t in cells.items() if n.startswith(_PARAM)}
        return flat({n: scalar(text) for n, text in columns.items() if text})
    except FormatError as problem:
        faults.append(Fault(name, f"the params of {key} cannot be read: {problem}"))
        return {}


def literal(text: str) -> Any:
    """Return the Python literal a text is; None where it is none, or too large a one."""
    if len(text) > _LONGEST_LITERAL:
        return None
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return None


def scalar(text: str) -> Any:
    """Return the number, the truth value or the literal a cell holds, or its text."""
    if text == "None":
        return None
    found = literal(text)
    return text if found is None else found
