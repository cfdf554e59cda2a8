"""Asking what is to be registered: a path that goes on by itself, a name, and how it is read.

What the files are at first sight stands below while somebody types: format, separator, encoding,
columns. Enter goes to the next line, and on the last one registers.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Button, Input, OptionList, Static
from textual.widgets.option_list import Option

from workbench import words
from workbench.errors import UsageError
from workbench.operations.session import Session
from workbench.tui.cells import Cell, Line, cut, visible
from workbench.tui.data.path_completion import common, completions
from workbench.tui.messages import Learned
from workbench.tui.offload import off_thread
from workbench.tui.paragraphs import bullets
from workbench.tui.repainted import Dialog
from workbench.tui.toast import error_text
from workbench.tui.widgets.block import Block
from workbench.tui.widgets.dialog import DIALOG_CSS, Buttons, news_block
from workbench.tui.widgets.tick import Tick

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.timer import Timer

    from workbench.operations.datasets.peek import Peek

_LOOK_S: Final = 0.15
"""Nothing is read while somebody types this fast."""
_MOST_COLUMNS: Final = 200
_SAID_LINES: Final = 4
_HINT: Final = "A file, a folder of one table, or a pattern: data/part-*.parquet"


@dataclass(frozen=True, slots=True)
class ToAdd:
    """What somebody wants to register."""

    path: str = ""
    name: str = ""
    options: str = ""
    """As typed: ``separator=; decimal=,``."""
    copy: bool = False
    files: bool = False
    """As files that are no table."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the files are at first sight."""

    path: str = ""
    suggested: str = ""
    """A name for them."""
    version: int = 0
    """The number they would get under the name that is written; 0 where that is none."""
    peek: "Peek | None" = None
    wrong: str = ""
    """Why they are no table."""


