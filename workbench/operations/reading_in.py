"""What brings a session's catalogue up to date, made when that begins.

Apart from the session because it loads every reader and all that watches folders: a screen
is painted from the catalogue as it is, before any of it is needed.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.catalogue import ingest
from workbench.formats.contract import SourceReader
from workbench.formats.detect import NATIVE, Discovery, discover, reader_named, readers
from workbench.formats.detect import Source as Found
from workbench.formats.folders.reader import FoldersReader
from workbench.formats.kept import KeptReader
from workbench.operations.shapes import follow_answers
from workbench.sync.amendments import Amendments
from workbench.sync.datasets import DataVersions
from workbench.sync.drift_reports import DriftReports
from workbench.sync.filesystem import is_local
from workbench.sync.followed import label_of, left_in
from workbench.sync.journals import Journals
from workbench.sync.keeping import FOLDER, Keeper
from workbench.sync.sweep import Changes, Source, Sweeper
from workbench.sync.watch import Watch

if TYPE_CHECKING:
    from workbench.operations.session import Session


def sources(session: "Session") -> Sequence[Source]:
    """Return the folders of runs of a session, found anew."""
    follow_answers(session)
    session.undecided = 0
    if session.workspace:
        session.followed().look()
        session.followed().came_back = False
        found = [Source(NATIVE, session.root, "."), *_followed(session)]
        return [*found, *_kept(session, found)]
    path = session.root / session.only
    session.discovery = discover(path)
    session.undecided = session.discovery.undecided
    found = [
        _source(reader_named(one.format), path / one.root, one.root or session.only or ".")
        for one in _with_folders(session.discovery, path)
    ]
    return [*found, *_kept(session, found)]


def _followed(session: "Session") -> list[Source]:
    """Return the sources of the followed folders; of two with the same runs a database first."""
    if not session.settings.sources:
        return []
    found = [one for folder in session.settings.sources for one in _found_in(session, folder)]
    order = [reader.name for reader in readers()]
    return sorted(found, key=lambda source: order.index(source.reader.name))


def _kept(session: "Session", found: Sequence[Source]) -> Sequence[Source]:
    """Return where runs are kept that the next run overwrites; last, after all they come from."""
    if not any(source.reader.name == FoldersReader.name for source in found):
        return []
    home, folder = _keeping_place(session)
    label = folder if session.workspace else str(home / folder)
    return [Source(reader_named(KeptReader.name), home / folder, label)]


def _keeping_place(session: "Session") -> tuple[Path, str]:
    return (session.root, FOLDER) if session.workspace else (session.state, KeptReader.name)


def sweeper(session: "Session") -> Sweeper:
    """Return what brings the catalogue of a session up to date."""
    root, catalogue, clock = session.root, session.catalogue, session.clock
    ours = session.workspace is not None
    return Sweeper(
        catalogue,
        session.sources(),
        clock,
        amendments=Amendments(root) if ours else None,
        settings=session.settings,
        probe=session.disk_time,
        journals=Journals(root, catalogue, clock) if ours else None,
        datasets=DataVersions(root, catalogue, clock, session.disk_time) if ours else None,
        drift=DriftReports(root, catalogue, clock, session.disk_time) if ours else None,
        data_faults=lambda: (
            *session.followed().faults,
            *session.data_faults,
            *session.drift_faults,
        ),
        keeper=Keeper(*_keeping_place(session)) if catalogue.path else None,
        followed=session.followed() if ours else None,
    )


def watch(
    session: "Session",
    on_change: Callable[[Changes], None],
    on_error: Callable[[Exception], None],
    refresh: Callable[[bool], None],
    progress: Callable[[int, int], bool],
) -> Watch:
    """Return what keeps the catalogue of a session up to date in a thread, not yet begun."""
    return Watch(
        session.sweeper,
        on_change,
        on_error,
        session.clock,
        local=is_local(session.root),
        refresh=refresh,
        progress=progress,
        is_there=session.is_there,
    )


def _found_in(session: "Session", folder: str) -> list[Source]:
    """Return the sources in a followed folder or file; of one that is away those known."""
    followed, label = session.followed(), label_of(folder)
    try:
        place = followed.place(folder)
        if followed.is_away(label):
            known = left_in(folder, ingest.known_sources(session.catalogue))
            there = {reader.name for reader in readers()}
            return [
                _source(reader_named(name), place / root.removeprefix(label).lstrip("/"), root)
                for name, root in known
                if name in there
            ]
        discovery = discover(place)
    except (OSError, ValueError):  # no folder's name
        return []
    session.undecided += discovery.undecided
    return [
        _source(reader_named(one.format), place / one.root, f"{label}/{one.root}".rstrip("/"))
        for one in _with_folders(discovery, place)
    ]


def _with_folders(discovery: Discovery, path: Path) -> Sequence[Found]:
    """Return the sources found, and the folder itself: the first run in it is to show at once."""
    found = discovery.sources
    if not path.is_dir() or any(not one.root for one in found):
        return found
    return (*found, Found(FoldersReader.name, ""))


def _source(reader: SourceReader, root: Path, label: str) -> Source:
    return Source(reader, root, label, is_file=root.is_file())
