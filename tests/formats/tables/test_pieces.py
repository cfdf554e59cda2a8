"""Tables of metrics: rows over several lines, files written anew in place, and no end of bytes."""

import math
import tracemalloc
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import FormatError
from workbench.formats.contract import Fault
from workbench.formats.tables.beginnings import beginning, is_table
from workbench.formats.tables.followed_tables import Notes, follow
from workbench.formats.tables.pieces import pieces
from workbench.formats.tables.state import (
    ANY,
    MOST_COLUMNS,
    MOST_FAULTS,
    Column,
    News,
    Roles,
    TableState,
)
from workbench.tail import LONGEST_LINE


def read_news(path: str, state: TableState, roles: Roles = ANY) -> News:
    """Return all that is new in a table as one piece."""
    columns: dict[str, Column] = {}
    restarted = False
    for news in pieces(path, state, roles):
        columns, restarted = ({}, True) if news.restarted else (columns, restarted)
        for name, column in news.columns.items():
            whole = columns.setdefault(name, Column([], [], []))
            for part, more in zip(whole, column, strict=True):
                part.extend(more)
    return News(columns, restarted)


def read(path: Path, state: TableState | None = None) -> dict[str, list[float]]:
    """Return the values of all metrics that are new in a table."""
    news = read_news(str(path), state or TableState())
    return {name: column.values for name, column in news.columns.items()}


def test_a_cell_may_hold_a_newline(tmp_path: Path) -> None:
    """A quoted cell over two lines is one cell, and its second line is no row."""
    path = tmp_path / "m.csv"
    path.write_bytes(b'step,note,loss\r\n0,"a\r\n9,b",1\r\n1,"say ""x""",2\r\n2,c,3\r\n')
    state = TableState()
    assert read(path, state) == {"loss": [1, 2, 3]}
    assert (state.bad, state.rows, state.lines) == (0, 3, 5)


def test_a_quoted_cell_that_has_not_ended_waits(tmp_path: Path) -> None:
    """Its row comes when the cell ends, and meanwhile it is said that one is open."""
    path, state = tmp_path / "m.csv", TableState()
    path.write_bytes(b'step,note,loss\n0,x,1\n1,"a\n2,')
    assert read(path, state) == {"loss": [1]}
    assert state.waiting == 3
    with path.open("ab") as file:
        file.write(b'z",5\n2,y,6\n')
    assert read(path, state) == {"loss": [5, 6]}
    assert (state.waiting, state.bad) == (0, 0)


def test_a_quote_that_never_ends_costs_one_line(tmp_path: Path) -> None:
    """After a damaged line the rows go on, and the damage is told with its line."""
    path, state = tmp_path / "m.csv", TableState()
    rows = "".join(f"{n},x,{n}\n" for n in range(2, 200))
    path.write_text('step,note,loss\n0,x,0\n1,"x,1\n' + rows, "utf-8")
    assert read(path, state)["loss"] == [0, *range(2, 200)]
    assert [line for line, _ in state.faults] == [3]


def test_quotes_in_a_header_are_no_separators(tmp_path: Path) -> None:
    """Commas within quotes do not decide what separates the cells."""
    path = tmp_path / "m.csv"
    path.write_text('epoch;"f1, macro, a, b";"x ""y"""\n0;0,5;1\n1;;2,5\n', "utf-8")
    assert read(path) == {"f1, macro, a, b": [0.5], 'x "y"': [1, 2.5]}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_separator_and_ending_gives_the_same(
    tmp_path: Path, separator: str, end: str
) -> None:
    """What separates cells and lines does not change a number; blanks and NA are absent."""
    rows = [["epoch", "loss", "acc"], ["0", "nan", ""], ["1", "-inf", "NA"], ["2", "1e-3", "0.5"]]
    path = tmp_path / "m.csv"
    path.write_bytes("".join(separator.join(row) + end for row in rows).encode())
    found = read_news(str(path), TableState()).columns
    assert repr(found["loss"].values) == "[nan, -inf, 0.001]"
    assert (found["acc"].values, found["acc"].steps) == ([0.5], [2.0])


