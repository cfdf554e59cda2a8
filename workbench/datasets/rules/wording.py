"""What a rule asks, in words: the same on the screen, in a print and in a report."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from workbench.datasets.rules.rule import Rule
from workbench.words import exact, percent, visible
from workbench.words import value as worded

_MOST_SHOWN: Final = 8
_LOW: Final = {"min": "from {}", "above": "above {}"}
_HIGH: Final = {"max": "to {}", "below": "below {}"}


def words(rule: Rule) -> str:
    """Return what a rule asks, on one line that any terminal takes."""
    if rule.fault:
        of = f" of {', '.join(rule.columns)}" if rule.columns else ""
        return visible(f"{rule.name or f'{rule.kind} rule{of}'} (cannot be read)")
    said = f"{_asked(rule)}{_slack(rule)}"
    return visible(f"{said} where {rule.where}" if rule.where else said)


def _asked(rule: Rule) -> str:
    of, options = ", ".join(rule.columns), rule.options
    match rule.kind:
        case "type":
            types = options["type"]
            return f"{of} is {' or '.join([types] if isinstance(types, str) else types)}"
        case "not_null":
            return f"{of} is never missing"
        case "unique":
            return f"{of} never repeats" + (" together" if len(rule.columns) > 1 else "")
        case "range":
            return f"{of} {_range(options)}"
        case "set":
            return f"{of} is one of {_listed(options['values'])}"
        case "regex":
            return f"{of} fits {options['pattern']}"
        case "rows":
            return f"{_range(options)} rows"
        case "freshness":
            return f"newest {of} at most {options['at_most']} old"
        case "foreign_key":
            return f"{of} is in {options['in']}{_of(rule)}"
    return str(options["expression"]).strip()


def _range(options: Mapping[str, Any]) -> str:
    low = next(
        (form.format(_limit(options[key])) for key, form in _LOW.items() if key in options), ""
    )
    high = next(
        (form.format(_limit(options[key])) for key, form in _HIGH.items() if key in options), ""
    )
    if not low or not high:
        return low.replace("from ", "at least ") or high.replace("to ", "at most ")
    return (
        f"{low} {high}" if high.startswith("to") and low.startswith("from") else f"{low} and {high}"
    )


def _limit(said: Any) -> str:
    if isinstance(said, int | float):
        return exact(said)
    return said.isoformat() if isinstance(said, date) else str(said)


def _listed(values: list[Any]) -> str:
    shown = [
        _limit(one) if not isinstance(one, bool) else worded(one) for one in values[:_MOST_SHOWN]
    ]
    more = len(values) - _MOST_SHOWN
    return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")


def _of(rule: Rule) -> str:
    of = rule.options.get("of")
    if of is None:
        return ""
    return f" ({', '.join([of] if isinstance(of, str) else of)})"


def _slack(rule: Rule) -> str:
    rows, share = rule.allowed
    if rows:
        return f", but for {rows:,} rows"
    return f", but for {percent(share)} of the rows" if share else ""
