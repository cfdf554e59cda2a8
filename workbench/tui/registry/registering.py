"""Registering a version from a screen: which files, under which name.

Whatever was typed is kept: where it comes to nothing it is asked for once more, with why.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from workbench.errors import NotFoundError, UsageError
from workbench.operations.session import Session
from workbench.tui.cells import cut
from workbench.tui.errand import carry_out
from workbench.tui.frame import WorkbenchScreen
from workbench.tui.messages import Learned
from workbench.tui.offload import off_thread
from workbench.tui.toast import error_text, tell, tell_error
from workbench.tui.widgets.choose import Choice, ChooseScreen
from workbench.tui.widgets.prompt import PromptScreen

_ANOTHER = "another:"
_DOING = "Register"
_MOST_LISTED = 200
_MOST_NAMED = 60


class Registrable(NamedTuple):
    """What could be registered from a run, and the models there are."""

    run_id: str
    name: str
    artifacts: tuple[str, ...]
    """Those that look like models; all of them where none does."""
    likely: bool
    models: tuple[str, ...]


class Files(NamedTuple):
    """Files that could be registered, and the models there are."""

    path: Path
    models: tuple[str, ...]


Again = Callable[[str], None]
"""Asks once more for what was typed, given why it came to nothing."""
Last = Callable[[str, Again | None], None]
"""Registers under a name; asks again where it cannot, if anything was typed."""


def register_from_run(
    screen: WorkbenchScreen, session: Session, run: str, *, model: str = ""
) -> None:
    """Let a person register a version from a run.

    Args:
        screen: Where it is asked and told.
        session: Where it is registered.
        run: Id of the run, a part of it, or a name.
        model: Where it is known already which model it is a version of.
    """
    off_thread(
        screen,
        lambda: Learned(
            partial(_choose_artifact, screen, session, model, None), look(session, run)
        ),
        doing=_DOING,
    )


def register_anything(
    screen: WorkbenchScreen, session: Session, model: str = "", text: str = "", news: str = ""
) -> None:
    """Ask for a run or a path, and register it.

    Args:
        screen: Where it is asked and told.
        session: Where it is registered.
        model: Where it is known already which model it is a version of.
        text: As it was typed before.
        news: Why it came to nothing then.
    """

    def take(typed: str | None) -> None:
        wanted = (typed or "").strip()
        if not wanted:
            return
        again = partial(register_anything, screen, session, model, wanted)

        def work() -> Learned:
            found = _meant(session, wanted)
            if isinstance(found, Registrable):
                return Learned(partial(_choose_artifact, screen, session, model, again), found)
            carry_out = partial(_register_files, screen, session, found.path)
            return Learned(partial(_name, screen, found.models, model, again), carry_out)

        off_thread(screen, work, wrong=_asking(again))

    hint = "a run's id or name; or the path of a file or a folder"
    screen.app.push_screen(PromptScreen("Register what?", text, hint=hint, news=news), take)


def _meant(session: Session, text: str) -> Registrable | Files:
    """Return the files at a path, else what a run has to register.

    Raises:
        NotFoundError: It is neither a path nor a run.
        UsageError: Several runs are called so, or it kept no files.
    """
    trouble = ""
    try:
        path = Path(text).expanduser()
        if path.exists():
            return Files(path, _known(session))
    except (OSError, RuntimeError, ValueError) as error:  # a stranger's home, a name too long
        trouble = f" As a path it cannot be read: {getattr(error, 'strerror', None) or error}"
    try:
        return look(session, text)
    except NotFoundError as error:
        said = f"There is no file and no run {cut(text, _MOST_NAMED)}.{trouble}"
        hint = "Type the id or the name of a run, or a path."
        raise NotFoundError(said.rstrip(".") + ".", hint=hint) from error


def look(session: Session, run: str) -> Registrable:
    """Return what a run has to register.

    Raises:
        NotFoundError: There is no such run.
        UsageError: Several runs are called so, or it kept no files.
    """
    from workbench.operations.registry.register_run import model_artifacts  # noqa: PLC0415
    from workbench.operations.select import select  # noqa: PLC0415 - when asked for

    found = select(session, run)
    names = tuple(one.path for one in found.artifacts)
    if not names:
        raise UsageError(
            f"{found.name} kept no files.", hint="Log the model in the run, or register a path."
        )
    likely = model_artifacts(names)
    return Registrable(
        found.run_id, found.name, likely or names[:_MOST_LISTED], bool(likely), _known(session)
    )


def _known(session: Session) -> tuple[str, ...]:
    from workbench.registry.journal import models  # noqa: PLC0415 - when asked for

    return tuple(models(session.root))


def _choose_artifact(
    screen: WorkbenchScreen, session: Session, model: str, again: Again | None, found: Registrable
) -> None:
    def then(artifact: str) -> None:
        carry_out = partial(_register_run, screen, session, found.run_id, artifact)
        _name(screen, found.models, model, again, carry_out)

    if found.likely and len(found.artifacts) == 1:
        then(found.artifacts[0])
        return
    title = f"Which file of {found.name} is the model?"
    choices = [Choice(name, name) for name in found.artifacts]
    screen.app.push_screen(ChooseScreen(title, choices), _if_chosen(then))


def _name(
    screen: WorkbenchScreen, models: Sequence[str], model: str, again: Again | None, then: Last
) -> None:
    """Go on with the name of the model; a name that is given is not asked for."""
    if model:
        then(model, again)
    elif models:
        choices = [
            *(Choice(name, name, "its next version") for name in models),
            Choice(_ANOTHER, "Another name …", "the first version of a new model"),
        ]
        screen.app.push_screen(
            ChooseScreen("A version of which model?", choices),
            _if_chosen(
                lambda id_: _ask_name(screen, then) if id_ == _ANOTHER else then(id_, again)
            ),
        )
    else:
        _ask_name(screen, then)


def _ask_name(screen: WorkbenchScreen, then: Last, text: str = "", news: str = "") -> None:
    prompt = PromptScreen(
        "Name of the model", text, hint="small letters, digits, dots, dashes, underscores",
        check=_wrong_name, news=news,
    )  # fmt: skip

    def take(name: str) -> None:
        then(name, partial(_ask_name, screen, then, name))

    screen.app.push_screen(prompt, _if_chosen(take))


def _if_chosen(then: Callable[[str], Any]) -> Callable[[str | None], None]:
    def take(text: str | None) -> None:
        if text is not None:
            then(text)

    return take


def _wrong_name(text: str) -> str | None:
    from workbench.operations.registry.register import check_name  # noqa: PLC0415 - when asked

    try:
        check_name(text)
    except UsageError as error:
        return str(error)
    return None


def _register_run(
    screen: WorkbenchScreen,
    session: Session,
    run_id: str,
    artifact: str,
    model: str,
    again: Again | None,
) -> None:
    def work() -> str:
        from workbench.operations.registry.register_run import register_run  # noqa: PLC0415

        done = register_run(session, run_id, model, artifact)
        return registered_words(str(done), new=done.new)

    _write(screen, session, model, work, again)


def _register_files(
    screen: WorkbenchScreen, session: Session, path: Path, model: str, again: Again | None
) -> None:
    def work() -> str:
        from workbench.operations.registry.register import register  # noqa: PLC0415

        done = register(session, model, path)
        return registered_words(str(done), new=done.new)

    _write(screen, session, model, work, again)


def _write(
    screen: WorkbenchScreen,
    session: Session,
    model: str,
    work: Callable[[], str],
    again: Again | None,
) -> None:
    """Register, and say what came of it wherever the person is by then."""

    def refused(error: Exception) -> None:
        if again is not None and screen.app.screen is screen:
            again(error_text(error))
        else:
            tell_error(screen.app, _DOING, error)

    carry_out(screen, session, f"{_DOING} {model}", work, partial(_tell, screen), refused)


def _asking(again: Again) -> Callable[[Exception], Learned]:
    """Return what comes of an error: it is asked again, with its words."""
    return lambda error: Learned(again, error_text(error))


def registered_words(name: str, *, new: bool) -> str:
    """Return what became of it."""
    if new:
        return f"Registered {name}. 5 shows it."
    return f"These files of this run are {name} already; nothing was added."


def _tell(screen: WorkbenchScreen, words: str) -> None:
    tell(screen.app, words)
    again = getattr(screen.app, "watch_again", None)
    if again is not None:
        again()