def test_a_header_written_anew_in_place_is_noticed(tmp_path: Path) -> None:
    """Also far behind the first bytes, in a file that became longer and kept its place."""
    path, state = tmp_path / "m.csv", TableState()
    names = [f"metric_{n:03}" for n in range(100)]
    row = ",".join(["1"] * 100)
    path.write_text(f"step,{','.join(names)}\n0,{row}\n", "utf-8")
    assert len(read(path, state)) == 100
    with path.open("r+b") as file:
        file.write(f"step,{','.join(names)},zz\n0,{row},\n1,{row},7\n".encode())
    news = read_news(str(path), state)
    assert news.restarted
    assert news.columns["zz"].values == [7]
    assert news.columns["metric_000"].values == [1, 1]


def test_rows_written_anew_in_place_are_noticed(tmp_path: Path) -> None:
    """A file of another run with the same header and more rows is no continuation."""
    path, state = tmp_path / "m.csv", TableState()
    path.write_text("step,loss\n" + "".join(f"{n},0.5\n" for n in range(100)), "utf-8")
    read(path, state)
    with path.open("r+b") as file:
        file.write(b"step,loss\n" + b"".join(b"%d,0.7\n" % n for n in range(101)))
    news = read_news(str(path), state)
    assert (news.restarted, news.columns["loss"].values) == (True, [0.7] * 101)


@pytest.mark.parametrize("at", [b"loss", b"\n0,", b"\n99,"])
def test_a_change_anywhere_that_is_remembered_is_noticed(tmp_path: Path, at: bytes) -> None:
    """A name of the same length, or other numbers at the beginning or where reading stopped."""
    path, state = tmp_path / "m.csv", TableState()
    data = b"step,loss\n" + b"".join(b"%d,0.5\n" % n for n in range(100))
    path.write_bytes(data)
    read(path, state)
    place = data.index(at) + len(at) - 1
    with path.open("r+b") as file:
        file.write(data[:place] + b"7" + data[place + 1 :] + b"100,1\n")
    assert read_news(str(path), state).restarted


def test_a_new_header_amid_the_rows_holds_from_there(tmp_path: Path) -> None:
    """A resumed script that logs other columns writes another header, and both are understood."""
    path, state = tmp_path / "m.csv", TableState()
    path.write_text("step,loss\n0,1\nstep,loss\n1,2\nstep,acc,loss\n2,0.5,3\n", "utf-8")
    assert read(path, state) == {"loss": [1, 2, 3], "acc": [0.5]}
    assert state.bad == 0


def test_remarks_before_the_header_are_passed(tmp_path: Path) -> None:
    """Lines that begin with a number sign are no header."""
    path = tmp_path / "m.csv"
    path.write_text('# {"env": "CartPole"}\n\nstep,loss\n0,1\n', "utf-8")
    assert is_table(beginning(path.parent, path.name))
    assert read(path) == {"loss": [1]}


def test_a_text_amid_numbers_is_a_fault_and_a_column_of_texts_is_not(tmp_path: Path) -> None:
    """One damaged cell costs itself, at the beginning too; words are no damage."""
    path, state = tmp_path / "m.csv", TableState()
    path.write_text("step,loss,phase\n0,x1,a\n1,2,b\n2,y,3\n3,4,4\n", "utf-8")
    assert read(path, state) == {"loss": [2, 4]}
    assert [line for line, _ in state.faults] == [2, 4]
    assert state.words["phase"].first == "a"


def test_no_column_gives_the_steps_of_another(tmp_path: Path) -> None:
    """Where a step is missing there is none, though the epoch is there."""
    path = tmp_path / "m.csv"
    path.write_text("step,epoch,loss\n0,0,1\n,1,2\n5,1,3\n", "utf-8")
    found = read_news(str(path), TableState()).columns
    assert repr(found["loss"].steps) == "[0.0, nan, 5.0]"
    assert found["epoch"].values == [0, 1, 1]


def test_a_table_too_wide_is_read_in_part(tmp_path: Path) -> None:
    """Of a hundred thousand columns the first are read, and the others are told of."""
    path = tmp_path / "m.csv"
    names = ",".join(f"c{n}" for n in range(100_000))
    row = ",".join(["1"] * 100_000)
    path.write_text(f"step,{names}\n0,{row}\n1,{row}\n", "utf-8")
    faults: list = []
    metrics = follow(str(tmp_path), "", ["m.csv"], Notes(), faults)
    assert len(metrics) == MOST_COLUMNS - 1
    assert len(faults) == 1
    assert "100,001 columns" in faults[0].reason


