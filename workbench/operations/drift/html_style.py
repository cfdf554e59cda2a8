"""How the HTML report looks: one style sheet, for light and dark screens and for paper."""

from typing import Final

from workbench.datasets.drift.report import DRIFT, ERROR, SEVERE, SHIFTED, STABLE, TOO_FEW

CLASSES: Final = {
    STABLE: "stable", SHIFTED: "shifted", DRIFT: "drift", SEVERE: "severe", TOO_FEW: "few",
    ERROR: "error",
}  # fmt: skip
"""Of verdicts."""

_LIGHT: Final = {
    "page": "#fafafa", "text": "#1c1c1c", "muted": "#5f5f5f", "line": "#d4d4d4",
    "stable": "#e8f3ee", "stable-text": "#3d5148", "shifted": "#d6ebf8", "shifted-text": "#0b4470",
    "drift": "#ffd98a", "drift-text": "#4d3300", "severe": "#b34700", "severe-text": "#ffffff",
    "error": "#f3d9e8", "error-text": "#6b1f4c",
}  # fmt: skip
_DARK: Final = {
    "page": "#121212", "text": "#e6e6e6", "muted": "#a3a3a3", "line": "#3a3a3a",
    "stable": "#17251f", "stable-text": "#9cc2af", "shifted": "#12344a", "shifted-text": "#a9d8f7",
    "drift": "#5a4100", "drift-text": "#ffdf9c", "severe": "#b84a00", "severe-text": "#ffffff",
    "error": "#4a1f38", "error-text": "#f3c3de",
}  # fmt: skip
_RULES: Final = """
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:1.5rem;background:var(--page);color:var(--text);
font:15px/1.5 system-ui,"Segoe UI",Helvetica,Arial,"DejaVu Sans",sans-serif}
h1{font-size:1.6rem;margin:0 0 .4rem}h2{font-size:1.2rem;margin:2rem 0 .5rem}
h3{font-size:1.05rem;margin:1.6rem 0 .3rem}p{margin:.3rem 0}a{color:inherit}
h1,h2,h3,p{overflow-wrap:anywhere}
td,th{overflow-wrap:break-word;max-width:40rem}
.muted,footer{color:var(--muted)}footer{margin-top:2.5rem;font-size:.85rem}
table{border-collapse:collapse;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0;
border-bottom:1px solid var(--line)}
th{font-weight:600}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
.wide{overflow-x:auto}
.strip td,.strip th{padding:.15rem .3rem;border:1px solid var(--line);overflow-wrap:normal}
.strip thead th{font-weight:400;font-size:.75rem;vertical-align:bottom}
.strip thead th.c{writing-mode:vertical-rl;transform:rotate(180deg);max-height:11rem;
white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.strip tbody th{font-weight:400;min-width:9rem;max-width:20rem;overflow-wrap:anywhere}
.strip td.v{width:1.9rem;min-width:1.6rem;text-align:center;font-weight:700;
font-family:ui-monospace,Consolas,"DejaVu Sans Mono",monospace}
.badge{display:inline-block;padding:0 .45rem;border-radius:.25rem;font-weight:700;
white-space:nowrap}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(22rem,1fr));gap:.8rem;
margin:.6rem 0}
figure{margin:0}
.plots svg{display:block;width:100%;height:auto;border:1px solid var(--line);border-radius:.25rem}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(22rem,1fr));gap:0 2rem}
.few{border:1px dashed var(--muted);color:var(--muted)}
@media print{:root{--page:#ffffff}
body{max-width:none;padding:0;font-size:10pt}.wide{overflow:visible}
.plots{grid-template-columns:1fr 1fr}figure,tr,.badge{break-inside:avoid}
.strip{font-size:7pt}.strip td.v{min-width:0;width:auto;padding:.1rem}
h2,h3{break-after:avoid}thead{display:table-header-group}a{text-decoration:none}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""


def class_of(verdict: str) -> str:
    """Return the class of a verdict; one of a newer program looks like what is not judged."""
    return CLASSES.get(verdict, CLASSES[TOO_FEW])


def style(colors: dict[str, tuple[str, str]]) -> str:
    """Return the style sheet.

    Args:
        colors: More names with a colour for light and for dark, those of the plots.
    """
    light = _LIGHT | {name: pair[0] for name, pair in colors.items()}
    dark = _DARK | {name: pair[1] for name, pair in colors.items()}
    verdicts = "".join(
        f".{name}{{background:var(--{name});color:var(--{name}-text)}}"
        for name in CLASSES.values()
        if name in _LIGHT
    )
    return "".join((
        f":root{{color-scheme:light dark;{_variables(light)}}}",
        f"@media screen and (prefers-color-scheme:dark){{:root{{{_variables(dark)}}}}}",
        _RULES.replace("\n", ""), verdicts,
    ))  # fmt: skip


def _variables(named: dict[str, str]) -> str:
    return "".join(f"--{name}:{color};" for name, color in named.items())
