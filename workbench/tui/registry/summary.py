"""The model under the cursor in a few lines: what holds its stages, who, when and why."""

from workbench import words
from workbench.operations.registry.listing import ModelLine, StageLine
from workbench.operations.registry.metric_order import in_order
from workbench.tui.cells import Cell, Line, cut
from workbench.tui.paragraphs import bullets, heading, labelled
from workbench.tui.registry.loader import Models
from workbench.tui.registry.rows import FLAGS, is_frozen, version_cell

_MOST_METRICS = 12


def summary_lines(line: ModelLine, models: Models, width: int) -> list[Line]:
    """Return the lines for a width."""
    lines: list[Line] = [
        (Cell(cut(line.name, width), "bold"),),
        (Cell(_counts(line), "dim"),),
    ]
    if line.unreadable:
        lines += bullets(
            [f"! {line.unreadable}", "It can be looked at, not changed."], "bad", width
        )
    if line.description:
        lines += [(), *bullets(line.description.splitlines(), "italic", width)]
    lines += heading("Stages")
    for stage in line.stages:
        lines += _stage(stage, models, line.name, width)
    if not line.stages:
        lines += bullets(["No version was ever promoted."], "dim", width)
    return [*lines, *_metrics(line, models, width)]


def _counts(line: ModelLine) -> str:
    asks = f" · {words.plural(line.requests, 'open request')}" if line.requests else ""
    return f"{words.plural(line.versions, 'version')}, newest v{line.latest}{asks}"


def _stage(stage: StageLine, models: Models, model: str, width: int) -> list[Line]:
    since = f"  for {words.age(models.now - stage.since)}, {stage.actor}"
    lines: list[Line] = [
        (
            Cell(f"{stage.stage}  ", "dim"),
            version_cell(stage.version, known=True),
            Cell(since, "dim"),
        ),
        *bullets([f"  “{stage.reason}”"] if stage.reason else [], "italic", width),
    ]
    if stage.overridden:
        symbol = FLAGS["overridden"][0]
        said = f"  {symbol}: {words.plural(stage.overridden, 'check')} did not pass"
        lines += bullets([said], FLAGS["overridden"][1], width)
    if is_frozen(stage, models.now) and stage.frozen is not None:
        lines += bullets([f"  {freeze_words(stage)}"], FLAGS["frozen"][1], width)
    waiting = models.drift.get((model, stage.stage))
    if waiting:
        said = f"  {FLAGS['drift'][0]}: {words.plural(waiting, 'alert')} nobody acknowledged"
        lines += bullets([said], FLAGS["drift"][1], width)
    late = models.overdue.get((model, stage.stage))
    if late:
        lines += bullets([f"  {FLAGS['not deployed'][0]}: {late}"], "warn", width)
    return lines


def freeze_words(stage: StageLine) -> str:
    """Return who froze a stage, until when and why."""
    freeze = stage.frozen
    if freeze is None:
        return ""
    until = f"until {words.moment(freeze.until)}" if freeze.until is not None else "until thawed"
    return f"{FLAGS['frozen'][0]} {until}, {freeze.actor}: {freeze.reason}"


def _metrics(line: ModelLine, models: Models, width: int) -> list[Line]:
    if not line.metrics:
        return []
    whose = f"v{line.champion}" if line.champion is not None else "the newest version"
    names = in_order(line.metrics, [n for n, goal in line.goals.items() if goal], models.asked)
    shown = {name: words.number(line.metrics[name]) for name in names[:_MOST_METRICS]}
    lines = [*heading(f"Metrics of {whose}", len(names)), *labelled(shown, width)]
    more = len(names) - len(shown)
    return [*lines, (Cell(f"and {more} more", "dim"),)] if more else lines
