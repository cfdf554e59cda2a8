"""What people write beside a version: a description and tags. Files and numbers never change."""

from collections.abc import Mapping
from types import MappingProxyType

from workbench.errors import UsageError
from workbench.operations.registry.recording import Act, record
from workbench.operations.session import Session
from workbench.registry import objections
from workbench.registry.event import DESCRIBED, Event

_LONGEST = 100_000
_NONE: Mapping[str, str | None] = MappingProxyType({})


def describe(
    session: Session,
    model: str,
    version: int,
    *,
    description: str | None = None,
    tags: Mapping[str, str | None] = _NONE,
) -> Event:
    """Write a description, set tags, or take tags away; what is not named stays.

    Args:
        session: Where, and who.
        model: Name of the model.
        version: Number of the version.
        description: The new one; None leaves it.
        tags: Text by name; None takes a tag away.

    Raises:
        UsageError: There is nothing to change, a tag has no name, or a text is too long.
        NotAllowedError: The version is not there.
    """
    said: dict[str, object] = {} if description is None else {"description": description}
    if tags:
        said["tags"] = dict(tags)
    if not said:
        raise UsageError("Nothing was to be changed.")
    if any(not name.strip() for name in tags):
        raise UsageError("A tag needs a name.", hint="Write it as name=value.")
    if any(len(text or "") > _LONGEST for text in (description, *tags.values())):
        raise UsageError(f"A text may have {_LONGEST:,} characters.")
    act = Act(DESCRIBED, model, version, options=said)
    return record(session, act, objections=lambda now: objections.describing(now, version)).event
