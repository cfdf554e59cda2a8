"""Datasets that ``workbench.toml`` names are registered by themselves when their files change.

Every program that watches a workspace follows; what the first of them registers, the others find
registered. A file counts once it has come to rest. One that cannot be read is a fault, its last
version stands, and it is tried again when it changes.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from workbench.datasets import declared
from workbench.datasets.declared import Declaration, Declared
from workbench.datasets.versions import folder, locating
from workbench.errors import (
    ConflictError,
    NotAgreedError,
    NotAllowedError,
    NotFoundError,
    SettingsError,
    WorkbenchError,
)
from workbench.formats.contract import Fault
from workbench.operations.background import LONG_S, Background
from workbench.operations.datasets.add import Added, add
from workbench.operations.datasets.planning import FOLLOWED, found_at
from workbench.operations.follower import SHARE, Follower
from workbench.operations.jobs import FAILED
from workbench.operations.session import Session
from workbench.sync.quiet import QUIET_S, Quiet, state_of
from workbench.words import duration, plural, size, visible

_TRY_AGAIN_S: Final = 30.0
"""After which files that changed while they were read, or a drive that failed, are tried again."""
_RESTLESS_S: Final = 600.0
"""What has not come to rest for so long is said: nobody would know why no version comes."""
_PATIENCE_S: Final = 5.0
"""How long the files of one dataset are looked for, while the others wait."""
_RARELY_S: Final = 600.0
"""After which what was given up is looked for again, if the settings still say the same of it."""


class _Followed(NamedTuple):
    """A dataset the settings name, with everything they say that decides what is registered."""

    one: Declared
    roots: locating.Roots
    faults: tuple[str, ...]
    """What is misspelt in its entry."""

    @property
    def said(self) -> str:
        """Return a text that differs when another thing would be registered, or in another way."""
        one = self.one
        return repr((one.path, one.options, one.fields, one.copy, self.roots, self.faults))


class _Tried(NamedTuple):
    """What was dealt with."""

    state: tuple[bytes, str]
    """Of the files, and what the settings said then."""
    until: float | None
    """When to try it again though nothing moved, by a clock that never goes back; None: never."""


class _Resting(NamedTuple):
    """A dataset whose files took long to be found."""

    said: str
    """What the settings said then."""
    until: float


class Following(Follower):
    """Registers what the settings name when it changes, in a thread of its own until `stop`."""

    def __init__(self, session: Session, on_added: Callable[[Added], None]) -> None:
        super().__init__(session, "workbench-following")
        self._on_added = on_added
        self._quiet = Quiet(session.clock)
        self._tried: dict[str, _Tried] = {}
        self._resting: dict[str, _Resting] = {}

    def look(self) -> None:
        """Look at every followed dataset once; register what changed and has come to rest."""
        followed = self._followed()
        self._looked_s = 0.0
        for name in self._faults.keys() - followed.keys():
            self._faults.pop(name)
        for name, one in followed.items():
            if self._stop.is_set():
                return
            self._look_at(name, one)
            self._tell()
        self._tell()

    def _tell_faults(self, faults: Sequence[Fault]) -> None:
        if faults != self._session.data_faults:
            self._session.data_faults = faults

    def _gave_up(self, why: str) -> Fault:
        return Fault("datasets", f"Datasets cannot be followed: {why}")

    def _followed(self) -> Mapping[str, _Followed]:
        try:
            declaration = declared.read(self._session.root)
        except SettingsError:  # said wherever settings are shown
            return {}
        return {
            name: _Followed(one, declaration.roots, _misspelt(declaration, name))
            for name, one in declaration.datasets.items()
            if one.path and one.follow
        }

    def _look_at(self, name: str, followed: _Followed) -> None:
        one = followed.one
        if self._rests(name, followed.said):
            return
        began = self._session.clock.steady()
        try:
            files = self._files(followed, began)
            self._took(name, followed.said, began)
        except (WorkbenchError, OSError) as error:
            self._took(name, followed.said, began, gave_up=isinstance(error, NotAllowedError))
            self._away(one, error)
            return
        state = (files, followed.said)
        tried = self._tried.get(name)
        again = tried and tried.until is not None and self._session.clock.steady() >= tried.until
        if tried and tried.state == state and not again:
            return
        if self._quiet.is_quiet(name, files):
            self._register(one, state)
        elif self._quiet.moving_s(name) >= _RESTLESS_S:
            self._faults[name] = Fault(one.path, _restless(name))

    def _rests(self, name: str, said: str) -> bool:
        resting = self._resting.get(name)
        if resting is None or resting.said != said:
            return False
        return self._session.clock.steady() < resting.until

    def _took(self, name: str, said: str, began: float, *, gave_up: bool = False) -> None:
        """Let a dataset rest alone whose files take long to be found; the others do not wait."""
        now = self._session.clock.steady()
        if now - began <= LONG_S:
            self._looked_s += now - began
            self._resting.pop(name, None)
        else:
            pause = _RARELY_S if gave_up else SHARE * (now - began)
            self._resting[name] = _Resting(said, now + pause)

    def _files(self, followed: _Followed, began: float) -> bytes:
        """Return a mark of the files as they are now; what DVC says of them belongs to them."""
        root, steady = self._session.root, self._session.clock.steady

        def tired() -> bool:
            return self._stop.is_set() or steady() - began > _PATIENCE_S

        found, out = found_at(
            locating.meant(followed.one.path, root, followed.roots), root, tired=tired
        )
        return state_of([*found.files, out.written_in] if out else found.files)

    def _away(self, one: Declared, error: Exception) -> None:
        """Say that there is nothing; where a version stands its flag says it, and that is enough.

        What comes back is looked at anew: a file may be put in place of another while away.
        """
        self._quiet.forget(one.name)
        self._tried.pop(one.name, None)
        if isinstance(error, NotFoundError | FileNotFoundError):
            self._unless_it_stands(one, error)
        else:
            self._faults[one.name] = Fault(one.path, _said(error))

    def _unless_it_stands(self, one: Declared, error: Exception) -> None:
        """Say why there is no version; where one stands its flags say the rest."""
        try:
            stands = bool(folder.standing(self._session.root, one.name))
        except OSError:
            stands = True  # nothing can be told of the workspace itself just now
        if stands:
            self._faults.pop(one.name, None)
        else:
            self._faults[one.name] = Fault(one.path, _said(error))

    def _register(self, one: Declared, state: tuple[bytes, str]) -> None:
        steady = self._session.clock.steady
        progress = _Progress(self._session, f"Register {one.name}", self._stop)
        try:
            added = add(
                self._session, one.name, how=FOLLOWED,
                on_progress=progress.tell, stopped=progress.is_over,
            )  # fmt: skip
        except NotAgreedError as error:
            self._tried[one.name] = _Tried(state, steady() + _TRY_AGAIN_S)
            self._unless_it_stands(one, error)
            progress.end()
            return
        except Exception as error:  # noqa: BLE001 - one of many must not stop the others
            if self._stop.is_set():
                progress.end()
                return
            passing = isinstance(error, ConflictError | OSError)
            self._tried[one.name] = _Tried(state, steady() + _TRY_AGAIN_S if passing else None)
            if progress.cancelled:
                progress.end()
                return
            self._faults[one.name] = Fault(
                one.path, f"{one.name} is not registered: {_said(error)}"
            )
            progress.end(FAILED, _said(error))
            return
        self._tried[one.name] = _Tried(state, None)
        self._faults.pop(one.name, None)
        progress.registered(added)
        if added.new:
            self._on_added(added)


class _Progress(Background):
    """The row in Activity of one registration."""

    def registered(self, added: Added) -> None:
        """Say what came of it; what was registered already and quickly is not worth a row."""
        if not added.new and not self.shown:
            return
        one = added.manifest
        rows = size(one.size) if one.rows is None else plural(one.rows, "row")
        self.done(f"{added}: {rows}" if added.new else f"{added} is exactly this")


def follow(session: Session, on_added: Callable[[Added], None] = lambda _: None) -> Following:
    """Follow the datasets that the settings name until the session is closed.

    Args:
        session: Where; nothing happens where nothing can be written.
        on_added: Told of each new version, in the thread that follows.
    """
    following = Following(session, on_added)
    if session.workspace is not None:
        following.start()
    session.before_closing(following.stop)
    return following


def look_once(session: Session) -> Sequence[Fault]:
    """Return why datasets the settings name cannot be found; nothing is registered."""
    Following(session, lambda _: None).look()  # at the first sight nothing has come to rest
    return session.data_faults


def _misspelt(declaration: Declaration, name: str) -> tuple[str, ...]:
    return tuple(
        f"{fault.line}: {fault.message}" for fault in declaration.faults if fault.dataset == name
    )


def _restless(name: str) -> str:
    """Return the same sentence however long it goes on: it is one fault."""
    return (
        f"{name} is not registered: something in it has been changing for more than "
        f"{duration(_RESTLESS_S)}, and it must be at rest for {QUIET_S:.0f} s."
    )


def _said(error: Exception) -> str:
    if isinstance(error, WorkbenchError):
        return f"{error.message} {error.hint}".strip()
    if isinstance(error, OSError):
        return f"{error.strerror or type(error).__name__}."
    return f"{type(error).__name__}: {visible(str(error))}"
