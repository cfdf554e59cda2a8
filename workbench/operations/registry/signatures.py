"""Signing what people say with their SSH key, and whether a signature counts.

A name in the journal is a setting or user@host: anybody can write any name. Where a stage asks
for signatures, a word counts only if it was signed with a key that ``allowed_signers`` lists for
that name. That file lies on the drive too, so its hash is kept in this person's own folder: the
first one is taken as it is and shown, and one that changed counts for nothing until this person
agreed to it.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

from workbench.durable import replace
from workbench.errors import FormatError, NotAllowedError, UsageError, WorkbenchError
from workbench.opening import read_small
from workbench.operations.registry.words_given import Signed, signed_bytes
from workbench.operations.session import Session
from workbench.registry import allowed_signers, signing
from workbench.registry.checks import StagePolicy
from workbench.registry.event import Event
from workbench.registry.people import person
from workbench.words import visible

KEY: Final = "WORKBENCH_SIGNING_KEY"
"""Names the key to sign with; else the first of the usual ones that is there."""
AGREED: Final = "allowed_signers.sha256"
SIGNATURE: Final = "signature"
AGREE: Final = "workbench doctor --registry --agree-signers"
_USUAL: Final = ("id_ed25519", "id_ecdsa", "id_rsa")
_LARGEST: Final = 1024


def signed(session: Session, model: str, policy: StagePolicy) -> Signed:
    """Return how to tell why an event's signature does not count; nothing where none is asked."""
    if not policy.signed:
        return lambda _: ""
    changed = _changed(session)
    known: dict[str, str] = {}

    def why_not(event: Event) -> str:
        if event.id not in known:
            known[event.id] = changed or _why_not(session, model, event)
        return known[event.id]

    return why_not


def person_by_key(session: Session, policy: StagePolicy) -> Callable[[str], str]:
    """Return how to tell whom a name stands for: by keys, where the stage asks for signatures."""
    if not policy.signed:
        return person
    return cache(allowed_signers.read_signers(_allowed(session)).person)


def with_signature(
    policy: StagePolicy,
    kind: str,
    model: str,
    version: int,
    actor: str,
    details: Mapping[str, Any],
    key: str = "",
) -> dict[str, Any]:
    """Return the details of an approval or a tick, signed if the stage asks for it.

    Args:
        policy: What the stage asks.
        kind: Of the event.
        model: Name of the model.
        version: Number of the version.
        actor: Who says it.
        details: What is said.
        key: Where the settings say that people's keys are, below their home.

    Raises:
        UsageError: A signature is asked for, and there is no key or it cannot sign.
        WorkbenchError: ssh-keygen is not installed.
    """
    if not policy.signed:
        return dict(details)
    data = signed_bytes(kind, model, version, policy.name, actor, details)
    return {**details, SIGNATURE: signing.sign(data, _key(key))}


def signers_to_know(session: Session, policy: StagePolicy) -> str:
    """Return what to say of ``allowed_signers`` before it counts; empty where it is known."""
    if not policy.signed:
        return ""
    return allowed_signers.unfamiliar(_allowed(session), _agreed(session))


def keep_signers(session: Session, policy: StagePolicy) -> None:
    """Remember the first ``allowed_signers`` that counted here; a changed one is not."""
    if policy.signed and not _agreed(session):
        with suppress(OSError):
            _agree(session)


def agree_to_signers(session: Session) -> str:
    """Let ``allowed_signers`` count as it is now; return what it says.

    Raises:
        NotAllowedError: This person's own folder cannot be written.
    """
    said = allowed_signers.unfamiliar(_allowed(session), _agreed(session))
    try:
        _agree(session)
    except OSError as error:
        raise NotAllowedError(
            f"{session.state} cannot be written: {error.strerror or error}.",
            hint="Name another folder in $WORKBENCH_STATE.",
        ) from None
    return said


def _why_not(session: Session, model: str, event: Event) -> str:
    signature, who = event.details.get(SIGNATURE), visible(event.actor)
    if not isinstance(signature, str) or not signature:
        return f"{who} did not sign it"
    data = signed_bytes(event.kind, model, event.version, event.stage, event.actor, event.details)
    allowed = _allowed(session)
    listed = allowed_signers.read_signers(allowed).hash
    minute = int(session.clock.now() // 60)
    try:
        verdict = _verdict(data, signature, event.actor, allowed, listed, minute)
    except WorkbenchError as error:
        return f"the signature of {who} cannot be checked: {error.message.rstrip('.')}"
    return "" if verdict.ok else f"the signature of {who} does not count: {verdict.why}"


@lru_cache(maxsize=512)
def _verdict(
    data: bytes, signature: str, actor: str, allowed: Path, listed: str, minute: int
) -> signing.Verdict:
    """Verify once a minute and list of keys: lists are shown again and again, keys expire."""
    del listed, minute
    return signing.verify(data, signature, actor, allowed)


def _changed(session: Session) -> str:
    """Return why no signature counts at all: the list of keys is not the one agreed to."""
    agreed = _agreed(session)
    said = allowed_signers.unfamiliar(_allowed(session), agreed) if agreed else ""
    return f"{said.rstrip('.')}: look at it, then run {AGREE}" if said else ""


def _agree(session: Session) -> None:
    found = allowed_signers.read_signers(_allowed(session))
    replace(session.state / AGREED, f"{found.hash}\n".encode())


def _agreed(session: Session) -> str:
    try:
        data = read_small(str(session.state / AGREED), _LARGEST)
    except (OSError, FormatError):
        return ""
    return data.decode("ascii", "replace").strip()


def _allowed(session: Session) -> Path:
    return session.root / allowed_signers.NAME


def _key(said: str, environment: Mapping[str, str] = os.environ) -> Path:
    chosen = environment.get(KEY) or said
    if chosen:
        return Path(chosen).expanduser()
    for name in _USUAL:
        path = Path.home() / ".ssh" / name
        if path.is_file():
            return path
    raise UsageError(
        "This stage counts signed words only, and there is no SSH key to sign with.",
        hint=f"Name one in ${KEY}, or in [user] key of workbench.toml.",
    )
