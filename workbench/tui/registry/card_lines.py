"""A card's facts as lines: from what to what, what would differ, what holds and what fails."""

from collections.abc import Sequence
from typing import Final

from workbench import words
from workbench.operations.registry.card import Card, Delta, Waiting
from workbench.operations.registry.history import CheckLine
from workbench.registry.checks import Outcome, Result
from workbench.tui.cells import Cell, Line, cut, fit, visible, width_of
from workbench.tui.folding import folded
from workbench.tui.paragraphs import bullets

OUTCOMES: Final[dict[Outcome, tuple[str, str, str]]] = {
    "holds": ("✓", "holds", "good"),
    "fails": ("✗", "fails", "bad"),
    "undecided": ("?", "undecided", "warn"),
    "not applicable": ("–", "no champion yet", "dim"),
}
"""Symbol, word and style of what came out of a check."""
_WORD = max(len(word) for _, word, _ in OUTCOMES.values())
_MOST_NAME = 28


def version_words(version: int | None) -> str:
    """Return a version as a stage's holder is named."""
    return "empty" if version is None else f"v{version}"


def change_line(card: Card) -> Line:
    """Return what the stage is and what it becomes."""
    return (
        Cell(f"{card.model} ", "bold"),
        Cell(f"{card.stage}  ", "dim"),
        Cell(version_words(card.was), "dim"),
        Cell("  →  ", "accent"),
        Cell(version_words(card.version), "bold"),
    )


def about_lines(card: Card, now: float, width: int) -> list[Line]:
    """Return from what to what, and what stands in the way at all, for a width."""
    lines: list[Line] = [change_line(card), *_replaced(card, now, width)]
    lines += bullets([f"✗ {each}" for each in card.objections], "bad", width)
    lines += bullets([f"! {each}" for each in card.said], "warn", width)
    return [*lines, check_title(card)]


def difference_lines(card: Card, width: int) -> list[Line]:
    """Return how what comes differs from what goes: metrics, columns, datasets."""
    lines: list[Line] = []
    if card.deltas:
        lines += [(), *delta_lines(card.deltas, card.was, card.version)]
    lines += _differences("Signature", card.signature, "same columns", card, width)
    lines += _differences("Data", card.data, "same datasets", card, width)
    if card.deploys_to:
        lines += [(), (Cell("Copies to  ", "dim"), Cell(card.deploys_to))]
    return lines


def rule_lines(card: Card, width: int) -> list[Line]:
    """Return what is asked otherwise than at the last promotion."""
    if not card.changed_rules:
        return []
    lines: list[Line] = [(), (Cell("Rules changed since the last promotion", "bold warn"),)]
    return [*lines, *bullets([f"  {each}" for each in card.changed_rules], "", width)]


def _replaced(card: Card, now: float, width: int) -> list[Line]:
    holding = card.holding
    if holding is None or holding.version is None:
        return [(Cell("Nothing is replaced: the stage is empty.", "dim"),)]
    event = holding.event
    why = f", because “{event.reason}”" if event.reason else ""
    age = words.age(now - holding.since)
    said = f"Replaces v{holding.version}, put there {age} ago by {event.actor}{why}"
    return bullets([said], "dim", width)


def delta_lines(deltas: Sequence[Delta], was: int | None, now: int | None) -> list[Line]:
    """Return metrics in columns, one for each version there is; the verdict is a word."""
    if not deltas:
        return []
    wide = min(_MOST_NAME, max(7, *(width_of(each.metric) for each in deltas)))
    there = [version for version in (was, now) if version is not None]
    head = (fit("metric", wide), *(fit(f"v{version}", 9, "right") for version in there))
    lines: list[Line] = [(Cell(" ".join(head), "faint"),)]
    if len(there) > 1:
        return [*lines, *(_delta(each, wide) for each in deltas)]
    return [*lines, *(_value(each, wide, each.now if was is None else each.was) for each in deltas)]


def _value(delta: Delta, wide: int, value: float | None) -> Line:
    number = fit(words.number(value), 9, "right")
    return (Cell(f"{fit(delta.metric, wide)} "), Cell(number, "bold"))


def _delta(delta: Delta, wide: int) -> Line:
    difference = None if delta.was is None or delta.now is None else delta.now - delta.was
    word, style = {True: ("better", "good"), False: ("worse", "bad"), None: ("", "dim")}[
        delta.better
    ]
    return (
        Cell(f"{fit(delta.metric, wide)} "),
        Cell(f"{fit(words.number(delta.was), 9, 'right')} ", "dim"),
        Cell(f"{fit(words.number(delta.now), 9, 'right')} ", "bold"),
        Cell(f"{fit(words.delta(difference), 9, 'right')} {word}", style),
    )


