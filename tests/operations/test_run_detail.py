"""Everything about one run, and what can be shown of its files."""

import io
import json
import pickle  # noqa: TID251 - to see that it is refused
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.building import Built, write_run, write_workspace
from workbench.clock import FixedClock
from workbench.errors import NotFoundError
from workbench.operations import run_detail
from workbench.operations.run_detail import Preview, RunDetail, Table
from workbench.operations.session import Session, open_session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session on an empty workspace."""
    with open_session(write_workspace(tmp_path / "w"), clock=FixedClock(), in_memory=True) as made:
        yield made


def number_of(session: Session, run: Built) -> int:
    """Return the catalogue's number of a run."""
    session.sweep()
    rows = session.catalogue.cursor().execute("SELECT run_id, run FROM runs").fetchall()
    return int(dict(rows)[run.run_id])


def detail(session: Session, run: Built) -> RunDetail:
    """Return everything about a run."""
    return run_detail.detail(session, number_of(session, run))


def shown(session: Session, name: str, data: bytes, *, rows: int = 200) -> Preview:
    """Return what is shown of a file a run left behind."""
    run = write_run(session.root, artifacts={name: data})
    return run_detail.preview(session, number_of(session, run), name, rows=rows)


def test_a_run_knows_its_family(session: Session) -> None:
    """Parent and children with name and status, the oldest child first."""
    parent = write_run(session.root, number=0, name="grid")
    for number in (2, 1):
        write_run(
            session.root,
            number=number,
            name=f"try-{number}",
            parent=parent.run_id,
            status=("FAILED", None)[number - 1],
            started=1_795_000_000.0 + number,
        )
    found = detail(session, parent)
    assert found.parent is None
    assert [(one.name, one.status) for one in found.children] == [
        ("try-1", "FAILED"), ("try-2", "RUNNING"),
    ]  # fmt: skip
    child = run_detail.detail(session, found.children[0].run)
    assert child.parent is not None
    assert (child.parent.run_id, child.parent.name) == (parent.run_id, "grid")


def test_a_parent_that_is_not_here_is_none(session: Session) -> None:
    """A run copied without its parent is shown all the same."""
    assert detail(session, write_run(session.root, parent="elsewhere")).parent is None


def test_what_was_captured_is_there(session: Session) -> None:
    """Environment, uncommitted changes and console; the folder to copy."""
    run = write_run(session.root)
    (run.folder / "environment.json").write_text('{"packages": {"numpy": "2"}}', "utf-8")
    (run.folder / "source.diff").write_text("-a\n+ä\n", "utf-8")
    (run.writer() / "console.log").write_text("epoch 1\n", "utf-8")
    found = detail(session, run)
    assert found.environment == {"packages": {"numpy": "2"}}
    assert (found.diff, found.console) == ("-a\n+ä\n", "epoch 1\n")
    assert found.folder == run.folder
    assert found.record.run_id == run.run_id


@pytest.mark.parametrize("text", ["", "{", "[]", "3", "[" * 100_000])
def test_an_environment_that_cannot_be_read_is_empty(session: Session, text: str) -> None:
    """The rest of the page is there."""
    run = write_run(session.root)
    (run.folder / "environment.json").write_text(text, "utf-8")
    assert detail(session, run).environment == {}


