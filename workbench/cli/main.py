"""The one place that turns errors into one clear sentence and an exit code.

Exit codes: 0 done, 1 unexpected, 2 usage or configuration, 3 a check failed, 4 not
allowed, 5 undecided, 6 somebody else was first, 7 recorded but not yet deployed,
130 stopped with Ctrl-C, 141 nobody read on before it was known how a command ends.
Data goes to stdout, everything said here to stderr.
"""

import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from workbench import __version__
from workbench.cli.lazy import Everything
from workbench.cli.options import CODE, DEBUG, debug_option, ends_with
from workbench.cli.output import say, settle, visible
from workbench.errors import FilterError, WorkbenchError

INTERRUPTED = 130
UNEXPECTED = 1
UNREAD = 141
"""What a shell makes of a program whose output nobody reads any more."""
_COMPLETE = "_WORKBENCH_COMPLETE"


class Program(Everything):
    """The whole command line; however it is started, errors end the same way."""

    def main(self, args: Sequence[str] | None = None, **_: Any) -> NoReturn:  # type: ignore[override]
        """Run and end the process with the exit code."""
        sys.exit(run(sys.argv[1:] if args is None else args))


@click.group(
    cls=Program,
    name="workbench",
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`workbench PATH` opens a workspace or folder of runs; `workbench` alone the nearest.",
)
@click.version_option(__version__, message="workbench %(version)s")
@debug_option
def program() -> None:
    """Watch, compare and keep training runs, in the terminal and without a server."""


def run(args: Sequence[str]) -> int:
    """Do what ``args`` say and return the exit code; nothing is raised."""
    settle()
    shell = os.environ.get(_COMPLETE)
    if shell:
        from click.shell_completion import shell_complete  # noqa: PLC0415 - asked for by a shell

        return shell_complete(program, {}, "workbench", _COMPLETE, shell)
    facts: dict[str, Any] = {DEBUG: False, CODE: UNREAD}
    try:
        return _run(args, facts)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        return _wrong_words(error)
    except (click.Abort, KeyboardInterrupt, EOFError):
        say("Stopped.")
        return INTERRUPTED
    except BrokenPipeError:
        return _closed(facts[CODE])
    except WorkbenchError as error:
        return _known(error, debug=facts[DEBUG])
    except Exception as error:  # noqa: BLE001 - the last one to know; written down in full
        if _is_interrupt(error):
            say("Stopped.")
            return INTERRUPTED
        return _unexpected(error, debug=facts[DEBUG])


def _is_interrupt(error: Exception) -> bool:
    """Say whether this is Ctrl-C as DuckDB tells it, when it comes in the middle of a query."""
    return "Query interrupted" in str(error) or type(error).__name__ == "InterruptException"


def _run(args: Sequence[str], facts: dict[str, Any]) -> int:
    with program.make_context("workbench", list(args), obj=facts) as context:
        code = program.invoke(context)
        code = ends_with(code if isinstance(code, int) else 0)
    sys.stdout.flush()
    return code


def _wrong_words(error: click.ClickException) -> int:
    """Say what click could not make sense of, and where the help is."""
    say(visible(error.format_message()))
    context = getattr(error, "ctx", None)
    if context is not None and isinstance(error, click.UsageError):
        say(f"See `{context.command_path} --help`.")
    return 2


def _known(error: WorkbenchError, *, debug: bool) -> int:
    if debug:
        _print_traceback(error)
    _say_lines(error.message)
    if isinstance(error, FilterError):
        say(f"  {visible(error.text)}")
        say(f"  {' ' * len(visible(error.text[: error.column]))}^")
    _say_lines(error.hint)
    return error.exit_code


def _say_lines(text: str) -> None:
    for one in text.splitlines():
        say(visible(one))


def _unexpected(error: Exception, *, debug: bool) -> int:
    """Say that something nobody foresaw happened, and keep the whole story in a file."""
    from workbench.cli.crash import keep  # noqa: PLC0415 - hopefully never

    if debug:
        _print_traceback(error)
    kept = keep(error)
    what = visible(str(error)) or "no reason given"
    where = f" The full traceback is in {kept}." if kept else ""
    say(f"Unexpected {type(error).__name__}: {what}.{where}")
    return UNEXPECTED


def _print_traceback(error: Exception) -> None:
    import traceback  # noqa: PLC0415 - for --debug only

    for line in "".join(traceback.format_exception(error)).splitlines():
        say(visible(line))


def _closed(code: int) -> int:
    """End quietly when whoever read our output has had enough; what came of it stays."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        return code  # stdout is no file: there is nothing left to flush into
    return code
