"""Where files stand on the ladder, told from names and first bytes."""

import json
import pickle  # noqa: TID251 - made here, never loaded
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

import pytest

from tests.registry.test_skops_types import node, wrote
from workbench.registry.ladder import RUNGS, Format, look
from workbench.registry.manifest import NAME

SAFETENSORS = (2).to_bytes(8, "little") + b"{}"
PICKLE = pickle.dumps({"a": 1})


OLD_TORCH = pickle.dumps(0x1950A86A20F9469CFC6C, protocol=2) + pickle.dumps(1001, protocol=2)


def zipped(name: str) -> bytes:
    """Return a zip with a member of that name."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, PICKLE)
    return made.getvalue()


class Trap:
    """Makes a file when it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (open, (self.path, "w"))


def test_a_skops_file_of_known_types_is_data(tmp_path: Path) -> None:
    """And it has nothing more to say."""
    assert look(wrote(tmp_path / "m.skops", node("DictNode"))) == Format("data", "skops")


def test_extra_types_are_listed(tmp_path: Path) -> None:
    """The rung is one lower, and says what for."""
    found = look(wrote(tmp_path / "m.skops", node("TypeNode", "mine", "Own")))
    assert (found.rung, found.types) == ("data with extra types", ("mine.Own",))
    assert "1 type beyond" in found.why


def test_a_skops_file_that_cannot_be_looked_into_is_unknown(tmp_path: Path) -> None:
    """It is not taken at its name."""
    (tmp_path / "m.skops").write_bytes(PICKLE)
    found = look(tmp_path / "m.skops")
    assert (found.rung, found.format) == ("unknown", "skops")
    assert "no skops file" in found.why


@pytest.mark.parametrize(
    ("name", "data", "rung", "format_"),
    [
        ("m.onnx", b"\x08\x07", "data", "onnx"),
        ("m.onnx", PICKLE, "code", "pickle"),
        ("m.safetensors", SAFETENSORS, "data", "safetensors"),
        ("m.safetensors", PICKLE, "code", "pickle"),
        ("m.safetensors", b"\xff" * 9, "unknown", "files"),
        ("m.joblib", b"", "code", "joblib"),
        ("m.JOBLIB", b"", "code", "joblib"),
        ("m.pkl", b"", "code", "pickle"),
        ("m.pt", b"PK", "code", "pt"),
        ("m.keras", b"PK", "code", "keras"),
        ("m.json", PICKLE, "code", "pickle"),
        ("m", zlib.compress(PICKLE), "code", "pickle"),
        ("m.json", b"{}", "unknown", "files"),
        ("m.gguf", b"GGUF", "unknown", "files"),
        ("m.bin", b"", "unknown", "files"),
        ("m.bin", b"\x00\x01weights", "unknown", "files"),
        ("m.bin", zipped("weights/0"), "unknown", "files"),
        ("m.bin", zipped("archive/data.pkl"), "code", "pt"),
        ("m.weights", zipped("archive/data.pkl"), "code", "pt"),
        ("m.bin", OLD_TORCH, "code", "pt"),
        ("m.bin", PICKLE, "code", "pickle"),
    ],
)
def test_a_file_is_what_its_name_and_its_bytes_agree_on(
    tmp_path: Path, name: str, data: bytes, rung: str, format_: str
) -> None:
    """A pickle under another name is still code."""
    (tmp_path / name).write_bytes(data)
    found = look(tmp_path / name)
    assert (found.rung, found.format) == (rung, format_)
    assert "safe " not in found.why


def test_the_worst_file_of_a_folder_counts(tmp_path: Path) -> None:
    """A pickle beside data is what an attacker would put there."""
    wrote(tmp_path / "m.skops", node("DictNode"))
    (tmp_path / "README.md").write_text("hello")
    (tmp_path / NAME).write_text(json.dumps({"format": 1}))
    assert look(tmp_path).rung == "data"
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/scaler.pkl").write_bytes(PICKLE)
    assert look(tmp_path) == Format(
        "code", "pickle", why="Loading scaler.pkl runs whatever code its author put in."
    )


def test_nothing_is_executed_by_looking(tmp_path: Path) -> None:
    """Plain, compressed, and under names that promise something else."""
    (tmp_path / "f").mkdir()
    trap = pickle.dumps(Trap(str(tmp_path / "owned")))
    for name in ("a.pkl", "b.joblib", "c.skops", "d.onnx", "e.json"):
        (tmp_path / "f" / name).write_bytes(trap)
    (tmp_path / "f/g.joblib.z").write_bytes(zlib.compress(trap))
    assert look(tmp_path / "f").rung == "code"
    assert not (tmp_path / "owned").exists()


def test_names_with_escapes_do_not_reach_the_sentence(tmp_path: Path) -> None:
    """The reason is shown on screens."""
    (tmp_path / "\x1b[2Jm.pkl").write_bytes(PICKLE)
    assert look(tmp_path).why.isprintable()


def test_an_empty_folder_is_unknown(tmp_path: Path) -> None:
    """Nothing is claimed of nothing."""
    assert look(tmp_path).rung == "unknown"


def test_rungs_go_from_data_to_code() -> None:
    """What is not known is worse than what is listed, and better than what runs."""
    assert RUNGS == ("data", "data with extra types", "unknown", "code")
