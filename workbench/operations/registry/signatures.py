"""Signing what people say with their SSH key, and whether a signature counts.

A name in the journal is a setting or user@host: anybody can write any name. Where a stage asks
for signatures, a word counts only if it was signed with a key that ``allowed_signers`` lists for
that name.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from workbench.errors import UsageError, WorkbenchError
from workbench.operations.registry.words_given import Signed, signed_bytes
from workbench.operations.session import Session
from workbench.registry.checks import StagePolicy
from workbench.registry.event import Event
from workbench.words import visible

KEY: Final = "WORKBENCH_SIGNING_KEY"
"""Names the private key to sign with; else the first of the usual ones that is there."""
ALLOWED: Final = "allowed_signers"
SIGNATURE: Final = "signature"
_USUAL: Final = ("id_ed25519", "id_ecdsa", "id_rsa")


def signed(session: Session, model: str, policy: StagePolicy) -> Signed:
    """Return how to tell why an event's signature does not count; nothing where none is asked."""
    if not policy.signed:
        return lambda _: ""
    allowed = session.root / ALLOWED

    def why_not(event: Event) -> str:
        from workbench.registry.signing import verify  # noqa: PLC0415 - only where asked for

        signature = event.details.get(SIGNATURE)
        who = visible(event.actor)
        if not isinstance(signature, str) or not signature:
            return f"{who} did not sign it"
        data = signed_bytes(
            event.kind, model, event.version, event.stage, event.actor, event.details
        )
        try:
            verdict = verify(data, signature, event.actor, allowed)
        except WorkbenchError as error:
            return f"the signature of {who} cannot be checked: {error.message.rstrip('.')}"
        return "" if verdict.ok else f"the signature of {who} does not count: {verdict.why}"

    return why_not


def with_signature(
    policy: StagePolicy,
    kind: str,
    model: str,
    version: int,
    actor: str,
    details: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the details of an approval or a tick, signed if the stage asks for it.

    Raises:
        UsageError: A signature is asked for and there is no key.
        WorkbenchError: The key cannot sign.
    """
    if not policy.signed:
        return dict(details)
    from workbench.registry.signing import sign  # noqa: PLC0415 - only where asked for

    data = signed_bytes(kind, model, version, policy.name, actor, details)
    return {**details, SIGNATURE: sign(data, _key())}


def _key(environment: Mapping[str, str] = os.environ) -> Path:
    chosen = environment.get(KEY)
    if chosen:
        return Path(chosen).expanduser()
    for name in _USUAL:
        path = Path.home() / ".ssh" / name
        if path.is_file():
            return path
    raise UsageError(
        "This stage counts signed words only, and there is no SSH key to sign with.",
        hint=f"Name one in ${KEY}.",
    )