def test_a_long_console_shows_its_end_from_a_whole_line(tmp_path: Path) -> None:
    """The last 64 KB, without the half of a line they begin with."""
    path = tmp_path / "console.log"
    lines = [f"line {number} é" for number in range(20_000)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    found = run_detail.tail(path)
    assert found.endswith("line 19999 é\n")
    assert found.splitlines() == lines[-len(found.splitlines()) :]
    assert 60_000 < len(found.encode()) <= 65_536
    assert run_detail.tail(None) == ""
    assert "cannot be read" in run_detail.tail(tmp_path / "none")


def test_a_run_that_is_gone_is_told(session: Session) -> None:
    """Between its deletion and the next sweep a person may still open it."""
    with pytest.raises(NotFoundError, match="no longer"):
        run_detail.detail(session, 99)
    run = write_run(session.root, artifacts={"a.txt": b"x"})
    number = number_of(session, run)
    for path in ("b.txt", "../run.json", "/etc/passwd", "", "a.txt/../../run.json"):
        with pytest.raises(NotFoundError):
            run_detail.preview(session, number, path)


def test_text_is_shown_as_it_is(session: Session) -> None:
    """Letters that are none are replaced; the size is the file's."""
    found = shown(session, "notes/läs.md", "# Ü\n".encode() + b"\xff")
    assert found == Preview("notes/läs.md", 6, text="# Ü\n\ufffd")


def test_a_large_text_shows_its_beginning_and_says_so(session: Session) -> None:
    """A megabyte is enough to know what it is."""
    found = shown(session, "a.log", b"x" * ((1 << 20) + 5))
    assert found.text == "x" * (1 << 20) + "\n… only the first megabyte is shown."
    assert found.size == (1 << 20) + 5


def test_json_is_shown_so_that_it_can_be_read(session: Session) -> None:
    """One that is broken is shown as it is."""
    data = {"ä": [1, {"b": None}]}
    found = shown(session, "a.json", json.dumps(data).encode())
    assert found.text == json.dumps(data, indent=2, ensure_ascii=False)
    run = write_run(session.root, number=2, artifacts={"b.json": b'{"a": '})
    assert run_detail.preview(session, number_of(session, run), "b.json").text == '{"a": '


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.csv", b'a,b\n1,"x, y"\n,2\n3\n4,5,6\n'),
        ("T.CSV", b'a,b\r\n1,"x, y"\r\n,2\r\n3\r\n4,5,6\r\n'),
        ("t.tsv", b"a\tb\n1\tx, y\n\t2\n3\n4\t5\t6\n"),
    ],
)
def test_tables_of_text_are_tables(session: Session, name: str, data: bytes) -> None:
    """Every value as it is written, whatever is missing or too much."""
    table = shown(session, name, data, rows=3).table
    assert table == Table(("a", "b"), (("1", "x, y"), ("", "2"), ("3", "")), more=True)


def test_a_parquet_file_is_a_table(session: Session) -> None:
    """Numbers, text and missing values are written out."""
    import polars as pl

    file = io.BytesIO()
    pl.DataFrame({"n": [1.5, None, 3.0], "t": ["a", "b", None]}).write_parquet(file)
    table = shown(session, "t.parquet", file.getvalue()).table
    assert table == Table(("n", "t"), (("1.5", "a"), ("", "b"), ("3.0", "")), more=False)


@pytest.mark.parametrize("name", ["t.csv", "t.parquet", "t.tsv"])
@pytest.mark.parametrize("data", [b"", b"\0\1\2", b"PAR1 no parquet PAR1"], ids=["0", "1", "2"])
def test_a_table_that_is_none_says_why_or_shows_what_is_there(
    session: Session, name: str, data: bytes
) -> None:
    """No file brings the page down."""
    found = shown(session, name, data)
    assert found.table or found.reason
    assert found.size == len(data)


class Trap:
    """Unpickled, it would leave a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("kind", [".pkl", ".pickle", ".joblib", ".pt", ".pth", ".ckpt", ".npy",
                                  ".NPZ"])  # fmt: skip
def test_what_could_run_code_is_never_opened(session: Session, tmp_path: Path, kind: str) -> None:
    """Only its size is told, and why there is no more."""
    trap = tmp_path / "sprung"
    found = shown(session, f"model{kind}", pickle.dumps(Trap(trap)))
    assert found.reason
    assert (found.text, found.table, found.image) == ("", None, None)
    assert not trap.exists()


def test_other_files_are_told_apart_by_what_is_in_them(session: Session) -> None:
    """An image by its name, a binary file by its zeros, anything else is text."""
    run = write_run(session.root, artifacts={"a.PNG": b"\x89PNG", "b.dat": b"ab\0", "c": b"plain"})
    number = number_of(session, run)
    image = run_detail.preview(session, number, "a.PNG").image
    assert image == run.folder / "artifacts" / "a.PNG"
    assert "binary" in run_detail.preview(session, number, "b.dat").reason
    assert run_detail.preview(session, number, "c").text == "plain"
