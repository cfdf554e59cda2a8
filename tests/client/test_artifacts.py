"""Files a script hands over."""

from tests.client.reading import only_writer


def test_a_file_is_copied_under_its_own_name(start, tmp_path):
    """Content and size are those of the file at the call."""
    file = tmp_path / "plot.png"
    file.write_bytes(b"png")
    with start() as run:
        run.log_artifact(file)
        file.write_bytes(b"changed later")
    assert (run.folder / "artifacts/plot.png").read_bytes() == b"png"
    assert only_writer(run.folder).final["artifacts"] == [["plot.png", 3]]


def test_a_folder_is_copied_with_all_below_it(start, tmp_path):
    """Relative names are kept below the folder's name, or the one given."""
    (tmp_path / "model/deep").mkdir(parents=True)
    (tmp_path / "model/a.txt").write_text("a", encoding="utf-8")
    (tmp_path / "model/deep/b.txt").write_text("b", encoding="utf-8")
    with start() as run:
        run.log_artifact(tmp_path / "model")
        run.log_artifact(tmp_path / "model", "best/model")
    names = [path for path, _ in only_writer(run.folder).final["artifacts"]]
    assert names == [
        "model/a.txt", "model/deep/b.txt", "best/model/a.txt", "best/model/deep/b.txt",
    ]  # fmt: skip
    assert (run.folder / "artifacts/best/model/deep/b.txt").read_text(encoding="utf-8") == "b"


def test_a_later_file_of_the_same_name_replaces_the_first(start, tmp_path):
    """The last one logged is the one that is there."""
    file = tmp_path / "a.txt"
    with start() as run:
        for text in ("one", "three"):
            file.write_text(text, encoding="utf-8")
            run.log_artifact(file)
    assert (run.folder / "artifacts/a.txt").read_text(encoding="utf-8") == "three"
    assert only_writer(run.folder).final["artifacts"] == [["a.txt", 5]]


def test_bytes_become_a_file(start):
    """Content that is no file yet can be logged as one."""
    with start() as run:
        run.log_bytes(b"hello", "notes\\deep/hello.txt")
    assert (run.folder / "artifacts/notes/deep/hello.txt").read_bytes() == b"hello"


def test_nothing_temporary_stays(start, tmp_path):
    """Drafts go when their file is in place."""
    file = tmp_path / "a.txt"
    file.write_text("x", encoding="utf-8")
    with start() as run:
        run.log_artifact(file)
    assert list((run.workspace / ".workbench/tmp").iterdir()) == []
