"""What another registry says of a version that has no place here: tags that keep it, and back.

An import writes them, an export to the same kind of registry makes of them what they were.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

from workbench.formats.registered import RegisteredModel, RegisteredVersion

NO_STAGE: Final = frozenset(("", "none"))
_READY: Final = "READY"
_BETWEEN: Final = ", "
_VERSION: Final = "imported.version"
_ALIASES: Final = "imported.aliases"
_STAGE: Final = "imported.stage"
_STATUS: Final = "imported.status"
_DESCRIPTION: Final = "imported.model_description"
_MODEL: Final = "imported.model."


class Kept(NamedTuple):
    """What the tags of an imported version say of where it was."""

    tags: Mapping[str, str]
    """The version's own, without those that keep something."""
    aliases: tuple[str, ...]
    stage: str
    status: str
    model_description: str
    model_tags: Mapping[str, str]


def tags_of(model: RegisteredModel, version: RegisteredVersion) -> dict[str, str]:
    """Return the tags that keep what has no other place here."""
    aliases = sorted(name for name, number in model.aliases.items() if number == version.number)
    said = {
        _VERSION: str(version.number),
        _ALIASES: _BETWEEN.join(aliases),
        _STAGE: "" if version.stage.lower() in NO_STAGE else version.stage,
        _STATUS: "" if version.status == _READY else version.status,
        _DESCRIPTION: model.description,
    }
    own = {f"{_MODEL}{name}": text for name, text in model.tags.items()}
    return {**{name: text for name, text in said.items() if text}, **own}


def of_tags(tags: Mapping[str, str], number: int) -> Kept:
    """Return what the tags of a version keep.

    Args:
        tags: All of them.
        number: The version's here; where it was the same there, nothing has to say so.
    """
    own = {name: text for name, text in tags.items() if not name.startswith("imported.")}
    if tags.get(_VERSION, str(number)) != str(number):
        own[_VERSION] = tags[_VERSION]
    aliases = tags.get(_ALIASES, "").split(_BETWEEN)
    return Kept(
        own, tuple(filter(None, aliases)), tags.get(_STAGE, ""), tags.get(_STATUS) or _READY,
        tags.get(_DESCRIPTION, ""),
        {n.removeprefix(_MODEL): text for n, text in tags.items() if n.startswith(_MODEL)},
    )  # fmt: skip
