"""The workbench's own two themes (all of Textual's are there as well), and a calmer palette."""

from textual.theme import Theme

DARK = Theme(
    name="workbench",
    primary="#5fb3d4",
    secondary="#8fa3b3",
    accent="#5fb3d4",
    foreground="#d4dae0",
    background="#101418",
    surface="#141a20",
    panel="#1b232b",
    success="#7fbf8f",
    warning="#d9a94f",
    error="#e5786d",
    dark=True,
    variables={
        "border": "#33404b",
        "border-blurred": "#222b33",
        "scrollbar": "#2a3540",
        "scrollbar-hover": "#3d4b58",
        "scrollbar-active": "#5fb3d4",
        "scrollbar-background": "#101418",
        "scrollbar-background-hover": "#101418",
        "scrollbar-background-active": "#101418",
        "input-selection-background": "#5fb3d4 35%",
        "block-cursor-background": "#2b4a59",
        "block-cursor-foreground": "#eef2f5",
    },
)

LIGHT = Theme(
    name="workbench-light",
    primary="#0a6b94",
    secondary="#5b6b78",
    accent="#0a6b94",
    foreground="#22282d",
    background="#fbfaf7",
    surface="#f4f3ef",
    panel="#e9e8e2",
    success="#2e7d46",
    warning="#9a6700",
    error="#b3352b",
    dark=False,
    variables={
        "border": "#c9cdd0",
        "border-blurred": "#dddfe0",
        "scrollbar": "#cfd3d6",
        "scrollbar-background": "#fbfaf7",
        "block-cursor-background": "#cfe4ee",
        "block-cursor-foreground": "#22282d",
    },
)

THEMES = (DARK, LIGHT)
COLORLESS = "ansi-dark"
"""Textual's theme of the terminal's own colours: without any, tints become reverse video."""

APP_CSS = """
CommandPalette > Vertical {
    width: 78; max-width: 96%; margin-top: 2; background: $surface; border: round $border;
}
CommandPalette #--input { border: none; height: 1; padding: 0 1; background: $panel; }
CommandPalette #--input SearchIcon { display: none; }
CommandPalette CommandInput, CommandPalette CommandInput:focus {
    border: none; height: 1; padding: 0;
}
CommandPalette CommandList, CommandPalette CommandList:focus {
    border: none; background: $surface; scrollbar-size-vertical: 1;
}
CommandPalette CommandList > .option-list--option { padding: 0 1; text-style: none; }
CommandPalette LoadingIndicator { height: 1; }
Toast { background: $panel; padding: 0 1; margin-top: 1; max-width: 60; }
ModalScreen ToastRack { dock: top; align: right top; margin-bottom: 0; max-height: 50%; }
ModalScreen Toast { margin-top: 0; }
OptionList:nocolor > .option-list--option-highlighted { text-style: reverse; }
Button:nocolor, Button:disabled:nocolor { border: none !important; }
Button:focus:nocolor { text-style: bold reverse; }
Button:disabled:nocolor { text-style: dim; }
Input:nocolor > .input--selection { text-style: reverse; }
TextArea:nocolor > .text-area--selection { text-style: reverse; }
Tree:nocolor > .tree--cursor { text-style: reverse; }
"""
"""For the app's own style sheet: what Textual brings along, without its frames."""