class AddScreen(Dialog[ToAdd | None]):
    """Ask for a path and a name; None when somebody changed their mind."""

    DEFAULT_CSS = (
        DIALOG_CSS.format(name="AddScreen", width=90)
        + """
    AddScreen .field { height: 1; margin-top: 1; }
    AddScreen .field Static { width: 10; color: $foreground-muted; }
    AddScreen .field Input { width: 1fr; }
    AddScreen OptionList { border: none; height: auto; max-height: 6; padding: 0; margin-left: 10;
                           background: transparent; scrollbar-size-vertical: 1; display: none; }
    AddScreen.-offered OptionList { display: block; }
    AddScreen Tick { margin-left: 10; }
    AddScreen #said { margin: 1 0 0 0; }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("tab", "complete", show=False, priority=True),
    ]

    def __init__(self, session: Session, asked: ToAdd, *, here: Path, news: str = "") -> None:
        """Ask what to register.

        Args:
            session: Where.
            asked: What was written before; a name that is given is kept.
            here: The folder that paths are relative to.
            news: Why it is asked again, shown first.
        """
        super().__init__()
        self._session = session
        self._asked = asked
        self._here = here
        self._news = news
        self._named = bool(asked.name)
        """A person wrote the name; the path says it no more."""
        self._seen = Seen()
        self._offered: tuple[str, ...] = ()
        """How the path could go on."""
        self._timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Put the path first, then how it goes on, the name, how it is read, and what it is."""
        asked = self._asked
        with Vertical(id="box") as box:
            box.border_title = "Add a version of a dataset"
            box.border_subtitle = "Tab goes on · Esc leaves"
            yield from news_block(self._news)
            yield from _field("path", asked.path, "data/census.parquet")
            yield OptionList(compact=True, markup=False)
            yield from _field("name", asked.name, "small letters, digits, dots, dashes")
            yield from _field("read as", asked.options, "found out; or separator=; decimal=,",
                              id_="options")  # fmt: skip
            yield Tick("keep a copy in the workspace", asked.copy, id="copy")
            yield Tick("as files, not as a table", asked.files, id="files")
            yield Block(self._said, id="said")
            yield Buttons("Add")

    def on_mount(self) -> None:
        """Begin with the path."""
        self.query_one(OptionList).can_focus = False
        self.set_focus(self.query_one("#path", Input))  # at once: the next key may be waiting
        self._look_soon()

    # ------------------------------------------------------------ what is written

    def _text(self, name: str) -> str:
        return self.query_one(f"#{name}", Input).value.strip()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look again at what is there; only a person changes the name so, `_show` keeps quiet."""
        event.stop()
        if event.input.id == "name":
            self._named = bool(event.value.strip())
        if event.input.id == "path":  # what does not begin so is not offered for it any more
            self._offer(tuple(one for one in self._offered if one.startswith(event.value)))
        self._look_soon()

    def _look_soon(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(_LOOK_S, self._look)

    def _look(self) -> None:
        """See what the path leads to, and how it could go on."""
        session, here = self._session, self._here
        path, name, options = self._text("path"), self._text("name"), self._text("options")
        name = name if self._named else ""
        off_thread(
            self, lambda: Learned(self._offer, completions(path, here)),
            group="paths", about=path, doing="Look at the folder",
        )  # fmt: skip
        off_thread(
            self, lambda: Learned(self._show, look(session, here, path, name, options)),
            group="look", about=(path, name, options), doing="Look at the path",
        )  # fmt: skip

    def on_learned(self, event: Learned) -> None:
        """Go on with what was read."""
        event.stop()
        event.then(event.found)

    def _show(self, seen: Seen) -> None:
        """Show what is there; a name that nobody wrote follows the path."""
        self._seen = seen
        if not self._named:
            box = self.query_one("#name", Input)
            with self.prevent(Input.Changed):
                box.value = seen.suggested
        self.query_one("#said", Block).show(self._said)

    def _offer(self, found: tuple[str, ...]) -> None:
        """Offer how the path could go on."""
        options = self.query_one(OptionList)
        there = self._offered = tuple(one for one in found if one != self._text("path"))
        shown = bool(there) and self._on_path
        options.clear_options()
        options.add_options(Option(visible(one)) for one in there)
        options.highlighted = None
        self.set_class(shown, "-offered")

    def on_descendant_focus(self) -> None:
        """Offer how the path goes on only while it is written."""
        there = bool(self.query_one(OptionList).option_count)
        self.set_class(there and self._on_path, "-offered")

    @property
    def _on_path(self) -> bool:
        """Whether the path is written; the screen knows at once, its line only later."""
        return self.focused is self.query_one("#path", Input)

    def _said(self, width: int) -> list[Line]:
        seen = self._seen
        if not seen.path:
            return [(Cell(_HINT, "dim"),)]
        if seen.wrong:
            return bullets([f"! {seen.wrong}"], "warn", width)[:_SAID_LINES]
        return said_lines(seen, width) if seen.peek else [(Cell("Looking …", "dim"),)]

    # ------------------------------------------------------------ keys

    def action_move(self, by: int) -> None:
        """Go through what is offered, or to the line above or below."""
        options = self.query_one(OptionList)
        if self.has_class("-offered") and options.option_count:
            now = -1 if options.highlighted is None else options.highlighted
            options.highlighted = max(0, min(options.option_count - 1, now + by))
        elif by > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def action_complete(self) -> None:
        """Let the path go on, as far as there is no choice; else go to the next line."""
        box = self.query_one("#path", Input)
        options = self.query_one(OptionList)
        offered = self._offered
        if not (self._on_path and self.has_class("-offered") and offered):
            self.focus_next()
            return
        if options.highlighted is not None:
            box.value = offered[options.highlighted]
        else:
            further = common(box.value, offered)
            if further == box.value and len(offered) > 1:
                options.highlighted = 0
                return
            box.value = further
        box.cursor_position = len(box.value)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take what was clicked."""
        event.stop()
        box = self.query_one("#path", Input)
        box.value = self._offered[event.option_index]
        self.set_focus(box)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Take what is highlighted, else go on; the last line registers."""
        event.stop()
        options = self.query_one(OptionList)
        if event.input.id == "path":
            if self.has_class("-offered") and options.highlighted is not None:
                self.action_complete()
            else:
                self.set_focus(self.query_one("#name"))  # at once: the next key may be waiting
        else:
            self._take()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the answer."""
        event.stop()
        if event.button.id == "do":
            self._take()
        else:
            self.dismiss(None)

    def _take(self) -> None:
        """Hand on what is written, unless something is missing."""
        asked = ToAdd(
            self._text("path"), self._text("name"), self._text("options"),
            self.query_one("#copy", Tick).value, self.query_one("#files", Tick).value,
        )  # fmt: skip
        wrong = missing(asked)
        if wrong is None:
            self.dismiss(asked)
            return
        where, why = wrong
        self.notify(visible(why), markup=False, severity="warning")
        self.set_focus(self.query_one(f"#{where}"))

    def action_leave(self) -> None:
        """Register nothing."""
        self.dismiss(None)


def _field(label: str, value: str, hint: str, id_: str = "") -> ComposeResult:
    with Horizontal(classes="field"):
        yield Static(label, markup=False)
        yield Input(
            visible(value), placeholder=hint, id=id_ or label, compact=True, select_on_focus=False
        )


def missing(asked: ToAdd) -> tuple[str, str] | None:
    """Return the line that cannot stay as it is and why; None where nothing is missing."""
    from workbench.operations.datasets.names import check_name  # noqa: PLC0415 - when asked for

    if not asked.path:
        return "path", "Type the path of a file, a folder or a pattern."
    try:
        check_name(asked.name)
    except UsageError as error:
        return "name", str(error)
    try:
        read_options(asked.options)
    except UsageError as error:
        return "options", str(error)
    return None


def read_options(text: str) -> "Mapping[str, str]":
    """Return reading options as they were typed: ``separator=; decimal=,``.

    Raises:
        UsageError: A part has no name or no value.
    """
    options = {}
    for part in text.split():
        name, sign, value = part.partition("=")
        if not (name and sign and value):
            raise UsageError(f"{part!r} is no option.", hint="Write it as separator=; or sheet=2.")
        options[name] = value
    return options


def look(session: Session, here: Path, path: str, name: str, options: str) -> Seen:
    """Return what a path leads to."""
    from workbench.operations.datasets.peek import name_for, next_version, peek  # noqa: PLC0415

    if not path:
        return Seen()
    whole = Path(path)
    suggested = name_for(whole)
    version = next_version(session, name or suggested) if name or suggested else 0
    try:
        found = peek(here / whole.expanduser(), read_options(options))
    except Exception as error:  # noqa: BLE001 - said below the path, whatever the file holds
        return Seen(path, suggested, version, None, error_text(error))
    return Seen(path, suggested, version, found)


def said_lines(seen: Seen, width: int) -> list[Line]:
    """Return what files are at first sight, on a few lines."""
    found = seen.peek
    if found is None:
        return []
    rows = "rows are counted when it is added" if found.rows is None else ""
    facts = [
        found.format,
        *(f"{name} {value}" for name, value in found.said),
        words.plural(found.files, "file") if found.files > 1 else "",
        words.size(found.size),
        rows or words.plural(found.rows or 0, "row"),
    ]
    columns = ", ".join(f"{one.name} {one.type}" for one in found.columns[:_MOST_COLUMNS])
    lines: list[Line] = [
        *bullets([" · ".join(fact for fact in facts if fact)], "", width)[:2],
        (
            Cell(f"{words.plural(len(found.columns), 'column')}: ", "dim"),
            Cell(cut(columns, max(1, width - 14)), "dim"),
        ),
    ]
    if seen.version:
        lines.append((Cell(f"It would be version {seen.version}.", "accent"),))
    return lines
