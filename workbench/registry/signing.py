"""Sign with a person's SSH key, and check such a signature, through ``ssh-keygen -Y``.

The only place that starts a program for the registry, and that program is ssh-keygen alone: a
list of words, never a shell; from an absolute place on the path; with little time and no
terminal. Everything it is given from the workspace is read, bounded and written anew first, so
that it never opens a file there. A signature says that whoever holds the key said these bytes;
whose key it is, is what ``allowed_signers`` says.
"""

import os
import subprocess
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from workbench.errors import UsageError, WorkbenchError
from workbench.registry.allowed_signers import NAME, Signer, read_signers
from workbench.words import visible

NAMESPACE: Final = "workbench-registry"
"""Keeps a signature made for anything else, such as a commit, from counting here."""
_PATIENCE_S: Final = 10.0
_TOUCH_S: Final = 60.0
"""A key on a token waits for a finger."""
_LONGEST_SIGNATURE: Final = 16 * 1024
_LONGEST_SAID: Final = 1_000
_MOST_SIGNED: Final = 1 << 20
_MAGIC: Final = "U1NIU0lH"
"""``SSHSIG`` in base64: how every one of them begins."""
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_KEPT: Final = ("PATH", "SYSTEMROOT", "WINDIR", "TEMP", "TMP", "TMPDIR")
_OF_THE_SIGNER: Final = (
    "HOME", "USERPROFILE", "SSH_AUTH_SOCK", "SSH_SK_PROVIDER", "LOGNAME", "USER", "USERNAME",
)  # fmt: skip


class Verdict(NamedTuple):
    """Whether a signature counts, and if not why, as the end of a sentence."""

    ok: bool
    why: str = ""


def sign(data: bytes, key: Path) -> str:
    """Return the signature of some bytes with a private key, as text.

    Args:
        data: What is said.
        key: The person's own private key; or a public one whose private half an agent holds.

    Raises:
        UsageError: There is no such key, or it cannot sign without being asked something.
        WorkbenchError: ssh-keygen is not installed.
    """
    if not key.is_file():
        raise UsageError(f"There is no key {key}.", hint="Make one with: ssh-keygen -t ed25519")
    words = ("-Y", "sign", "-q", "-n", NAMESPACE, "-f", str(key.absolute()))
    done = _run(words, data, _TOUCH_S, (*_KEPT, *_OF_THE_SIGNER))
    text = done.stdout.decode("ascii", "replace").strip()
    if done.returncode != 0 or not text.startswith(_BEGIN):
        raise UsageError(
            f"The key {key} cannot sign: {_said(done)}.",
            hint="Load it with ssh-add and name its .pub file, if it has a passphrase.",
        )
    return text + "\n"


def verify(data: bytes, signature: str, actor: str, allowed: Path) -> Verdict:
    """Return whether ``actor`` signed these bytes, as far as ``allowed_signers`` knows keys.

    Args:
        data: What is said to be signed.
        signature: As `sign` returned it; may be anybody's text.
        actor: Whose signature it must be.
        allowed: The workspace's ``allowed_signers``.

    Raises:
        WorkbenchError: ssh-keygen is not installed or gives no answer.
    """
    listed = read_signers(allowed)
    keys = listed.of(actor)
    if listed.why or not keys:
        return Verdict(False, listed.why or f"{NAME} lists no key of {visible(actor)}")
    if len(data) > _MOST_SIGNED or not _is_one(signature):
        return Verdict(False, "it is no SSH signature")
    with tempfile.TemporaryDirectory(prefix="workbench-") as folder:
        written = Path(folder, "signature"), Path(folder, "signers")
        written[0].write_text(signature.strip() + "\n", "ascii", newline="\n")
        written[1].write_text("".join(map(_line, keys)), "ascii", newline="\n")
        words = ("-Y", "verify", "-n", NAMESPACE, "-I", "signer")
        files = ("-f", str(written[1]), "-s", str(written[0]))
        done = _run((*words, *files), data, _PATIENCE_S, _KEPT)
    return Verdict(True) if done.returncode == 0 else Verdict(False, _refusal(done, actor))


def _is_one(signature: str) -> bool:
    """Say whether a text can be a signature; only these few letters ever reach ssh-keygen."""
    text = signature.strip()
    if len(text) > _LONGEST_SIGNATURE or not text.isascii():
        return False
    first, _, rest = text.partition("\n")
    inside = "".join(rest.removesuffix(_END).split())
    letters = inside.replace("+", "").replace("/", "").rstrip("=")
    whole = first.strip() == _BEGIN and rest.endswith(_END) and inside.startswith(_MAGIC)
    return whole and letters.isalnum()


def _line(signer: Signer) -> str:
    """Return a line with a name of our own, so that no name of theirs is a word of a command."""
    return " ".join(part for part in ("signer", signer.options, signer.key) if part) + "\n"


def _refusal(done: "subprocess.CompletedProcess[bytes]", actor: str) -> str:
    """Return why ssh-keygen does not accept a signature, in words of ours."""
    said, who = _said(done), visible(actor)
    for mark, why in (
        ("namespace", "it was made for another purpose"),
        ("armor", "it is no SSH signature"),
        ("incorrect signature", "it is of something else"),
        ("has expired", f"the key listed for {who} has expired"),
        ("not yet valid", f"the key listed for {who} is not valid yet"),
    ):
        if mark in said:
            return why
    return f"it was not made for this with a key listed for {who}"


def _run(
    words: tuple[str, ...], data: bytes, patience: float, kept: tuple[str, ...]
) -> "subprocess.CompletedProcess[bytes]":
    program = _program()
    if program is None:
        raise WorkbenchError(
            "ssh-keygen is not installed.", hint="Install OpenSSH 8.2 or newer to sign and check."
        )
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    try:
        return subprocess.run(  # noqa: S603 - a list, never a shell
            [program, *words],
            input=data,
            capture_output=True,
            timeout=patience,
            check=False,
            env={**environment, "LC_ALL": "C", "SSH_ASKPASS_REQUIRE": "never"},
            start_new_session=os.name != "nt",  # no terminal to ask a passphrase on
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        raise WorkbenchError(f"ssh-keygen gave no answer in {patience:.0f} s.") from None
    except OSError as error:
        raise WorkbenchError(f"ssh-keygen cannot be started: {error.strerror or error}.") from None


def _said(done: "subprocess.CompletedProcess[bytes]") -> str:
    """Return the last line of a complaint, harmless to show."""
    lines = done.stderr[-_LONGEST_SAID:].decode("utf-8", "replace").strip().splitlines()
    last = lines[-1].rpartition("Enter passphrase: ")[2] if lines else ""
    return visible(last.strip().rstrip("."))


def _program() -> str | None:
    """Return where ssh-keygen is: on the path, never in the current folder."""
    name = "ssh-keygen.exe" if os.name == "nt" else "ssh-keygen"
    for folder in os.environ.get("PATH", os.defpath).split(os.pathsep):
        path = Path(folder) / name
        if path.is_absolute() and path.is_file() and os.access(path, os.X_OK):
            return str(path)
    return None
