"""Datasets and roots as the settings say them, and what is said of what is misspelt."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.datasets import declared
from workbench.datasets.fields import Fields
from workbench.errors import SettingsError

WHOLE = r"""
[roots]
share = ["S:\\ml", "/mnt/s/ml"]
lake = "../lake"

[datasets.census]
path = "share:census\\*.parquet"
read = { separator = ";", header = false }
owner = "ana"
description = "the people"
personal = "pseudonymous"
purposes = ["credit risk"]
retention_until = 2027-03-31
sensitive = ["ssn", "name"]
key = "id"
label = "income"
time = "at"
segments = ["region"]
roles = { zip = "category" }

[[datasets.census.rules]]
kind = "unique"
column = "id"

[datasets.wages]
path = "wages.csv"
follow = false
"""


def read(tmp_path: Path, text: str) -> declared.Declaration:
    """Return what a settings file declares."""
    (tmp_path / "workbench.toml").write_text(text, "utf-8")
    return declared.read(tmp_path)


def test_everything_a_dataset_can_say_is_read(tmp_path: Path) -> None:
    """With its line, so that a fault in a rule can be named."""
    found = read(tmp_path, WHOLE)
    assert found.faults == ()
    assert found.roots == {"share": ("S:\\ml", "/mnt/s/ml"), "lake": ("../lake",)}
    census = found.datasets["census"]
    assert (census.path, census.follow, census.line) == ("share:census/*.parquet", True, 6)
    assert census.options == {"separator": ";", "header": "no"}
    assert census.rules == ({"kind": "unique", "column": "id"},)
    assert found.line("datasets", "census", "rules", 0, "column") == 23
    assert census.fields == Fields(
        owner="ana", description="the people", personal="pseudonymous",
        purposes=("credit risk",), retention_until="2027-03-31", sensitive=("ssn", "name"),
        key=("id",), label="income", time="at", segments=("region",), roles={"zip": "category"},
    )  # fmt: skip
    assert found.datasets["wages"].follow is False


def test_without_settings_nothing_is_declared(tmp_path: Path) -> None:
    """No file is no fault."""
    assert declared.read(tmp_path) == declared.NOTHING


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sensitve = ['ssn']", "Did you mean sensitive"),
        ("owner = 3", "owner of census must be text"),
        ("sensitive = [1]", "must be a list of texts"),
        ("personal = 'yes'", "none, pseudonymous, personal, special"),
        ("retention_until = '2027-02-30'", "must be a day"),
        ("retention_until = 2027", "must be a day"),
        ("follow = 'no'", "true or false"),
        ("copy = 1", "true or false"),
        ("roles = { a = 'numeric' }", "must be one of number"),
        ("read = { separator = 3 }", "must be text"),
        ("read = 3", "must be a table"),
        ("rules = [3]", "[[datasets.census.rules]]"),
        ("path = 3", "path of census must be text"),
    ],
)
def test_what_is_misspelt_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    """And what stands beside it counts all the same."""
    found = read(tmp_path, f"[datasets.census]\nlicence = 'CC0'\n{line}\n[datasets.wages]\n")
    (fault,) = found.faults
    assert said in fault.message
    assert (fault.line, fault.dataset) == (3, "census")
    assert found.datasets["census"].fields.licence == "CC0"
    assert "wages" in found.datasets


def test_a_kind_of_personal_data_nobody_knows_is_the_strictest(tmp_path: Path) -> None:
    """What is misspelt must never be less protected."""
    found = read(tmp_path, "[datasets.census]\npersonal = 'persnal'\n")
    assert found.datasets["census"].fields.personal == "special"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("datasets = 3", "[datasets] must be a table"),
        ("datasets.census = 3", "[datasets.census] must be a table"),
        ("[datasets.Census]", "No dataset can be called"),
        ("[datasets.'../x']", "No dataset can be called"),
        ("[roots]\ns = '/mnt/s'", "two small letters"),
        ("[roots]\nshare = []", "path or a list of paths"),
        ("[roots]\nshare = 3", "path or a list of paths"),
        ("[roots]\nshare = ['']", "path or a list of paths"),
    ],
)
def test_what_cannot_be_is_a_fault(tmp_path: Path, text: str, said: str) -> None:
    """A name that is no name, a root that is a drive, a table that is none."""
    (fault,) = read(tmp_path, text).faults
    assert said in fault.message


@pytest.mark.parametrize("text", ["[datasets", "a = \n", "a = 1\na = 2", "[[" * 3000])
def test_settings_that_are_no_toml_declare_nothing(tmp_path: Path, text: str) -> None:
    """They are an error, not an empty declaration."""
    with pytest.raises(SettingsError, match="cannot be read"):
        read(tmp_path, text)


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
KEYS = st.text(max_size=5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(declared.KEYS) | st.text(max_size=6), VALUES, max_size=6))
def test_nothing_that_toml_can_hold_breaks_the_reading(said: dict[str, object]) -> None:
    """Every value is used or is a fault."""
    found = declared._Reader("").declaration({"datasets": {"census": said}, "roots": said})
    assert set(found.datasets) == {"census"}
    assert all(fault.message.endswith((".", "?")) for fault in found.faults)


def test_who_writes_an_option_beside_the_path_is_told_where_it_belongs(tmp_path: Path) -> None:
    """How a file is read stands in a table of its own."""
    (tmp_path / "workbench.toml").write_text('[datasets.a]\npath = "a"\nseparator = ":"\n')
    (fault,) = declared.read(tmp_path).faults
    assert fault.message == "A dataset has no 'separator'. Write read = { separator = … }."
    assert fault.key == "read"
