"""What `watch` prints: runs as they come and go, and versions of datasets."""

from pathlib import Path

from tests.building import write_run, write_workspace
from tests.dataset_building import claim
from workbench.clock import FixedClock
from workbench.operations.news import News, follow, look_once
from workbench.operations.session import open_session


def said(news: list[News]) -> list[tuple[str, str, str]]:
    """Return what, name and detail of news."""
    return [(one.what, one.name, one.detail) for one in news]


def test_versions_that_came_since_the_last_look_are_named_once(tmp_path: Path) -> None:
    """In their order, beside the runs; an index that is new names none."""
    root = write_workspace(tmp_path / "w")
    write_run(root, number=1)
    claim(root, "census", 1, rows=3)
    clock = FixedClock()
    with open_session(root, clock=clock) as first:
        assert said(list(look_once(first))) == [("here", "1 run", "")]
    claim(root, "census", 2, rows=1, how="followed")
    claim(root, "census", 3)
    with open_session(root, clock=clock) as second:
        assert said(list(look_once(second))) == [
            ("registered", "census@2", "1 row, followed"), ("registered", "census@3", "added"),
        ]  # fmt: skip
    with open_session(root, clock=clock) as third:
        assert list(look_once(third)) == []


def test_a_version_that_cannot_be_read_is_a_fault_and_no_news(tmp_path: Path) -> None:
    """Its number is not told as if it were there."""
    root = write_workspace(tmp_path / "w")
    clock = FixedClock()
    with open_session(root, clock=clock) as first:
        list(look_once(first))
    (root / "datasets/census/1").mkdir(parents=True)
    with open_session(root, clock=clock) as second:
        fault, count = look_once(second)
        assert (fault.what, fault.name) == ("fault", "datasets/census/1/manifest.json")
        assert fault.detail
        assert (count.what, count.name) == ("faults", "1 in all")
    with open_session(root, clock=clock) as third:
        assert list(look_once(third)) == []


def test_a_version_is_told_when_it_arrives(tmp_path: Path) -> None:
    """While somebody follows."""
    root = write_workspace(tmp_path / "w")
    with open_session(root, in_memory=True) as session:
        news = follow(session)
        write_run(root, number=1)
        assert next(one for one in news if one.what in ("new", "here"))
        claim(root, "census", 1, rows=3)
        told = next(one for one in news if one.what == "registered")
        assert (told.name, told.detail) == ("census@1", "3 rows, added")
        news.close()  # type: ignore[attr-defined]
