"""Every error the workbench raises on purpose.

    WorkbenchError            1   something went wrong that has a name
    ├── UsageError            2   the words or the settings do not fit
    │   ├── FilterError       2   a filter cannot be read; knows the column
    │   ├── SettingsError     2   workbench.toml cannot be read; knows the line
    │   └── NotFoundError     2   no such workspace, run, view or file
    ├── NotAllowedError       4   this folder may be looked at, not written
    ├── ConflictError         6   somebody else was first
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


class NotAllowedError(WorkbenchError):
    """This folder may be looked at, not written."""

    exit_code = 4


class ConflictError(WorkbenchError):
    """Somebody else was first."""

    exit_code = 6


class FormatError(WorkbenchError):
    """A file in a workspace cannot be read; readers turn it into a fault."""
