"""The types in a skops file, read without loading; skops itself says what is right."""

import json
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.special
import skops.io
from sklearn.base import BaseEstimator
from sklearn.cluster import KMeans
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import (
    GradientBoostingClassifier,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
)
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler
from sklearn.svm import SVC
from skops.io import _sklearn as skops_sklearn
from skops.io import _trusted_types as trusted
from skops.io._utils import get_type_name

from workbench.errors import FormatError
from workbench.registry import known_types, skops_types
from workbench.registry.skops_types import SCHEMA, extra_types


class Mine(LogisticRegression):
    """A class nobody else has."""


class Holder(BaseEstimator):
    """An estimator that holds whatever it is given."""

    def __init__(self, what: object = None) -> None:
        self.what = what

    def method(self) -> None:
        """Do nothing."""


X = np.abs(np.random.default_rng(0).normal(size=(60, 4)))
Y = (X[:, 0] > 0.5).astype(int)
MODELS = {
    "pipeline": make_pipeline(StandardScaler(), LogisticRegression()),
    "forest": RandomForestClassifier(3),
    "boosting": GradientBoostingClassifier(n_estimators=3),
    "histogram": HistGradientBoostingClassifier(max_iter=3),
    "poisson": HistGradientBoostingRegressor(max_iter=3, loss="poisson"),
    "columns": ColumnTransformer(
        [
            ("log", FunctionTransformer(np.log1p), [0]),
            ("expit", FunctionTransformer(scipy.special.expit), [1]),
            ("kept", OneHotEncoder(handle_unknown="ignore", dtype=np.float32), [2]),
        ]
    ),
    "a function of its own": FunctionTransformer(np.nan_to_num),
    "kmeans": KMeans(3, random_state=np.random.RandomState(1)),
    "svc": SVC(),
    "sgd": SGDClassifier(),
    "network": MLPClassifier((3,), max_iter=300, tol=1),
    "mine": Mine(),
    "a method": Holder(Holder().method),
    "a type": Holder([int, np.float64, dict]),
    "a generator": Holder(np.random.default_rng(1)),
    "a masked array": Holder(np.ma.masked_array([1, 2], [0, 1])),
    "many things": Holder({"a": (1, b"2", bytearray(b"3"), slice(1), {4}, np.array(["x"], "O"))}),
    "a dtype": Holder(np.dtype("f4")),
}


def node(loader: str, module: str = "builtins", name: str = "dict", **more: Any) -> dict[str, Any]:
    """Return a node of a schema."""
    return {"__loader__": loader, "__module__": module, "__class__": name, **more}


def wrote(file: Path, schema: object, compression: int = zipfile.ZIP_STORED) -> Path:
    """Write a skops file with any schema: an object, or the bytes themselves."""
    data = schema if isinstance(schema, bytes) else json.dumps(schema).encode()
    with zipfile.ZipFile(file, "w", compression) as archive:
        archive.writestr(SCHEMA, data)
    return file


@pytest.mark.parametrize("name", MODELS)
def test_the_same_types_are_unknown_as_to_skops(name: str, tmp_path: Path) -> None:
    """The list reads a file as the library that wrote it would, and loads nothing."""
    model = MODELS[name]
    if hasattr(model, "predict") or name == "columns":
        model.fit(X, Y)
    skops.io.dump(model, tmp_path / "m.skops")
    assert extra_types(tmp_path / "m.skops") == tuple(
        skops.io.get_untrusted_types(file=tmp_path / "m.skops")
    )


@pytest.mark.parametrize(
    ("known", "reference"),
    [
        (known_types.OBJECTS,
         trusted.SKLEARN_ESTIMATOR_TYPE_NAMES + trusted.SKLEARN_INTERNAL_TYPE_NAMES),
        (known_types.LOSSES, [get_type_name(one) for one in skops_sklearn.ALLOWED_LOSSES]),
        (known_types.FUNCTIONS, trusted.NUMPY_UFUNC_TYPE_NAMES + trusted.SCIPY_UFUNC_TYPE_NAMES),
        (known_types.TYPES, trusted.PRIMITIVE_TYPE_NAMES + trusted.CONTAINER_TYPE_NAMES
         + trusted.NUMPY_DTYPE_TYPE_NAMES),
        (known_types.BIT_GENERATORS, trusted.NUMPY_RANDOM_BIT_GENERATOR_TYPE_NAMES),
    ],
)  # fmt: skip
def test_nothing_is_known_here_that_skops_does_not_know(
    known: frozenset[str], reference: list[str]
) -> None:
    """A wider list than the library's own would have to be argued for, name by name."""
    assert known - set(reference) == frozenset()
    assert len(known) > 4


