"""Which key a person signs with: the environment's, else the settings', else a usual one."""

import subprocess
from pathlib import Path

import pytest

from workbench.errors import UsageError
from workbench.operations.registry.signatures import KEY, with_signature
from workbench.operations.registry.words_given import signed_bytes
from workbench.registry.checks import StagePolicy
from workbench.registry.event import APPROVED
from workbench.registry.signing import verify

SIGNED = StagePolicy("production", signed=True)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return somebody's home with two keys in it, and nothing said of them."""
    (tmp_path / ".ssh").mkdir()
    for name in ("id_ed25519", "work"):
        path = tmp_path / ".ssh" / name
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    monkeypatch.delenv(KEY, raising=False)
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(tmp_path))
    return tmp_path


def signer(home: Path, setting: str) -> str:
    """Return the name of the key that signed."""
    details = with_signature(SIGNED, APPROVED, "churn", 1, "ana", {"manifest": "m"}, setting)
    data = signed_bytes(APPROVED, "churn", 1, "production", "ana", details)
    for name in ("id_ed25519", "work"):
        public = (home / ".ssh" / f"{name}.pub").read_text()
        (home / "allowed_signers").write_text(f"ana {public}")
        if verify(data, details["signature"], "ana", home / "allowed_signers").ok:
            return name
    return ""


def test_the_key_of_the_settings_goes_before_the_usual_ones(home: Path) -> None:
    """It is looked for in the home of whoever signs."""
    assert signer(home, "") == "id_ed25519"
    assert signer(home, "~/.ssh/work") == "work"


def test_the_environment_goes_before_the_settings(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings are everybody's, the environment is one's own."""
    monkeypatch.setenv(KEY, str(home / ".ssh/id_ed25519"))
    assert signer(home, "~/.ssh/work") == "id_ed25519"


def test_a_key_of_the_settings_that_is_not_there_is_said(home: Path) -> None:
    """Another one is not taken in its place."""
    with pytest.raises(UsageError, match="There is no key"):
        signer(home, "~/.ssh/other")


def test_where_no_signature_is_asked_for_none_is_made(home: Path) -> None:
    """The details stay as they are, and no key is looked for."""
    del home
    details = with_signature(StagePolicy("staging"), APPROVED, "churn", 1, "ana", {"a": 1}, "~/x")
    assert details == {"a": 1}
