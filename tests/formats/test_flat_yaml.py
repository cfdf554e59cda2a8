"""Flat YAML read directly, against the safe loader."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from workbench.errors import FormatError
from workbench.formats.flat_yaml import read_flat

SCALARS = st.one_of(
    st.none(),
    st.integers(-(10**15), 10**15),
    st.text(max_size=20),
    st.text("abzNy/:. -_=@%~()1+", max_size=12),
    st.sampled_from(
        ["yes", "null", "0x10", "1e3", "1.0", "~", "on", "'", "2024-01-01", "0b1", "1_0"]
    ),
    st.text("0123456789abcdef", min_size=32, max_size=32),
    st.booleans(),
    st.floats(allow_nan=False),
)
KEYS = st.sampled_from(["run_name", "status", "name", "other"])


@given(st.dictionaries(KEYS, SCALARS), st.booleans())
def test_flat_files_mean_what_yaml_says(values: dict[str, object], unicode: bool) -> None:
    """Whatever a tool dumps comes back as the safe loader gives it."""
    data = yaml.safe_dump(values, allow_unicode=unicode).encode()
    wanted = frozenset(["run_name", "status", "name"])
    whole = yaml.safe_load(data) or {}
    found = read_flat(data, wanted)
    assert {k: v for k, v in found.items() if k in wanted} == {
        k: v for k, v in whole.items() if k in wanted
    }


@given(st.text("abzNyE/:. -_=@%~()1+,#", max_size=12))
def test_plain_text_means_what_yaml_says(text: str) -> None:
    """A value without quotes is read directly only if the loader says the same."""
    data = f"a: {text}\n".encode()
    try:
        whole = yaml.safe_load(data)
    except yaml.YAMLError:
        whole = None
    try:
        found = read_flat(data, frozenset("a"))
    except FormatError:
        return
    assert whole is not None
    assert repr(found["a"]) == repr(whole["a"])


@given(st.binary(max_size=60) | st.text(":'\"|>-# \nabc01", max_size=40).map(str.encode))
def test_noise_is_a_format_error_or_what_yaml_says(data: bytes) -> None:
    """No bytes crash, and none mean another thing than in YAML."""
    try:
        found = read_flat(data, frozenset("abc"))
    except FormatError:
        return
    whole = yaml.safe_load(data)
    assert whole is None or isinstance(whole, dict)
    assert all(repr(found[key]) == repr((whole or {})[key]) for key in found if key in "abc")


@pytest.mark.parametrize(
    "text", ["a: !!python/object/apply:os.system [ls]", "- 1", "text", "a: [", "a: &a [*a"]
)
def test_what_is_no_mapping_of_plain_data_is_refused(text: str) -> None:
    """Tags that would make objects, lists and torn files are errors with a reason."""
    with pytest.raises(FormatError):
        read_flat(text.encode(), frozenset("a"))