def _differences(
    title: str, sentences: Sequence[str], same: str, card: Card, width: int
) -> list[Line]:
    if card.was is None or card.version is None:
        return []
    if not sentences:
        return [(Cell(f"{fit(title, 10)} ", "dim"), Cell(f"= {same}", "dim"))]
    lines: list[Line] = [(), (Cell(title, "bold"),)]
    return [*lines, *bullets([f"  {each}" for each in sentences], "", width)]


def result_line(result: Result) -> CheckLine:
    """Return a check that was evaluated now in the form in which events keep it."""
    check = result.check
    return CheckLine(
        check.name, check.text, result.outcome, result.observed, result.required, result.sentence
    )


def check_lines(check: CheckLine, width: int, *, override: str = "") -> list[Line]:
    """Return one check: what came out as symbol and word, observed and required, and why."""
    outcome = next((one for one in OUTCOMES if one == check.outcome), None)
    symbol, word, style = OUTCOMES[outcome] if outcome else ("?", check.outcome, "warn")
    passed = outcome in ("holds", "not applicable")
    values, before = _values(check) if passed or not check.sentence else "", _WORD + 4
    beside = before + width_of(visible(check.name)) + 2 + width_of(values) <= width
    lines: list[Line] = [
        (
            Cell(f"{symbol} {fit(word, _WORD)}  ", style),
            Cell(cut(check.name, width - before), "" if passed else "bold"),
            Cell(f"  {values}" if values and beside else "", "dim"),
        )
    ]
    if values and not beside:
        lines += _indented(values, "dim", width)
    if check.sentence:
        lines += _indented(check.sentence, "", width)
    elif not passed:
        lines += _indented(check.text, "dim", width)
    return lines + (_indented(f"! overridden: {override}", "warn", width) if override else [])


def _values(check: CheckLine) -> str:
    parts = (
        f"found {check.observed}" if check.observed else "",
        f"asked {check.required}" if check.required else "",
    )
    return ", ".join(part for part in parts if part)


def _indented(text: str, style: str, width: int) -> list[Line]:
    return [(Cell("    "), Cell(part, style)) for part in folded(text, max(8, width - 4))]


def check_title(card: Card) -> Line:
    """Return how many checks hold, fail and cannot be decided."""
    if not card.checks:
        none = "no checks are asked of a roll back" if card.kind == "roll back" else "none asked"
        return (Cell("Checks", "bold"), Cell(f"  {none}", "dim"))
    found = [one.outcome for one in card.checks]
    line = [Cell("Checks", "bold"), Cell("  ")]
    for outcome, (symbol, word, style) in OUTCOMES.items():
        if outcome in found:
            line.append(Cell(f"{symbol} {found.count(outcome)} {word}  ", style))
    return tuple(line)


def asked_lines(asks: Sequence[Waiting], width: int) -> list[Line]:
    """Return whose word is missing."""
    if not asks:
        return []
    lines: list[Line] = [(), (Cell("Waits for", "bold"),)]
    for each in asks:
        who = " or ".join(each.people) or f"{words.plural(each.missing, 'other person', 'others')}"
        lines += bullets([f"  {who}: {each.check}"], "", width)
    return lines


def title(card: Card, *, look_only: bool = False) -> str:
    """Return what is asked, as a question."""
    if look_only:
        return f"Would {card.model}@{card.version} pass for {card.stage}?"
    if card.kind == "promote":
        return f"Promote {card.model}@{card.version} to {card.stage}?"
    if card.version is None:
        return f"Empty {card.stage} of {card.model}?"
    return f"Roll {card.stage} of {card.model} back to {version_words(card.version)}?"


def do_words(card: Card) -> str:
    """Return the word on the button."""
    if card.kind == "promote":
        return "Promote"
    return "Empty it" if card.version is None else "Roll back"


def outcome_words(card: Card) -> str:
    """Return what all checks together amount to."""
    if card.objections:
        return "It could not be promoted now."
    return {
        "holds": "Nothing is in the way: it could be promoted now.",
        "fails": "It would not be promoted without an override.",
        "undecided": "Undecided counts as not passed: it would need an override.",
        "not applicable": "Nothing is in the way.",
    }[card.outcome]