def test_lines_with_no_end_of_names_are_read_in_part(tmp_path: Path) -> None:
    """A script that logs under a new name at every step does not fill the memory."""
    path = tmp_path / "m.jsonl"
    path.write_text(
        "".join(f'{{"step": {n}, "m{n}": 1}}\n' for n in range(MOST_COLUMNS + 500)), "utf-8"
    )
    state = TableState()
    assert len(read(path, state)) == MOST_COLUMNS
    assert len(state.faults) == 1


@pytest.mark.parametrize("name", ["m.csv", "m.jsonl"])
def test_a_line_too_long_is_stepped_over_once(tmp_path: Path, name: str) -> None:
    """It is never held, not looked at again while it grows, and told when it ends."""
    path, state = tmp_path / name, TableState()
    lines = {
        "m.csv": (b"step,loss\n0,1\n", b"1,2\n"),
        "m.jsonl": (b'{"step": 0, "loss": 1}\n', b'{"step": 1, "loss": 2}\n'),
    }[name]
    path.write_bytes(lines[0] + b"9" * (2 * LONGEST_LINE))
    tracemalloc.start()
    assert read(path, state) == {"loss": [1]}
    assert tracemalloc.get_traced_memory()[1] < 6 * LONGEST_LINE
    tracemalloc.stop()
    reached = state.offset
    assert reached == path.stat().st_size
    with path.open("ab") as file:
        file.write(b"9\n" + lines[1])
    assert read(path, state) == {"loss": [2]}
    assert state.faults == [(3 if name == "m.csv" else 2,
                             f"a line of {2 * LONGEST_LINE + 2:,} bytes was left out")]  # fmt: skip


def test_a_sparse_file_of_gigabytes_is_no_table(tmp_path: Path) -> None:
    """A first line that does not end is refused after a few megabytes."""
    path = tmp_path / "m.csv"
    with path.open("wb") as file:
        file.truncate(2 << 30)
    with pytest.raises(FormatError, match="its first line"):
        read(path)


def test_a_large_table_is_read_in_pieces(tmp_path: Path) -> None:
    """What is held at a time is a few megabytes of it, whatever the size of the file."""
    path = tmp_path / "m.csv"
    line = b"123456,0.123456789,0.987654321,,1e-7\n"
    path.write_bytes(b"step,a,b,c,d\n" + line * 200_000)
    rows = [len(news.columns["a"].values) for news in pieces(str(path), TableState())]
    assert (sum(rows), len(rows) > 3, max(rows) * len(line) < 4 << 20) == (200_000, True, True)
    faults: list = []
    metrics = follow(str(tmp_path), "", ["m.csv"], Notes(), faults)
    assert {name: s.count for name, s in metrics.items()} == dict.fromkeys("abd", 200_000)
    assert faults == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("m.csv", b'step,note,loss\r\n0,"a\r\n9,""b",1\r\n1,c,nan\r\n2,"d, e",-3e-2\r\n'),
        ("m.tsv", b"epoch\tloss\n0\t1\n1\t\n2\t0.5\nepoch\tacc\n3\t0.25\n"),
        ("m.jsonl", b'{"step": 0, "x": NaN}\n{"step": 1, "a": {"b": 2}}\n\n{"x": 1}\n'),
    ],
)  # fmt: skip
def test_a_table_that_grows_by_the_byte_gives_what_the_whole_gives(
    tmp_path: Path, name: str, data: bytes
) -> None:
    """The end of a file is never taken for the end of a row, and no row is taken twice."""
    path, state = tmp_path / name, TableState()
    path.write_bytes(b"")
    found: dict[str, list[tuple[str, str]]] = {}
    for byte in data:
        with path.open("ab") as file:
            file.write(bytes([byte]))
        news = read_news(str(path), state)
        assert not news.restarted
        for metric, column in news.columns.items():
            points = zip(map(repr, column.steps), map(repr, column.values), strict=True)
            found.setdefault(metric, []).extend(points)
    whole = read_news(str(path), TableState()).columns
    assert found == {
        metric: list(zip(map(repr, column.steps), map(repr, column.values), strict=True))
        for metric, column in whole.items()
    }
    assert (state.bad, len(found) > 0) == (0, True)


