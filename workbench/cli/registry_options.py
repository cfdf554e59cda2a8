"""What the commands of the model registry share: how versions are named, reasons, the outcome."""

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from workbench.cli import output
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.operations.registry.card import Done
    from workbench.operations.session import Session

NOT_DEPLOYED = 7

stage_option = click.option(
    "--stage", required=True, metavar="STAGE", help="The stage, such as production."
)
reason_option = click.option(
    "--reason", required=True, metavar="TEXT", help="Why; kept for ever and shown to everybody."
)

remark_option = click.option(
    "--reason", default="", metavar="TEXT", help="What is to be remembered of it."
)


class Meant(NamedTuple):
    """The version that was named."""

    model: str
    version: int

    def __str__(self) -> str:
        """Return the short form."""
        return f"{self.model}@{self.version}"


def meant(session: "Session", text: str) -> Meant:
    """Return the version that ``churn@3`` or ``churn@staging`` means now.

    Raises:
        NotFoundError: There is none.
        UsageError: Only a model is named.
    """
    from workbench.operations.registry import names  # noqa: PLC0415 - after parsing

    ref = names.parse(text)
    if ref.version is None and ref.stage is None:
        raise UsageError(
            f"{text} is a model; a version of it is needed.", hint=f"Write it as {text}@3."
        )
    _, version = names.resolve(session, ref)
    return Meant(ref.model, version.number)


def model_name(text: str) -> str:
    """Return the model that is named, where a version is beside the point.

    Raises:
        UsageError: A version or stage is named too.
    """
    from workbench.operations.registry import names  # noqa: PLC0415 - after parsing

    ref = names.parse(text)
    if ref.version is not None or ref.stage is not None:
        raise UsageError(f"{text} names a version.", hint=f"Name the model alone: {ref.model}.")
    return ref.model


def say_unreadable(session: "Session", model: str | None = None) -> None:
    """Say of which models only a part can be shown; of one, or of all.

    Raises:
        NotFoundError: There is no such model.
    """
    from workbench.operations.registry import listing  # noqa: PLC0415 - after parsing
    from workbench.operations.registry.opening_journal import state  # noqa: PLC0415

    names = [one.name for one in listing.models(session) if one.unreadable]
    for name in names if model is None else (model,):
        broken = state(session, name).unreadable
        if broken is not None:
            why = f"event {broken.seq} cannot be read: {broken.reason.rstrip('.')}"
            output.say(output.visible(f"{name}: {why}; what happened since may not be shown."))


def pairs(texts: Sequence[str], what: str, known: Collection[str] = ()) -> dict[str, str]:
    """Return ``NAME=TEXT`` words as a mapping; a known name may hold an equals sign itself.

    Raises:
        UsageError: One has no equals sign, or an empty side.
    """
    found = {}
    for text in texts:
        name, sign, value = _parted(text, known)
        if not sign or not name.strip() or not value.strip():
            raise UsageError(f"{text!r} is not {what}.", hint=f"Write it as {what}.")
        found[name.strip()] = value.strip()
    return found


def _parted(text: str, known: Collection[str]) -> tuple[str, str, str]:
    for name in sorted(known, key=len, reverse=True):
        if text.startswith(f"{name}="):
            return name, "=", text[len(name) + 1 :]
    return text.partition("=")


def say_done(done: "Done", sentence: str) -> int:
    """Say what was recorded and whether consumers see it; return the exit code."""
    said = f"{sentence} (event {done.event.seq})"
    output.say(output.visible(f"{said}; it was recorded before." if done.repeated else f"{said}."))
    if done.deployment.state == "pending":
        output.say(output.visible(f"Recorded, not yet deployed: {done.deployment.reason}"))
        return NOT_DEPLOYED
    if done.deployment.reason:
        output.say(output.visible(done.deployment.reason))
    return 0
