"""The records a run has few of: itself, its configuration, its machine, its artifacts, its end.

Each function notes one kind of record in the story. What is a number over steps is
not their business but `telling`'s.
"""

from workbench.formats import wire
from workbench.formats.wandb import records
from workbench.formats.wandb.log import Damage
from workbench.formats.wandb.story import LONGEST_TEXT, MOST_NAMES, Story, complain

_LARGEST_CONFIG = 4 << 20
_LONGEST_NOTE = 1 << 16
_MOST_WORDS = 1_000
_GOALS = {1: "min", 2: "max"}
_SUMMARIES = {
    1: "min", 2: "max", 3: "mean", 4: "best", 5: "last", 6: "none", 7: "copy", 8: "first",
}  # fmt: skip
_RUN = {
    1: "id", 3: "project", 6: "group", 7: "job_type", 8: "name", 9: "notes", 12: "sweep",
    13: "host",
}  # fmt: skip
_RUN_CONFIG, _RUN_TAGS, _RUN_START, _RUN_GIT = 4, 10, 17, 21
_ENVIRONMENT = {
    1: "os", 2: "python", 6: "program", 7: "script", 11: "root", 12: "host", 13: "user",
    14: "executable", 18: "gpu", 25: "cuda",
}  # fmt: skip
_CPUS = {16: "cpu_count", 19: "gpu_count"}
_ARGS, _GIT = 5, 9
_METRIC_NAMES, _STEP_METRIC, _METRIC_SUMMARY, _GOAL = (1, 2), 4, 7, 8
_ARTIFACT, _USED_ARTIFACT = (4, 5), (2, 3)
"""The fields of an artifact's type and name."""


def run(story: Story, body: memoryview | bytes) -> None:
    """Note what the run is called; a later record replaces what an earlier one said."""
    tags: list[str] = []
    for number, value in wire.fields(body):
        if isinstance(value, int):
            continue
        if number in _RUN:
            story.run[_RUN[number]] = wire.text(value)[:_LONGEST_NOTE]
        elif number == _RUN_CONFIG:
            config(story, value)
        elif number == _RUN_TAGS and len(tags) < _MOST_WORDS:
            tags.append(wire.text(value)[:LONGEST_TEXT])
        elif number == _RUN_START:
            story.run["started"] = records.seconds(value)
        elif number == _RUN_GIT:
            git(story, value)
    story.run["tags"] = tags


def config(story: Story, body: memoryview | bytes) -> None:
    """Note params that were set, and forget those that were taken away."""
    items, gone = records.changes(body)
    for raw, value in items:
        name = records.name_of(raw)
        if name == "_wandb" or name.startswith("_wandb."):
            continue  # what wandb notes of itself
        size = story.config_size + len(value) - len(story.config.get(name, ""))
        if size > _LARGEST_CONFIG or (name not in story.config and _full(story.config)):
            complain(story, Damage(story.place.offset, f"the param {name[:80]!r} has no room"))
        else:
            story.config[name] = value.decode("utf-8", "replace")
            story.config_size = size
    for raw, _ in gone:
        name = records.name_of(raw)
        for key in [key for key in story.config if key == name or key.startswith(f"{name}.")]:
            story.config_size -= len(story.config.pop(key))


def metric(story: Story, body: memoryview | bytes) -> None:
    """Note what ``define_metric`` said; a name with ``*`` is a rule for many."""
    said: dict[str, str] = {}
    name = ""
    for number, value in wire.fields(body):
        if isinstance(value, int):
            if number == _GOAL and value in _GOALS:
                said["goal"] = _GOALS[value]
        elif number in _METRIC_NAMES:
            name = wire.text(value)[:LONGEST_TEXT]
        elif number == _STEP_METRIC:
            said["step_metric"] = wire.text(value)[:LONGEST_TEXT]
        elif number == _METRIC_SUMMARY:
            kinds = [_SUMMARIES[n] for n, on in wire.fields(value) if n in _SUMMARIES and on]
            said["summary"] = ",".join(kinds)
    if name and said and (name in story.rules or not _full(story.rules)):
        story.rules[name] = {**story.rules.get(name, {}), **said}


def environment(story: Story, body: memoryview | bytes) -> None:
    """Note the machine, the script and its arguments; it comes in several records."""
    args: list[str] = []
    for number, value in wire.fields(body):
        if isinstance(value, int):
            if number in _CPUS:
                story.facts[_CPUS[number]] = value
        elif number in _ENVIRONMENT:
            story.facts[_ENVIRONMENT[number]] = wire.text(value)[:LONGEST_TEXT]
        elif number == _ARGS and len(args) < _MOST_WORDS:
            args.append(wire.text(value)[:LONGEST_TEXT])
        elif number == _GIT:
            git(story, value)
    if args:
        story.facts["args"] = args


def git(story: Story, body: memoryview | bytes) -> None:
    """Note where the code came from."""
    for number, value in wire.fields(body):
        if number in (1, 2) and not isinstance(value, int):
            story.facts["remote" if number == 1 else "commit"] = wire.text(value)[:LONGEST_TEXT]


def header(story: Story, body: memoryview | bytes) -> None:
    """Note which wandb wrote the log."""
    for number, value in wire.fields(body):
        if number == 1 and not isinstance(value, int):
            for inner, text in wire.fields(value):
                if inner == 1 and not isinstance(text, int):
                    story.facts["wandb"] = wire.text(text).partition("+")[0][:LONGEST_TEXT]


def used(story: Story, body: memoryview | bytes) -> None:
    """Note an artifact the run took in."""
    _artifact(story.used, body, *_USED_ARTIFACT)


def made(story: Story, body: memoryview | bytes) -> None:
    """Note an artifact the run made."""
    _artifact(story.made, body, *_ARTIFACT)


def _artifact(into: dict[str, str], body: memoryview | bytes, kind: int, name: int) -> None:
    said = {
        number: wire.text(value)[:LONGEST_TEXT]
        for number, value in wire.fields(body)
        if number in (kind, name) and not isinstance(value, int)
    }
    if said.get(name) and not _full(into):
        into[said[name]] = said.get(kind, "")


def end(story: Story, body: memoryview | bytes) -> None:
    """Note with which code the script ended, and after how many seconds."""
    said = {n: wire.signed(value) for n, value in wire.fields(body) if isinstance(value, int)}
    story.exit = said.get(1, 0)
    story.run["runtime"] = said.get(2)


def _full(names: dict[str, str] | dict[str, dict[str, str]]) -> bool:
    return len(names) >= MOST_NAMES