CELLS = ("1", "-2.5e3", "nan", "inf", "", " 7 ", "NA", "x", "0.1", "1_0", "-")


@given(
    rows=st.lists(st.tuples(*[st.sampled_from(CELLS)] * 3), max_size=12),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_rows_give_the_same_with_and_without_quotes(
    rows: list[tuple[str, ...]], end: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The quick way, taken where no cell is quoted, and the careful one agree on every table."""
    path, told = tmp_path_factory.mktemp("t") / "m.csv", []
    for quoted in ("", ',"q"'):
        head = "step,a,b" + (",z" if quoted else "")
        lines = [head, *(f"{','.join(row)}{quoted}" for row in rows)]
        path.write_bytes("".join(line + end for line in lines).encode())
        state = TableState()
        columns = read_news(str(path), state).columns
        told.append((repr(sorted(columns.items())), state.faults, state.rows))
    assert told[0] == told[1]


def test_only_the_points_asked_for_are_held(tmp_path: Path) -> None:
    """One curve of a wide table costs what one curve costs."""
    path = tmp_path / "m.csv"
    path.write_text("step,a,b\n" + "".join(f"{n},1,2\n" for n in range(50)), "utf-8")
    found = [news.columns for news in pieces(str(path), TableState(), wanted=frozenset("b"))]
    assert [set(columns) for columns in found] == [{"b"}]


def test_faults_are_counted_not_piled(tmp_path: Path) -> None:
    """A file of nonsense gives a few faults and a number."""
    path = tmp_path / "m.csv"
    path.write_text("step,loss\n0,1\n" + "a,b,c,d\n" * 10_000, "utf-8")
    faults: list = []
    metrics = follow(str(tmp_path), "", ["m.csv"], Notes(), faults)
    assert metrics["loss"].count == 1
    assert len(faults) == MOST_FAULTS + 1
    assert faults[-1].reason == f"{10_000 - MOST_FAULTS:,} more lines are wrong"


def test_notes_survive_being_put_away(tmp_path: Path) -> None:
    """A state goes on from its JSON as it would have from memory."""
    path, state = tmp_path / "m.csv", TableState()
    path.write_text('step,loss,vec\n0,1,"[1, 2]"\n', "utf-8")
    read(path, state)
    state = msgspec.json.decode(msgspec.json.encode(state), type=TableState)
    with path.open("a") as file:
        file.write('1,nan,"[3, 4]"\n')
    news = read_news(str(path), state)
    assert (news.restarted, [math.isnan(v) for v in news.columns["loss"].values]) == (False, [True])


def test_names_and_numbers_that_json_cannot_hold_are_no_harm(tmp_path: Path) -> None:
    """Half a sign in a name is replaced, and an epoch that is no number is not kept."""
    (tmp_path / "m.jsonl").write_text(
        '{"step": 0, "epoch": NaN, "lo\\ud800ss": 1}\n{"step": 1, "lo\\ud800ss": Infinity}\n',
        "utf-8",
    )
    notes, roles = Notes(), Roles(steps=("step",), times=(), aside=("epoch",))
    metrics = follow(str(tmp_path), "", ["m.jsonl"], notes, [], roles)
    assert {name: s.count for name, s in metrics.items()} == {"lo?ss": 2}
    again = msgspec.json.decode(msgspec.json.encode(notes), type=Notes)
    assert follow(str(tmp_path), "", ["m.jsonl"], again, [], roles) == metrics


def test_columns_kept_aside_are_no_metrics(tmp_path: Path) -> None:
    """A framework's epoch is known, and not a curve."""
    path, state = tmp_path / "m.csv", TableState()
    path.write_text("step,epoch,loss\n0,0,1\n1,1,\n", "utf-8")
    news = read_news(str(path), state, Roles(steps=("step",), times=(), aside=("epoch",)))
    assert (set(news.columns), state.aside) == ({"loss"}, {"epoch": 1})


@pytest.mark.parametrize("data", [b"\0\0\n\0,\0\n", b"\xff\xff\n", b'"\n"\n', b",\n,\n", b"\n\n\n"])
def test_nonsense_is_no_table_and_no_crash(tmp_path: Path, data: bytes) -> None:
    """Whatever the bytes are, nothing is found in them and nothing breaks."""
    for name in ("m.csv", "m.jsonl", "metrics.json", "train.log"):
        path = tmp_path / name
        path.write_bytes(data)
        assert not is_table(beginning(path.parent, path.name))
        assert read(path) == {}


def test_a_link_to_a_table_is_not_followed(tmp_path: Path) -> None:
    """A table is a file itself."""
    (tmp_path / "real.csv").write_text("step,loss\n0,1\n", "utf-8")
    (tmp_path / "m.csv").symlink_to(tmp_path / "real.csv")
    assert not is_table(beginning(tmp_path, "m.csv"))
    with pytest.raises((FormatError, OSError)):
        read(tmp_path / "m.csv")


def faults_in(folder: Path, name: str, text: str) -> tuple[set[str], list[tuple[int | None, str]]]:
    """Return the metrics of a table and what is wrong with it, by line."""
    (folder / name).write_text(text, "utf-8")
    faults: list[Fault] = []
    metrics = follow(str(folder), "", [name], Notes(), faults)
    return set(metrics), [(fault.line, fault.reason) for fault in faults]


@pytest.mark.parametrize(
    ("name", "text", "metrics", "told"),
    [
        ("m.csv", "step,loss,loss\n0,1,2\n", {"loss"},
         [(1, "has the column 'loss' more than once; the first is read")]),
        ("m.csv", ",step,loss\n0,0,1\n1,1,1\n", {"loss"}, []),
        ("m.csv", "step,loss,\n0,1,\n1,1,\n", {"loss"}, []),
        ("m.csv", "step,loss,\n0,1,\n1,1,7\n2,1,7\n", {"loss"},
         [(3, "holds numbers without a name, which are left out")]),
        ("m.jsonl", '{"step": 0, "loss": 1}\n{"step": 1, "": 2}\n{"step": 2, "": 2}\n', {"loss"},
         [(2, "holds numbers without a name, which are left out")]),
        ("m.csv", "step,timestamp,loss\n0,1.7e9,1\n1,7,1\n2,,1\n3,x,1\n", {"loss"},
         [(3, "timestamp: '7' is not a time"), (5, "timestamp: 'x' is not a time")]),
        ("m.csv", "step,timestamp,loss\n0,7,1\n1,1.7e9,1\n", {"loss"},
         [(2, "timestamp: '7' is not a time")]),
        ("m.csv", "step,time,loss\n0,0.5,1\n1,1.5,1\n", {"loss", "time"}, []),
        ("m.jsonl", '{"n": 0, "ts": 1.7e9, "a": 1}\n{"ts": 7, "a": 1}\n{"ts": null, "a": 1}\n',
         {"a", "n"}, [(2, "ts: '7.0' is not a time")]),
        ("m.jsonl", '{"step": 0, "a": 1}\n{"step": 1, "a": ' + "9" * 5000 + "}\n{x\n", {"a"},
         [(2, "does not decode: it holds a number of more digits than are read"),
          (3, "does not decode: it is not JSON")]),
        ("m.jsonl", '{"step": 0, "a": 1}\n{"a": ' + "[" * 9000 + "\n", {"a"},
         [(2, "does not decode: it is nested too deep")]),
    ],
)  # fmt: skip
def test_what_is_left_out_of_a_table_is_told(
    tmp_path: Path, name: str, text: str, metrics: set[str], told: list[tuple[int | None, str]]
) -> None:
    """A second column of a name, numbers without one, and times that are none."""
    assert faults_in(tmp_path, name, text) == (metrics, told)


def test_a_time_that_is_none_stays_none_after_a_break(tmp_path: Path) -> None:
    """What a column holds is remembered from look to look."""
    path, notes, faults = tmp_path / "m.jsonl", Notes(), list[Fault]()
    for line in ('{"step": 0, "ts": 1.7e9, "a": 1}\n', '{"step": 1, "ts": 7, "a": 1}\n'):
        with path.open("a") as file:
            file.write(line)
        faults.clear()
        metrics = follow(str(tmp_path), "", ["m.jsonl"], notes, faults)
        notes = msgspec.json.decode(msgspec.json.encode(notes), type=Notes)
    assert (set(metrics), [fault.line for fault in faults]) == ({"a"}, [2])
