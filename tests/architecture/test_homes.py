"""What may stand where: statements, clocks, names of modules."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "workbench"
SQL = re.compile(
    r"\s*(SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s"
    r"|CREATE\s+(OR\s+REPLACE\s+)?(TABLE|VIEW|TEMP)|DROP\s+TABLE|ATTACH\s|WITH\s+\w+\s+AS\s*\()",
    re.DOTALL,
)
FORBIDDEN = frozenset(
    ("utils", "util", "helpers", "helper", "manager", "base", "core", "common", "models", "misc")
)
MOST_LINES = 400


def modules() -> Iterator[Path]:
    """Yield every module of the package."""
    yield from sorted(PACKAGE.rglob("*.py"))


def texts(tree: ast.AST) -> Iterator[str]:
    """Yield every text in a module but its docstrings, f-strings as their fixed parts."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in docstrings:
            yield node.value


def statements_in(source: str) -> list[str]:
    """Return the texts of a module that are SQL."""
    return [text for text in texts(ast.parse(source)) if SQL.match(text)]


SQL_OF_OTHERS = (
    "datasets/reading/sqlite.py", "formats/sqlite/files.py", "formats/mlflow/database",
    "formats/mlflow/schema.py", "formats/optuna/database.py", "formats/trackio/",
)  # fmt: skip
"""Beginnings of paths: files of somebody else's, asked in their own language; no question of a
screen's."""


def test_sql_lives_in_the_catalogue_only() -> None:
    """No statement stands outside the catalogue, save for what reads a stranger's database."""
    found = {
        path.relative_to(PACKAGE).as_posix(): statements
        for path in modules()
        if path.relative_to(PACKAGE).parts[0] != "catalogue"
        and not path.relative_to(PACKAGE).as_posix().startswith(SQL_OF_OTHERS)
        and (statements := statements_in(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_a_planted_statement_is_seen() -> None:
    """The test above can fail."""
    assert statements_in('rows = con.execute("SELECT a FROM b")') == ["SELECT a FROM b"]
    assert statements_in('f"DELETE FROM {table}"') == ["DELETE FROM "]
    assert statements_in('"""SELECT a FROM b is what a docstring may say."""') == []


def test_the_catalogue_holds_statements() -> None:
    """The pattern still knows what SQL looks like here."""
    held = [s for p in (PACKAGE / "catalogue").glob("*.py") for s in statements_in(p.read_text())]
    assert len(held) > 10


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_is_named_for_what_it_is(path: Path) -> None:
    """A name that fits everything says nothing."""
    assert path.stem not in FORBIDDEN
    assert path.parent.name not in FORBIDDEN


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_can_be_held_in_mind(path: Path) -> None:
    """A longer file is missing a noun."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


LOADS = "workbench.operations.registry.consume"
"""Loads a model, in the process of a caller who said so."""
PICKLES = (LOADS, "workbench.operations.registry.writing")
"""The second writes what the script before it holds."""


def test_nothing_unpickles_or_evaluates() -> None:
    """What is found in a workspace is looked at, never run."""
    banned = {"eval", "exec", "compile", "__import__"}
    found = []
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = getattr(getattr(node, "func", None), "id", None)
            if called in banned:
                found.append(f"{path.name}:{node.lineno}")
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
                joblib = set() if dotted(path) in PICKLES else {"joblib"}
                if ({"pickle", "dill", "cloudpickle", "marshal"} | joblib) & set(names):
                    found.append(f"{path.name}:{node.lineno}")
    assert found == []


def test_the_program_itself_loads_no_model() -> None:
    """Only the package's root knows the way to what loads one, for scripts that ask for it."""
    found = [
        str(path.relative_to(PACKAGE))
        for path in modules()
        if dotted(path) != LOADS and LOADS in path.read_text(encoding="utf-8")
    ]
    assert found == ["__init__.py"]


def dotted(path: Path) -> str:
    """Return a module's name."""
    return ".".join(("workbench", *path.relative_to(PACKAGE).with_suffix("").parts))
