"""A catalogue of one's own: who comes second takes the next, what is broken is made anew."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.catalogue.storing import BEGIN, arrival, put, run_card
from workbench.catalogue import connection, ingest
from workbench.catalogue.arrivals import since
from workbench.catalogue.connection import Catalogue, open_catalogue
from workbench.catalogue.finding import by_id, by_id_part, by_name, every
from workbench.catalogue.naming import find_by_name
from workbench.catalogue.places import children, numbers, places

HOLDER = """
import sys
from pathlib import Path
from workbench.catalogue.connection import open_catalogue
catalogue = open_catalogue(Path(sys.argv[1]))
print(catalogue.path.name, flush=True)
sys.stdin.read()
"""


@contextmanager
def opened(folder: Path | None) -> Iterator[Catalogue]:
    """Open a catalogue and let go of it."""
    catalogue = open_catalogue(folder)
    try:
        yield catalogue
    finally:
        catalogue.close()


def fill(catalogue: Catalogue, *numbers_: int) -> None:
    """Put runs in."""
    ingest.set_sources(catalogue, [("native", ".")])
    put(catalogue, [arrival(run_card(number)) for number in numbers_])


def test_what_was_stored_is_there_the_next_time(tmp_path: Path) -> None:
    """A catalogue that is opened again is not fresh and holds its runs."""
    with opened(tmp_path) as catalogue:
        assert catalogue.fresh
        fill(catalogue, 0, 1)
    with opened(tmp_path) as catalogue:
        assert not catalogue.fresh
        assert every(catalogue) == (2, 1)


def test_another_process_takes_the_next_file(tmp_path: Path) -> None:
    """Two programs on one workspace never share a file; the first is free again in the end."""
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "catalogue-0.duckdb"
        with opened(tmp_path) as catalogue:
            assert catalogue.path == tmp_path / "catalogue-1.duckdb"
        other.communicate()
    with opened(tmp_path) as catalogue:
        assert catalogue.path == tmp_path / "catalogue-0.duckdb"


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 1000, b"\0" * 20_000])
def test_a_damaged_file_is_set_aside(tmp_path: Path, damage: bytes) -> None:
    """The catalogue is made anew, and what was there is kept beside it for whoever asks."""
    (tmp_path / "catalogue-0.duckdb").write_bytes(damage)
    with opened(tmp_path) as catalogue:
        assert catalogue.fresh
        fill(catalogue, 0)
        assert every(catalogue) == (1,)
    aside = tmp_path / "catalogue-0.duckdb.bad"
    assert not damage or aside.read_bytes() == damage


def test_another_schema_is_built_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of another version is emptied, not half understood."""
    with opened(tmp_path) as catalogue:
        fill(catalogue, 0)
        catalogue.cursor().execute("CREATE TABLE of_another_version (x INTEGER)")
    monkeypatch.setattr(connection, "SCHEMA", connection.SCHEMA + 1)
    with opened(tmp_path) as catalogue:
        assert catalogue.fresh
        assert every(catalogue) == ()
        fill(catalogue, 3)
    with opened(tmp_path) as catalogue:
        assert not catalogue.fresh
        left = catalogue.cursor().execute("SELECT count(*) FROM duckdb_tables() WHERE table_name "
                                          "= 'of_another_version'")  # fmt: skip
        assert left.fetchall() == [(0,)]


def test_every_thread_asks_through_a_cursor_of_its_own() -> None:
    """Many threads read at once while another writes; each sees whole runs only."""
    with opened(None) as catalogue:
        fill(catalogue, *range(50))

        def ask(_: int) -> bool:
            answer = catalogue.cursor().execute("SELECT count(*) FROM runs").fetchall()
            return bool(answer == [(50,)])

        with ThreadPoolExecutor(8) as pool:
            writing = pool.submit(fill, catalogue, *range(50))
            assert all(pool.map(ask, range(200)))
            writing.result()


def test_nothing_is_fetched_or_loaded(tmp_path: Path) -> None:
    """No extension is ever installed, and memory is bounded."""
    with opened(tmp_path) as catalogue:
        told = catalogue.cursor().execute(
            "SELECT name, value FROM duckdb_settings() WHERE name IN "
            "('autoinstall_known_extensions', 'autoload_known_extensions', 'memory_limit')"
        )
        found = dict(told.fetchall())
    assert found["autoinstall_known_extensions"] == found["autoload_known_extensions"] == "false"
    assert found["memory_limit"].endswith("MiB")


def test_runs_are_found_by_what_people_call_them() -> None:
    """By id, by the beginning or the end of it, by name, by letters; newest first."""
    with opened(None) as catalogue:
        ingest.set_sources(catalogue, [("native", ".")])
        put(catalogue, [arrival(run_card(0, name="Grid %")), arrival(run_card(1, parent="run000"))])
        assert by_id(catalogue, "run001") == (2,)
        assert by_id(catalogue, "run") == ()
        assert by_id_part(catalogue, "RUN") == (2, 1)
        assert by_id_part(catalogue, "001") == (2,)
        assert by_name(catalogue, "Grid %") == (1,)
        assert by_name(catalogue, "grid %") == ()
        assert find_by_name(catalogue, "GRID") == ((1, "run000", "Grid %"),)
        assert find_by_name(catalogue, "%") == ((1, "run000", "Grid %"),)
        assert children(catalogue, "run000") == (2,)
        assert numbers(catalogue, ["run001", "nobody"]) == {"run001": 2}
        assert [place.run for place in places(catalogue, [2, 99, 1])] == [2, 1]


def test_what_arrived_since_a_moment_comes_newest_first() -> None:
    """A run counts from its end, or from its start while it has none; archived ones do not."""
    with opened(None) as catalogue:
        ingest.set_sources(catalogue, [("native", ".")])
        old = run_card(0, started=BEGIN, ended=BEGIN + 1)
        ended = run_card(1, started=BEGIN, ended=BEGIN + 50)
        going = run_card(2, started=BEGIN + 60, ended=None)
        away = arrival(run_card(3, ended=BEGIN + 70), archived=True)
        put(catalogue, [arrival(old), arrival(ended), arrival(going), away])
        found = since(catalogue, BEGIN + 10)
        assert [run.run_id for run in found.runs] == ["run002", "run001"]
        assert found.more == 0
        put(catalogue, [arrival(run_card(n, ended=BEGIN + 100)) for n in range(10, 220)])
        found = since(catalogue, BEGIN + 10)
        assert (len(found.runs), found.more) == (200, 12)
