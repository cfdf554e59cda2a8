"""What a command writes to a file that was named, in one step."""

from pathlib import Path

from workbench.cli import output
from workbench.durable import replace
from workbench.errors import NotAllowedError


def write_text(path: Path, text: str) -> None:
    """Write to a file in one step, or to stdout.

    Raises:
        NotAllowedError: It cannot be written.
    """
    if path == Path("-"):
        output.line(text.rstrip("\n"))
        return
    if not path.absolute().parent.is_dir():
        raise NotAllowedError(
            f"{path} cannot be written: its folder is not there.", hint="Make it first."
        )
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(text.encode())  # a device, such as /dev/null, is never replaced
        else:
            replace(path, text.encode())
    except OSError as error:
        raise NotAllowedError(
            f"{path} cannot be written: {error.strerror or error}.", hint="Choose another place."
        ) from None
