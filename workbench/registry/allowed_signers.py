"""Who may sign with which key: the workspace's ``allowed_signers``, read with suspicion.

The file is OpenSSH's own (``man ssh-keygen``, ALLOWED SIGNERS), and it lies on a drive where
others write. So a name must stand in it as it is, patterns and certificate authorities do not
count, and whoever counts signatures remembers the file's hash locally and says so when it is
another: see `unfamiliar`.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from workbench.errors import FormatError
from workbench.opening import read_small
from workbench.registry.people import person
from workbench.words import plural, visible

NAME: Final = "allowed_signers"
_MOST_BYTES: Final = 256 * 1024
_LONGEST_LINE: Final = 8 * 1024
_MOST_KEYS: Final = 16
"""Of one person; each is tried."""
_MOST_NAMED: Final = 8
_OPTION: Final = r"(?:namespaces|valid-after|valid-before)=(?:\"[^\"\s]*\"|[^\",\s]+)"
_LINE: Final = re.compile(
    rf"[ \t]*(?:\"([^\"]*)\"|([^\"\s]+))[ \t]+(?:({_OPTION}(?:,{_OPTION})*)[ \t]+)?"
    r"((?:sk-)?(?:ssh|ecdsa)-[a-z0-9@.-]+[ \t]+[A-Za-z0-9+/]+=*)(?:[ \t].*)?",
    re.IGNORECASE,
)


class Signer(NamedTuple):
    """One line that counts: whose key it is."""

    names: tuple[str, ...]
    options: str
    key: str
    """Its kind and its base64."""


class Signers(NamedTuple):
    """What the file says."""

    signers: tuple[Signer, ...]
    hash: str
    """SHA-256 of the file, in hexadecimal; empty where there is none."""
    why: str = ""
    """Why it says nothing, as the end of a sentence; empty where it can be read."""

    def of(self, actor: str) -> tuple[Signer, ...]:
        """Return the keys listed for exactly this name."""
        return tuple(one for one in self.signers if actor in one.names)[:_MOST_KEYS]

    def person(self, name: str) -> str:
        """Return whom a name stands for, names that share a line or a key being one person."""
        known = {person(name)}
        for _ in self.signers:
            found = {
                who
                for one in self.signers
                if known & {one.key.split()[-1], *map(person, one.names)}
                for who in (one.key.split()[-1], *map(person, one.names))
            }
            if found <= known:
                break
            known |= found
        keys = {one.key.split()[-1] for one in self.signers}
        return min(known - keys, default=person(name))


def read_signers(path: Path) -> Signers:
    """Return who may sign with which key; whatever is wrong with the file is said in it."""
    try:
        data = read_small(str(path), _MOST_BYTES)
    except FileNotFoundError:
        return Signers((), "", f"there is no file {NAME} in the workspace")
    except FormatError as error:
        return Signers((), "", f"{NAME} cannot be read: {error.message.rstrip('.')}")
    except OSError as error:
        return Signers((), "", f"{NAME} cannot be read: {error.strerror or error}")
    digest = hashlib.sha256(data).hexdigest()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Signers((), digest, f"{NAME} is not text")
    return Signers(tuple(_signers(text)), digest)


def unfamiliar(path: Path, remembered: str) -> str:
    """Return what to say before the file counts on this machine; empty where it is known.

    Args:
        path: The workspace's ``allowed_signers``.
        remembered: The hash that a person here agreed to last; empty if none.
    """
    found = read_signers(path)
    if found.hash == remembered:
        return ""
    if not found.hash:
        return f"{NAME} was there when it was last agreed to, and is gone."
    names = list(dict.fromkeys(name for one in found.signers for name in one.names))
    listed = ", ".join(visible(name) for name in names[:_MOST_NAMED])
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    keys = plural(len(found.signers), "key")
    what = f"{NAME} lists {keys}{f' of {listed}{more}' if names else ''}"
    when = "has changed since it was last agreed to here" if remembered else "is new here"
    return f"{what}; it {when} (SHA-256 {found.hash[:16]}…)."


def _signers(text: str) -> Iterator[Signer]:
    for line in text.splitlines():
        found = _LINE.fullmatch(line) if len(line) <= _LONGEST_LINE else None
        if found is None or line.lstrip().startswith("#"):
            continue
        quoted, plain, options, key = found.groups()
        names = tuple(name.strip() for name in (quoted or plain or "").split(","))
        if not any(set(name) & set("*?!") or not name for name in names):
            yield Signer(names, options or "", key)
