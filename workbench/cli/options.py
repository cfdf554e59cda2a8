"""Options and opening that many commands share."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from workbench.errors import NotFoundError

if TYPE_CHECKING:
    from workbench.operations.session import Session

DEBUG, CODE = "debug", "code"
Form = Literal["json", "csv", "md", "tex", "svg"]
_F = TypeVar("_F", bound=Callable[..., Any])


def _remember(context: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        context.find_root().obj[DEBUG] = True


def ends_with(code: int) -> int:
    """Settle and return how a command ends, whether or not anybody reads what it prints then."""
    click.get_current_context().find_root().obj[CODE] = code
    return code


debug_option = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_remember,
    help="Show the full traceback of an error.",
)


def command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a function a command that takes what all commands take."""

    def make(function: Callable[..., Any]) -> click.Command:
        return click.command(name, context_settings={"max_content_width": 100})(
            debug_option(function)
        )

    return make


workspace_option = click.option(
    "-w",
    "--workspace",
    metavar="PATH",
    type=click.Path(path_type=Path),
    help="The workspace or folder of runs; else $WORKBENCH_WORKSPACE, else the nearest above.",
)


_SAYS: Mapping[Form, str] = {
    "json": "Print JSON.",
    "csv": "Print CSV; cells a spreadsheet would run as formulas are quoted.",
    "md": "Print a Markdown table.",
    "tex": "Print a LaTeX table (booktabs).",
    "svg": "Print a picture, SVG.",
}
_FORM = "form"


def form_options(*forms: Form) -> Callable[[_F], _F]:
    """Add ``--json``, ``--csv`` and ``--md``, or those of them named; one may be given."""

    def add(function: _F) -> _F:
        for form in reversed(forms or ("json", "csv", "md")):
            option = click.option(
                f"--{form}", f"as_{form}", is_flag=True, expose_value=False,
                callback=_choose, help=_SAYS[form],
            )  # fmt: skip
            function = option(function)
        return function

    return add


def _choose(context: click.Context, option: click.Parameter, given: bool) -> None:
    """Hand the command the one form that was asked for as ``form``.

    Raises:
        click.UsageError: Two were asked for.
    """
    form = option.opts[0].removeprefix("--")
    before = context.params.setdefault(_FORM, None)
    if given and before is not None:
        raise click.UsageError(f"--{before} and --{form} cannot be given together.", context)
    if given:
        context.params[_FORM] = form


def opened(path: Path | None, *, sweep: bool = True) -> "Session":
    """Open what is meant and bring its catalogue up to date."""
    from workbench.operations.session import open_session  # noqa: PLC0415
    from workbench.operations.shapes import answer_faults  # noqa: PLC0415
    from workbench.operations.workspace import locate  # noqa: PLC0415 - after parsing

    session = open_session(locate(path))
    if session.settings_fault is not None:
        _say(f"{session.settings_fault.message} The defaults count.")
    if sweep:
        session.sweep()
        for fault in (*session.followed().faults, *answer_faults()):
            _say(f"{fault.path} {fault.reason}")
    return session


def _say(text: str) -> None:
    from workbench.cli.output import say, visible  # noqa: PLC0415 - where there is something

    say(visible(text))


def opened_for(names: Sequence[str], path: Path | None) -> AbstractContextManager["Session | None"]:
    """Open the workspace that names may be datasets of; none where all can only be files.

    A name that could be both is the dataset's, as it says what is sensitive: a file or folder that
    is called so does not hide the workspace.

    Raises:
        NotFoundError: There is no workspace, and something that is no file is named.
    """
    from workbench.operations.datasets.names import is_ref  # noqa: PLC0415 - after parsing

    files = all(Path(name).exists() for name in names)
    if files and not any(is_ref(name) for name in names):
        return nullcontext()
    try:
        return opened(path)
    except NotFoundError:
        if not files or path is not None:
            raise
        return nullcontext()
