"""What the settings say of datasets and is misspelt, looked at again when they change."""

from collections.abc import Iterator
from pathlib import Path

from workbench.datasets import declared
from workbench.datasets.declared import Declaration
from workbench.datasets.versions.columns import unheard_of
from workbench.errors import SettingsError
from workbench.formats.contract import Fault
from workbench.settings import SETTINGS
from workbench.words import visible


class Declarations:
    """The faults of the datasets in one workspace's settings."""

    def __init__(self, workspace: Path) -> None:
        self._root = workspace
        self._stamp: tuple[int, int] | None = None
        self.faults: tuple[Fault, ...] = ()

    def look(self) -> bool:
        """Read the settings if they changed; return whether they did since the last look."""
        try:
            facts = (self._root / SETTINGS).stat()
            stamp = (facts.st_mtime_ns, facts.st_size)
        except OSError:
            stamp = (0, 0)
        if stamp == self._stamp:
            return False
        first, self._stamp = self._stamp is None, stamp
        try:
            found = declared.read(self._root)
            self.faults = (*_misspelt(found), *_unheard_of(self._root, found))
        except SettingsError:  # of all settings, not of datasets: told for itself
            self.faults = ()
        return not first


def _misspelt(declaration: Declaration) -> Iterator[Fault]:
    """Yield what is misspelt of datasets, and of their rules."""
    for one in declaration.faults:
        yield Fault(SETTINGS, one.message, one.line or None)
    for name, dataset in declaration.datasets.items():
        if not dataset.rules:
            continue
        from workbench.datasets.rules import read  # noqa: PLC0415 - few datasets have rules

        for number, rule in enumerate(read(dataset.rules)):
            if rule.fault:
                line = declaration.line("datasets", name, "rules", number)
                yield Fault(SETTINGS, f"A rule of {name}: {rule.fault}", line or None)


def _unheard_of(root: Path, declaration: Declaration) -> Iterator[Fault]:
    """Yield which sensitive columns are in no version, so that all columns are masked."""
    for name, dataset in declaration.datasets.items():
        for column in unheard_of(root, name, dataset.fields.sensitive):
            said = f"{name} has no column {visible(column)[:80]!r}, which is said to be sensitive: "
            line = declaration.line("datasets", name, "sensitive")
            yield Fault(SETTINGS, f"{said}every column is masked.", line or None)
