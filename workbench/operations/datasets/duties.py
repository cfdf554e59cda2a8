"""What a team owes to its data, and who uses it for what: retention, purposes, personal data."""

from collections.abc import Mapping, Sequence

from workbench.catalogue.data_uses import SaidUse, said_uses
from workbench.datasets import duties as owed
from workbench.datasets.duties import Duty, Use
from workbench.datasets.fields import Fields
from workbench.errors import SettingsError
from workbench.operations.session import Session
from workbench.registry.purposes import purposes_of, read_purposes

__all__ = ["Duty", "duties", "duties_of_all"]


def duties(session: Session, fields: Fields, now: float, *, name: str = "") -> tuple[Duty, ...]:
    """Return what is owed to a dataset; what is due first.

    Args:
        session: Where.
        fields: What is said of it.
        now: Seconds since 1970.
        name: Of the dataset, for what it is used for; empty where nothing was registered yet.
    """
    return duties_of_all(session, {name: fields}, now)[name]


def duties_of_all(
    session: Session, fields: Mapping[str, Fields], now: float
) -> Mapping[str, tuple[Duty, ...]]:
    """Return what is owed to each of many datasets, by name; one look at the index for all."""
    uses = _uses(session, [name for name, one in fields.items() if name and one.purposes])
    return {name: _duties(one, uses.get(name, ()), now) for name, one in fields.items()}


def _duties(fields: Fields, uses: Sequence[Use], now: float) -> tuple[Duty, ...]:
    retention = owed.retention(fields, now)
    found = [owed.personal(fields), *owed.purposes(fields, uses)]
    if retention is not None:
        found.insert(0, retention)
    return tuple(sorted(found, key=lambda duty: not duty.due))


def _uses(session: Session, names: Sequence[str]) -> dict[str, list[Use]]:
    if not names:
        return {}
    try:
        said = read_purposes(session.root)
    except SettingsError:
        said = {}  # shown where settings are; what models are for is not known then
    found: dict[str, list[Use]] = {}
    for one in said_uses(session.catalogue, names):
        found.setdefault(one.dataset, []).append(_use(one, said))
    return found


def _use(one: SaidUse, said: Mapping[str, tuple[str, ...]]) -> Use:
    name = one.name if one.model else f"run {one.name}"
    return Use(name, purposes_of(said, one.model, one.purpose))
