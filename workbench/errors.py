"""Every error the workbench raises on purpose.

    WorkbenchError            1   something went wrong that has a name
    ├── UsageError            2   the words or the settings do not fit
    │   ├── FilterError       2   a filter cannot be read; knows the column
    │   ├── SettingsError     2   workbench.toml cannot be read; knows the line
    │   └── NotFoundError     2   no such workspace, run, view or file
    ├── CheckFailedError      3   a check before a promotion fails
    ├── NotAllowedError       4   this may be looked at, not done
    │   └── NotAgreedError    4   nobody here agreed to have data outside read by itself
    ├── UndecidedError        5   a check could not be evaluated; it counts as not passed
    ├── ConflictError         6   somebody else was first
    ├── NotDeployedError      7   it is recorded, and consumers do not see it yet
    ├── StoppedError          1   a person asked for the end of long work
    ├── UnknownOutcomeError   1   the answer of a write never came; saying it again is safe
    └── FormatError           1   a file in a workspace cannot be read; becomes a fault

The number is the exit code. A message says what is so; a hint is one imperative
sentence that says what to do about it. Only the front ends print.
"""


class WorkbenchError(Exception):
    """Say what is so, and perhaps what to do about it."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(WorkbenchError):
    """The words given, or the settings, do not fit."""

    exit_code = 2


class FilterError(UsageError):
    """A filter cannot be read; ``column`` (0-based) is where in ``text``."""

    def __init__(self, message: str, *, text: str, column: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.text = text
        self.column = column


class SettingsError(UsageError):
    """The settings file cannot be read; ``line`` (1-based, 0 if unknown) is where."""

    def __init__(self, message: str, *, path: str, line: int = 0, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.path = path
        self.line = line


class NotFoundError(UsageError):
    """There is no such workspace, run, view or file."""


class CheckFailedError(WorkbenchError):
    """A check before a promotion fails, and nobody overrode it."""

    exit_code = 3


class NotAllowedError(WorkbenchError):
    """This may be looked at, not done: the folder, the stage or the version refuses."""

    exit_code = 4


class NotAgreedError(NotAllowedError):
    """Data outside the workspace is not read by itself: nobody on this machine agreed to it."""


class UndecidedError(WorkbenchError):
    """A check before a promotion could not be evaluated, which is never a pass."""

    exit_code = 5


class ConflictError(WorkbenchError):
    """Somebody else was first."""

    exit_code = 6


class NotDeployedError(WorkbenchError):
    """The journal has it, and consumers do not see it yet."""

    exit_code = 7


class StoppedError(WorkbenchError):
    """A person asked for the end of something long, and it ended before it was done."""


class UnknownOutcomeError(WorkbenchError):
    """Nobody can tell whether it was written: the answer never came.

    Saying the same thing again records it once.
    """


class FormatError(WorkbenchError):
    """A file in a workspace cannot be read; readers turn it into a fault.

    ``option`` is a reading option with which it may be, and a value of it.
    """

    def __init__(
        self, message: str, *, hint: str = "", option: tuple[str, str] | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.option = option
