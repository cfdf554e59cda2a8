"""Signatures with SSH keys: which count, and what hostile ones and hostile lists cost."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.errors import UsageError, WorkbenchError
from workbench.registry.allowed_signers import read_signers, unfamiliar
from workbench.registry.signing import NAMESPACE, sign, verify

SAID = b'{"actor":"ana","kind":"approved"}'


def keygen(*words: str, given: bytes = b"") -> bytes:
    """Run ssh-keygen, which these tests need as those of git need git."""
    return subprocess.run(["ssh-keygen", *words], input=given, capture_output=True, check=True
                          ).stdout  # fmt: skip


def key(folder: Path, name: str, passphrase: str = "") -> Path:
    """Make a private key and return where it is."""
    keygen("-q", "-t", "ed25519", "-N", passphrase, "-C", name, "-f", str(folder / name))
    return folder / name


def public(private: Path) -> str:
    """Return the line of a public key."""
    return private.with_name(f"{private.name}.pub").read_text().strip()


def allow(folder: Path, *lines: str) -> Path:
    """Write who may sign."""
    path = folder / "allowed_signers"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_what_a_person_signed_counts_as_theirs(tmp_path: Path) -> None:
    """Under every name their key is listed for, spaces and all."""
    ana = key(tmp_path, "a")
    allowed = allow(tmp_path, "# the team", "", f"ana@lab,ana {public(ana)}",
                    f'"Ana Ng" namespaces="{NAMESPACE}" {public(ana)}')  # fmt: skip
    signature = sign(SAID, ana)
    for name in ("ana@lab", "ana", "Ana Ng"):
        assert verify(SAID, signature, name, allowed) == (True, "")


def test_nothing_else_counts(tmp_path: Path) -> None:
    """Other bytes, another's key, another's name, a name nobody listed, another purpose."""
    ana, ben = key(tmp_path, "a"), key(tmp_path, "b")
    allowed = allow(tmp_path, f"ana {public(ana)}", f"ben {public(ben)}")
    signature = sign(SAID, ana)
    elsewhere = keygen("-Y", "sign", "-q", "-n", "git", "-f", str(ana), given=SAID).decode()
    refusals = [
        verify(SAID + b" ", signature, "ana", allowed),
        verify(SAID, sign(SAID, ben), "ana", allowed),
        verify(SAID, signature, "ben", allowed),
        verify(SAID, signature, "zoe", allowed),
        verify(SAID, elsewhere, "ana", allowed),
        verify(SAID, signature, "ana", tmp_path / "none"),
    ]
    assert [verdict.ok for verdict in refusals] == [False] * 6
    assert [verdict.why for verdict in refusals] == [
        "it is of something else",
        "it was not made for this with a key listed for ana",
        "it was not made for this with a key listed for ben",
        "allowed_signers lists no key of zoe",
        "it was made for another purpose",
        "there is no file allowed_signers in the workspace",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "* {}",
        "an? {}",
        "!zoe,* {}",
        "ana cert-authority {}",
        'ana namespaces="git" {}',
        'ana valid-before="20200101" {}',
        "ana verify-required {}",
        "ana",
        "ana {} # " + "x" * 10_000,
        "ana ssh-ed25519 !!!!",
        "#ana {}",
    ],
)
def test_only_a_plain_name_and_key_count(tmp_path: Path, line: str) -> None:
    """No patterns, no authorities, no purpose but this, no time but now."""
    ana = key(tmp_path, "a")
    allowed = allow(tmp_path, line.format(public(ana)))
    assert not verify(SAID, sign(SAID, ana), "ana", allowed).ok


@pytest.mark.parametrize(
    "actor", ["-f", "signer", "ana,ben", "*", "a b", "\x1b[2J", "", "x" * 9999]
)
def test_a_name_is_never_a_word_of_a_command(tmp_path: Path, actor: str) -> None:
    """Whatever somebody calls themselves, they are not listed, and it can be shown."""
    ana = key(tmp_path, "a")
    verdict = verify(SAID, sign(SAID, ana), actor, allow(tmp_path, f"ana {public(ana)}"))
    assert not verdict.ok
    assert verdict.why.isprintable()


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "x" * 10_000_000,
        "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\n" + "A" * 10_000_000 + "\n-----END SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\n\x00\x1b[2J\n-----END SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\n" + "=" * 70 + "\n-----END SSH SIGNATURE-----",
        "-----BEGIN SSH SIGNATURE-----\né\n-----END SSH SIGNATURE-----",
    ],
    ids=["empty", "long", "hollow", "short", "huge", "binary", "blank", "letters"],
)
def test_a_text_that_is_no_signature_is_none(tmp_path: Path, signature: str) -> None:
    """Long, hollow or binary: it is refused, and most of it never reaches ssh-keygen."""
    allowed = allow(tmp_path, f"ana {public(key(tmp_path, 'a'))}")
    assert verify(SAID, signature, "ana", allowed) == (False, "it is no SSH signature")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"ana \xff\xfe", "is not text"),
        (b"ana ssh-ed25519 AAAA\n" * 20_000, "bytes"),
        (b"", "lists no key of ana"),
        (b"\x00" * 1000, "lists no key of ana"),
        (b'"' * 8000 + b"\n", "lists no key of ana"),
        (b"ana " + b'namespaces="a",' * 500 + b"\n", "lists no key of ana"),
        (b"a, " * 2000 + b"\n", "lists no key of ana"),
    ],
    ids=["binary", "huge", "empty", "zeros", "quotes", "options", "commas"],
)
def test_a_hostile_list_lists_nobody(tmp_path: Path, data: bytes, why: str) -> None:
    """It is read up to a bound, and says what is wrong."""
    path = tmp_path / "allowed_signers"
    path.write_bytes(data)
    verdict = verify(SAID, "x", "ana", path)
    assert not verdict.ok
    assert why in verdict.why


def test_a_list_that_is_no_plain_file_lists_nobody(tmp_path: Path) -> None:
    """A folder of that name is not opened; nor is a link, where links can be told."""
    (tmp_path / "allowed_signers").mkdir()
    assert "cannot be read" in verify(SAID, "x", "ana", tmp_path / "allowed_signers").why
    if hasattr(os, "O_NOFOLLOW"):
        real = allow(tmp_path / "allowed_signers", f"ana {public(key(tmp_path, 'a'))}")
        (tmp_path / "link").symlink_to(real)
        assert "cannot be read" in verify(SAID, "x", "ana", tmp_path / "link").why


def test_of_thousands_of_keys_few_are_tried(tmp_path: Path) -> None:
    """Whoever lists one name a thousand times costs us sixteen tries."""
    ana = key(tmp_path, "a")
    path = allow(tmp_path, *[f"ana {public(ana)}"] * 1000)
    assert len(read_signers(path).signers) == 1000
    assert len(read_signers(path).of("ana")) == 16


def test_a_list_that_is_new_or_changed_is_said_before_it_counts(tmp_path: Path) -> None:
    """Once agreed to here it is silent, until somebody changes it or takes it away."""
    path = allow(tmp_path, f"ana,ben {public(key(tmp_path, 'a'))}")
    first = unfamiliar(path, "")
    agreed = read_signers(path).hash
    assert "lists 1 key of ana, ben; it is new here" in first
    assert agreed[:16] in first
    assert unfamiliar(path, agreed) == ""
    allow(tmp_path, f"eve\x1b[2J {public(key(tmp_path, 'b'))}")
    changed = unfamiliar(path, agreed)
    assert "has changed since" in changed
    assert changed.isprintable()
    path.unlink()
    assert "is gone" in unfamiliar(path, agreed)
    assert unfamiliar(path, "") == ""


def test_a_key_that_cannot_sign_says_why(tmp_path: Path) -> None:
    """No file, a passphrase nobody can be asked for, something that is no key."""
    with pytest.raises(UsageError, match="There is no key"):
        sign(SAID, tmp_path / "none")
    with pytest.raises(UsageError, match="ssh-add"):
        sign(SAID, key(tmp_path, "locked", "secret"))
    (tmp_path / "nonsense").write_text("nonsense")
    with pytest.raises(UsageError, match="cannot sign"):
        sign(SAID, tmp_path / "nonsense")


def test_without_ssh_keygen_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a program of that name lies in the current folder: that one is never run."""
    ana = key(tmp_path, "a")
    allowed = allow(tmp_path, f"ana {public(ana)}")
    signature = sign(SAID, ana)
    name = "ssh-keygen.exe" if os.name == "nt" else "ssh-keygen"
    (tmp_path / name).write_text("#!/bin/sh\ntouch ran\n")
    (tmp_path / name).chmod(stat.S_IRWXU)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".{os.pathsep}")
    with pytest.raises(WorkbenchError, match="not installed"):
        sign(SAID, ana)
    with pytest.raises(WorkbenchError, match="not installed"):
        verify(SAID, signature, "ana", allowed)
    assert not (tmp_path / "ran").exists()


def test_no_program_is_asked_for_a_passphrase(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment may name one; signing starts ssh-keygen and nothing else."""
    asker = tmp_path / "asker"
    asker.write_text(f"#!{sys.executable}\nopen({str(tmp_path / 'ran')!r}, 'w').close()\n")
    asker.chmod(stat.S_IRWXU)
    for name, value in (("SSH_ASKPASS", str(asker)), ("SSH_ASKPASS_REQUIRE", "force"),
                        ("DISPLAY", ":0")):  # fmt: skip
        monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match="cannot sign"):
        sign(SAID, key(tmp_path, "locked", "secret"))
    assert not (tmp_path / "ran").exists()
