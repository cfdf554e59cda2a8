"""The datasets looked through: manifests, numbers, profiles, files, and what is due."""

from collections.abc import Iterable, Iterator

from workbench.catalogue.faults import faults
from workbench.datasets import monitors
from workbench.datasets.manifest import FOLDER, MANIFEST
from workbench.datasets.profile import Profile
from workbench.datasets.versions import folder
from workbench.errors import SettingsError, WorkbenchError
from workbench.operations.datasets.listing import AWAY, CHANGED, DatasetLine, datasets, versions
from workbench.operations.datasets.names import Ref, resolve
from workbench.operations.datasets.profiles import profile_of
from workbench.operations.doctor import Check
from workbench.operations.session import Session
from workbench.settings import SETTINGS
from workbench.words import plural, visible

_PART = "datasets"
_FEW = 5


def examine_datasets(session: Session) -> Iterator[Check]:
    """Yield what is so with the datasets: one line for all, and one for everything that is not."""
    if session.workspace is None:
        return
    yield from _settings(session)
    yield from _followed(session)
    lines = datasets(session, patience_s=None)
    count = sum(line.versions for line in lines)
    says = f"{plural(len(lines), 'dataset')}, {plural(count, 'version')}" if lines else "none"
    yield Check(_PART, "registered", "good", says)
    for line in lines:
        yield from _dataset(session, line)


def _settings(session: Session) -> Iterator[Check]:
    """Yield what the settings say of datasets and is misspelt; monitors are looked at elsewhere."""
    elsewhere = _said_of_monitors(session)
    for fault in faults(session.catalogue):
        if fault.path == SETTINGS and (fault.reason, fault.line) not in elsewhere:
            at = f"{SETTINGS}, line {fault.line}" if fault.line else SETTINGS
            yield Check(_PART, at, "bad", fault.reason)


def _said_of_monitors(session: Session) -> frozenset[tuple[str, int | None]]:
    try:
        wrong = monitors.read(session.root).faults
    except SettingsError:
        return frozenset()
    return frozenset((one.message, one.line or None) for one in wrong)


def _followed(session: Session) -> Iterator[Check]:
    """Yield what keeps datasets that the settings name from being found."""
    from workbench.operations.datasets.following import look_once  # noqa: PLC0415 - with polars

    for fault in look_once(session):
        yield Check(_PART, visible(fault.path), "bad", fault.reason)


def _dataset(session: Session, line: DatasetLine) -> Iterator[Check]:
    yield from _manifests(session, line.name)
    yield from _numbers(session, line.name)
    yield from _profile(session, line)
    yield from _copies(session, line)
    where = f"{line.name}@{line.version}"
    if AWAY in line.flags:
        yield Check(_PART, where, "note", f"its files are away: {visible(line.path)}")
    if CHANGED in line.flags:
        yield Check(_PART, where, "note", f"its files have changed since: {visible(line.path)}")
    for duty in line.duties:
        if duty.due:
            yield Check(_PART, line.name, "note", duty.words)


def _manifests(session: Session, name: str) -> Iterator[Check]:
    broken = [one for one in versions(session, name) if one.fault]
    for one in broken[:_FEW]:
        path = f"{FOLDER}/{name}/{one.number}/{MANIFEST}"
        yield Check(_PART, f"{name}@{one.number}", "bad", f"{path}: {one.fault}")
    if len(broken) > _FEW:
        says = f"{plural(len(broken) - _FEW, 'more manifest')} cannot be read"
        yield Check(_PART, name, "bad", says)


def _numbers(session: Session, name: str) -> Iterator[Check]:
    """Yield numbers that are gone though nobody deleted them here."""
    gaps = gaps_in(one.number for one in folder.entries(session.root, name))
    if gaps:
        listed = ", ".join(map(_gap, gaps[:_FEW])) + (" and more" if len(gaps) > _FEW else "")
        one = len(gaps) == 1 and gaps[0][0] == gaps[0][1]
        which = f"version {listed} is" if one else f"versions {listed} are"
        it = "it" if one else "them"
        says = f"{which} gone, and nobody deleted {it} here: bring {it} back from a copy"
        yield Check(_PART, name, "bad", says)


def gaps_in(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Return what is missing from 1 to the largest number, first and last of each gap."""
    gaps, before = [], 0
    for number in sorted(numbers):
        if number > before + 1:
            gaps.append((before + 1, number - 1))
        before = number
    return gaps


def _gap(gap: tuple[int, int]) -> str:
    first, last = gap
    return str(first) if first == last else f"{first} to {last}"


def _profile(session: Session, line: DatasetLine) -> Iterator[Check]:
    if not line.hash or line.unread:
        return
    where = f"{line.name}@{line.version}"
    try:
        found = profile_of(session, resolve(session, Ref(line.name, line.version)))
    except (WorkbenchError, OSError) as error:
        yield Check(_PART, where, "bad", f"its profile cannot be read: {error}")
        return
    if found is None:
        yield Check(_PART, where, "note", "it has no profile: drift cannot be told from it")
        return
    for fault in _faults(found)[:_FEW]:
        yield Check(_PART, where, "note", fault)


def _faults(found: Profile) -> list[str]:
    own = [f"profile: {visible(one)}" for one in found.faults]
    columns = (one for one in found.columns if one.fault)
    return own + [f"column {visible(one.name)}: {visible(one.fault)}" for one in columns]


def _copies(session: Session, line: DatasetLine) -> Iterator[Check]:
    """Yield copies in the workspace that are not there, or not of the size they had."""
    for one in versions(session, line.name):
        if not one.copied:
            continue
        off = _off(session, line.name, one.number)
        if off:
            yield Check(_PART, f"{line.name}@{one.number}", "bad", off)


def _off(session: Session, name: str, number: int) -> str:
    from workbench.operations.datasets.locate import files_of  # noqa: PLC0415 - few are copied

    try:
        manifest = folder.read_manifest(session.root, name, number)
        files = files_of(session, manifest)
        known = zip(manifest.files, files, strict=True)
        wrong = [file.path for file, path in known if path.stat().st_size != file.size]
    except (WorkbenchError, OSError) as error:
        return f"its copy is not whole: {error}"
    return f"its copy was changed: {visible(wrong[0])}" if wrong else ""
