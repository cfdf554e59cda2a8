"""Paths as they are stored, and where they lead on another machine."""

from pathlib import Path

import pytest

from workbench.datasets.versions import locating
from workbench.errors import NotFoundError

ROOTS = {"share": ("S:\\ml", "/mnt/s/ml"), "lake": ("../lake",)}


@pytest.mark.parametrize(
    ("path", "stored"),
    [
        ("/w/data/a.csv", "data/a.csv"),
        ("/w/share:x", "./share:x"),
        ("/mnt/s/ml/b/c.csv", "share:b/c.csv"),
        ("/mnt/s/ml", "share:"),
        ("/mnt/s/mlx/c.csv", "/mnt/s/mlx/c.csv"),
        ("/lake/x.csv", "lake:x.csv"),
        ("/elsewhere/x.csv", "/elsewhere/x.csv"),
        ("/w/../elsewhere/x.csv", "/elsewhere/x.csv"),
    ],
)
def test_a_path_is_stored_so_that_others_find_it(path: str, stored: str) -> None:
    """Relative below the workspace, by name below a root, else as it is."""
    assert locating.written(Path(path), Path("/w"), ROOTS) == stored


@pytest.mark.parametrize(
    ("stored", "places"),
    [
        ("data/a.csv", ["/w/data/a.csv"]),
        ("./share:x", ["/w/share:x"]),
        ("share:b/c.csv", ["S:/ml/b/c.csv", "/mnt/s/ml/b/c.csv"]),
        ("share:", ["S:/ml", "/mnt/s/ml"]),
        ("lake:x.csv", ["/lake/x.csv"]),
        ("S:/ml/q.csv", ["/mnt/s/ml/q.csv"]),
        ("s:/ML/q.csv", ["/mnt/s/ml/q.csv"]),
        ("/mnt/s/ml/q.csv", ["/mnt/s/ml/q.csv"]),
        ("D:/other/q.csv", []),
    ],
)
def test_a_stored_path_leads_somewhere_on_every_machine(stored: str, places: list[str]) -> None:
    """What was registered on a Windows drive is found where that drive is mounted."""
    found = locating.candidates(stored, Path("/w"), ROOTS)
    assert [one.as_posix() for one in found] == places


@pytest.mark.parametrize(
    "stored", ["", "../x", "a/../b", "/a/../b", "share:../x", "a\0b", "x" * 5000]
)
def test_a_manifest_leads_nowhere_else(stored: str) -> None:
    """A stored path that climbs, or is none, is refused."""
    with pytest.raises(NotFoundError, match="no path"):
        locating.candidates(stored, Path("/w"), ROOTS)


def test_what_is_not_there_is_said_with_where_it_was_looked_for(tmp_path: Path) -> None:
    """A person can see whether a drive is away, a root is missing or a file is gone."""
    with pytest.raises(NotFoundError, match=r"nothing at .*gone\.csv"):
        locating.found("gone.csv", tmp_path, {})
    with pytest.raises(NotFoundError, match="root 'cold'"):
        locating.found("cold:x.csv", tmp_path, {})
    with pytest.raises(NotFoundError, match="another system"):
        locating.found("D:/x.csv", tmp_path, {})


def test_the_first_place_that_is_there_counts(tmp_path: Path) -> None:
    """A root has as many places as there are systems, and one of them is here."""
    (tmp_path / "mnt/a").mkdir(parents=True)
    (tmp_path / "mnt/a/x.csv").write_bytes(b"x")
    roots = {"share": ("Z:\\", str(tmp_path / "none"), str(tmp_path / "mnt"))}
    assert locating.found("share:a/x.csv", tmp_path, roots) == tmp_path / "mnt/a/x.csv"
    assert locating.written(tmp_path / "mnt/a/x.csv", tmp_path / "w", roots) == "share:a/x.csv"


def test_a_link_that_leads_out_is_stored_as_where_it_leads(tmp_path: Path) -> None:
    """One that stays is stored by its name; a workspace reached by a link is itself."""
    root, big = tmp_path / "w", tmp_path / "big"
    root.mkdir()
    big.mkdir()
    (root / "data").symlink_to(big)
    (big / "a.csv").write_bytes(b"a")
    (tmp_path / "link").symlink_to(root)
    assert locating.written(root / "data/a.csv", root, {}) == (big / "a.csv").as_posix()
    assert locating.written(root / "data/a.csv", root, {"big": (str(big),)}) == "big:a.csv"
    (root / "own.csv").write_bytes(b"a")
    (root / "same.csv").symlink_to(root / "own.csv")
    assert locating.written(root / "same.csv", root, {}) == "same.csv"
    assert locating.written(tmp_path / "link/own.csv", root, {}) == "own.csv"


@pytest.mark.parametrize(
    ("stored", "base", "name"),
    [
        ("data/a.csv", "data", "a.csv"),
        ("data/y/a.csv", "data", "y/a.csv"),
        ("share:a.csv", "share:", "a.csv"),
        ("/a.csv", "/", "a.csv"),
        ("a.csv", "", "a.csv"),
        ("./share:a.csv", "", "share:a.csv"),
        ("share:a.csv", "", None),
        ("data//etc/passwd", "data", None),
        ("data/./a", "data", None),
        ("data/../a", "data", None),
        ("database/a", "data", None),
        ("data", "data", None),
        ("/etc/passwd", "", None),
        ("other/a.csv", "data", None),
    ],
)
def test_a_name_is_below_its_folder_or_none(stored: str, base: str, name: str | None) -> None:
    """What a manifest says of the one cannot be undone by the other."""
    assert locating.name_below(stored, base) == name


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ("data/*.csv", "/w/data/*.csv"),
        ("../out/x.csv", "/out/x.csv"),
        ("data\\x.csv", "/w/data/x.csv"),
        ("share:b", "/mnt/s/ml/b"),
        ("/abs/x", "/abs/x"),
    ],
)
def test_settings_may_say_a_path_as_people_do(
    said: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Backslashes, a way out of the workspace, a named root: what is there is meant."""
    monkeypatch.setattr(Path, "exists", lambda self: self.as_posix().startswith("/mnt"))
    assert locating.meant(said, Path("/w"), ROOTS).as_posix() == path


def test_a_tilde_is_the_home_of_whoever_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same settings mean each person's own folder."""
    monkeypatch.setenv("HOME", "/home/ana")
    monkeypatch.setenv("USERPROFILE", "/home/ana")
    assert locating.meant("~/x.csv", Path("/w"), {}).as_posix() == "/home/ana/x.csv"