def test_reading_the_list_imports_nothing_heavy() -> None:
    """Knowing the types is not having them."""
    import subprocess
    import sys

    code = (
        "import sys, workbench.registry.skops_types; "
        "print(*{'skops', 'sklearn', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == ""


# -- what somebody made by hand ----------------------------------------------------------


@pytest.mark.parametrize(
    ("schema", "types"),
    [
        (node("FunctionNode", "os", "system"), ("os.system",)),
        (node("TypeNode", "subprocess", "Popen"), ("subprocess.Popen",)),
        (node("ConstructorFromReduceNode", "builtins", "eval", content=node("TupleNode")),
         ("builtins.dict", "builtins.eval")),
        (node("SomethingNew", "a", "b"), ("a.b (made by SomethingNew)",)),
        (node("JsonNode", "os", "system", content="1"), ()),
        (node("TreeNode", "numpy", "ndarray"), ("numpy.ndarray", "sklearn.tree._tree.Tree")),
        (node("MethodNode", "os", "path", content={"func": "system"}),
         ("os.path", "os.path.system")),
        (node("DictNode", content={"__loader__": node("FunctionNode", "os", "system")}),
         ("os.system",)),
        (node("DictNode", extra=[[{"deep": node("TypeNode", "os", "system")}]]), ("os.system",)),
        (node("DictNode", 1, ["x"]), ("1.['x']",)),  # type: ignore[arg-type]
        (node("FunctionNode", "numpy", "add", protocol=0,
              content={"module_path": "os", "function": "system"}), ("os.system",)),
        (node("RandomGeneratorNode", "numpy.random._generator", "Generator", content={
            "bit_generator": node("DictNode", content={
                "bit_generator": node("JsonNode", "builtins", "str", content='"seed"')})}),
         ("numpy.random.seed",)),
        (node("RandomGeneratorNode", "numpy.random._generator", "Generator", content={}),
         ("numpy.random (a bit generator without a name)",)),
        (node("DictNode", "a\x1b[31m", "b\n"), ("a␛[31m.b↵",)),
    ],
)  # fmt: skip
def test_what_a_schema_asks_for_is_named_however_it_hides(
    tmp_path: Path, schema: Mapping[str, Any], types: tuple[str, ...]
) -> None:
    """A type is named wherever it stands, ready to be printed."""
    assert extra_types(wrote(tmp_path / "m.skops", schema)) == types


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (b"{", "no skops file"),
        (b"\xff\x00", "no skops file"),
        (b"[]", "describes no object"),
        (b'{"a": 1}', "describes no object"),
        (b"[" * 400_000, "nested too deeply"),
        (b'{"__loader__":"DictNode","x":' + b'{"x":' * 200_000 + b"1" + b"}" * 200_001,
         "nested too deeply"),
        (node("DictNode", content=[node("TypeNode", "m", str(k)) for k in range(300)]),
         "more than 200 unknown types"),
    ],
    ids=lambda value: value if isinstance(value, str) else "schema",
)  # fmt: skip
def test_a_schema_that_makes_no_sense_is_one_sentence(
    tmp_path: Path, schema: object, said: str
) -> None:
    """Nothing of it is guessed at."""
    with pytest.raises(FormatError, match=said) as caught:
        extra_types(wrote(tmp_path / "m.skops", schema))
    assert caught.value.message.isprintable()


def test_a_schema_that_unpacks_to_more_than_any_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A zip bomb is given up where the bound is, whatever its header claims."""
    monkeypatch.setattr(skops_types, "_LARGEST_SCHEMA", 1 << 20)
    file = wrote(tmp_path / "m.skops", b" " * (64 << 20), zipfile.ZIP_DEFLATED)
    assert file.stat().st_size < 1 << 20
    with pytest.raises(FormatError, match="more than 1 MB"):
        extra_types(file)


@pytest.mark.parametrize("part", [b"[],", b"{},", b"1,", b'"",'])
def test_a_schema_of_too_many_parts_is_not_read(tmp_path: Path, part: bytes) -> None:
    """A short text may be a great many objects in memory, and each takes time."""
    schema = b'{"__loader__":"x","a":[' + part * 2_000_000 + b"0]}"
    file = wrote(tmp_path / "m.skops", schema, zipfile.ZIP_DEFLATED)
    with pytest.raises(FormatError, match="more than 2,000,000 parts"):
        extra_types(file)


def test_a_list_of_members_without_end_is_not_read(tmp_path: Path) -> None:
    """The list is one piece of memory, and it may be claimed to be all of a sparse file."""
    size = 1 << 31
    with (tmp_path / "m.skops").open("wb") as file:
        file.truncate(size)
        file.seek(size)
        file.write(struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 9, 9, size - 1, 0, 0))
    with pytest.raises(FormatError, match="list of members is too long"):
        extra_types(tmp_path / "m.skops")


def test_an_encrypted_schema_is_said_to_be(tmp_path: Path) -> None:
    """Nobody is asked for a password."""
    file = wrote(tmp_path / "m.skops", node("DictNode"))
    data = bytearray(file.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    file.write_bytes(data)
    with pytest.raises(FormatError, match="encrypted"):
        extra_types(file)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_ordinary_compression_is_read(tmp_path: Path, compression: int) -> None:
    """The library writes either."""
    assert extra_types(wrote(tmp_path / "m.skops", node("DictNode"), compression)) == ()


def test_compression_that_may_ask_for_any_memory_is_not_read(tmp_path: Path) -> None:
    """An LZMA header names the memory it wants."""
    file = wrote(tmp_path / "m.skops", node("DictNode"), zipfile.ZIP_LZMA)
    with pytest.raises(FormatError, match="not looked into"):
        extra_types(file)


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all", b"PK\5\6" + b"~" * 18])
def test_what_is_no_zip_is_no_skops_file(tmp_path: Path, data: bytes) -> None:
    """The sentence says so; nothing else happens."""
    (tmp_path / "m.skops").write_bytes(data)
    with pytest.raises(FormatError, match="no skops file"):
        extra_types(tmp_path / "m.skops")


def test_a_zip_without_a_schema_is_no_skops_file(tmp_path: Path) -> None:
    """It may be any archive with another name."""
    with zipfile.ZipFile(tmp_path / "m.skops", "w") as archive:
        archive.writestr("other.json", "{}")
    with pytest.raises(FormatError, match="there is no schema"):
        extra_types(tmp_path / "m.skops")
