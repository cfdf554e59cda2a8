"""A workspace in which everything that can be broken is, beside runs that are whole.

Each function breaks one thing. What is planted to steer a terminal is `STEERING`,
which no screen and no command may ever hand on.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path

from tests.building import Built, points, write_run
from workbench.runfolder import CARD, FINAL, METRICS, UPDATES

STEERING = "\x1b]0;PWNED\x07\x1b[31mRED\x9b5m\x00\r\n\u202egnp"
MARKUP = (
    "[bold red]not bold[/] [/closing] [link=file:///etc/passwd]x[/link] \\[ [@click=app.quit]q[/]"
)
WICKED = STEERING + MARKUP
DEEP = 100_000


def truncated_card(run: Built) -> None:
    """Cut the start card in the middle."""
    data = (run.folder / CARD).read_bytes()
    (run.folder / CARD).write_bytes(data[: len(data) // 2])


def garbage_card(run: Built) -> None:
    """Write bytes that are no text."""
    (run.folder / CARD).write_bytes(bytes(range(256)) * 20)


def wrong_types(run: Built) -> None:
    """Give every field of the cards a value of another kind."""
    fields = json.loads((run.folder / CARD).read_bytes())
    wrong = {name: [{"x": [1, None]}] if name != "params" else "lr=1" for name in fields}
    (run.folder / CARD).write_text(json.dumps(wrong), "utf-8")
    final = json.loads((run.writer() / FINAL).read_bytes())
    (run.writer() / FINAL).write_text(json.dumps({name: {"a": 1} for name in final}), "utf-8")


def deep_card(run: Built) -> None:
    """Nest a param deeper than any parser wants to go."""
    card = '{"id":"x","params":' + '{"a":' * DEEP + "1" + "}" * DEEP + "}"
    (run.folder / CARD).write_text(card, "utf-8")


def deep_line(run: Built) -> None:
    """Nest lists in a line of metrics, with a good line behind it."""
    good = (run.writer() / METRICS).read_bytes()
    deep = b'{"step":0,"metrics":{"loss":' + b"[" * DEEP + b"]" * DEEP + b"}}\n"
    (run.writer() / METRICS).write_bytes(deep + good)
    (run.writer() / FINAL).unlink()


def torn_lines(run: Built) -> None:
    """Put garbage between the lines, and no newline at the end."""
    (run.writer() / FINAL).unlink()
    for name in (METRICS, UPDATES):
        good = (run.writer() / name).read_bytes()
        bad = b'\xff\xfe\x00garbage\n{"step":1,\n[]\n"text"\nnull\n{"kind":7}\n{"metrics":3}\n'
        (run.writer() / name).write_bytes(bad + good + b'{"step":9,"metr')


def huge_number(run: Built) -> None:
    """Write numbers no float and no database column holds."""
    lines = [
        '{"step":1e400,"time":1,"metrics":{"loss":1}}',
        f'{{"step":{10**40},"time":1,"metrics":{{"loss":1}}}}',
        f'{{"step":2,"time":1e308,"metrics":{{"loss":{10**400}}}}}',
        '{"step":3,"time":-1,"metrics":{"loss":1e999}}',
        '{"step":4,"time":null,"metrics":{"loss":{"a":1}}}',
    ]
    (run.writer() / METRICS).write_text("\n".join(lines) + "\n", "utf-8")
    (run.writer() / FINAL).unlink()


def wild_times(run: Built) -> None:
    """Begin and end at times no calendar has."""
    for path, names in ((run.folder / CARD, ["started"]), (run.writer() / FINAL, ["ended"])):
        fields = json.loads(path.read_bytes())
        path.write_text(json.dumps(fields | dict.fromkeys(names, 1e300)), "utf-8")


def file_for_folder(run: Built) -> None:
    """Put a file where the writers' folder should be."""
    for file in sorted(run.writer().iterdir()):
        file.unlink()
    run.writer().rmdir()
    run.writer().parent.rmdir()
    run.writer().parent.write_text("not a folder", "utf-8")


def folder_for_file(run: Built) -> None:
    """Put folders where files should be."""
    for path in (run.folder / CARD, run.writer() / FINAL, run.writer() / METRICS):
        path.unlink()
        path.mkdir()


def unreadable(run: Built) -> None:
    """Take all permissions away; a superuser reads it all the same."""
    run.folder.chmod(0)


def wicked_names(run: Built) -> None:
    """Put control characters and markup into every text a run has."""
    for path in (run.folder / CARD, run.writer() / FINAL):
        fields = json.loads(path.read_bytes())
        fields |= {
            "name": WICKED, "note": WICKED * 3, "params": {WICKED: WICKED, "lr": WICKED},
            "tags": {WICKED: WICKED, "team": WICKED}, "error": [WICKED],
        }  # fmt: skip
        if "metrics" in fields:
            fields["metrics"] = {WICKED: fields["metrics"]["loss"]} | fields["metrics"]
            fields["artifacts"] = [[f"a/{WICKED}.txt", 3]]
        if "host" in fields:
            fields |= dict.fromkeys(("host", "user", "script", "python"), WICKED)
            fields |= {"command": [WICKED], "group": WICKED, "git": {"branch": WICKED}}
        path.write_text(json.dumps(fields), "utf-8")
    line = {"step": 1, "time": 1.0, "metrics": {WICKED: 1.0, "loss": 2.0}}
    (run.writer() / METRICS).write_text(json.dumps(line) + "\n", "utf-8")
    # The end card must still fit its lines, or it is read from them.
    sizes = {n: (run.writer() / f"{n}.jsonl").stat().st_size for n in ("metrics", "updates")}
    final = json.loads((run.writer() / FINAL).read_bytes()) | {"bytes": sizes}
    (run.writer() / FINAL).write_text(json.dumps(final), "utf-8")


def surrogates(run: Built) -> None:
    """Put halves of characters into names, as JSON allows and UTF-8 does not."""
    text = (run.folder / CARD).read_text("utf-8")
    half = text.replace('"name": "', '"name": "\\ud800 ').replace('"risk"', '"\\udfff"')
    (run.folder / CARD).write_text(half, "utf-8")


def long_values(run: Built) -> None:
    """Make every value as long as a file."""
    fields = json.loads((run.folder / CARD).read_bytes())
    long = "x" * 1_000_000
    fields |= {"note": long, "params": {"config": long, "lr": [0.1] * 50_000}, "tags": {"t": long}}
    (run.folder / CARD).write_text(json.dumps(fields), "utf-8")


def rotten_edits(run: Built) -> None:
    """Put files that are no edits among the edits."""
    month = run.folder.parents[2] / "edits" / "2026-11"
    month.mkdir(parents=True, exist_ok=True)
    good = {"format": 1, "time": 1.0, "actor": "ana", "kind": "run", "of": [run.run_id]}
    rotten: list[bytes] = [
        b"",
        b"\xff\xff",
        b"[]",
        b'{"of": 7}',
        b"[" * DEEP,
        _edit(good, set={"name": "seven"}, after=[1, 2]),
        _edit(good, set={"name": "eight"}, after={run.run_id: 3}),
        _edit(good, set={"name": "nine"}, after={run.run_id: {"name": 3}}),
        _edit(good, set={"name": "ten"}, after={run.run_id: {"name": [[1]]}}),
        _edit(good, set={"name": 3, "tags.a": [], "archived": "yes", "status": "DEAD"}),
        _edit(good, set={"note": "n"}, undoes=["a"]),
        _edit(good, set={"note": "n"}, undoes={"a": 1}),
        _edit(good, set={"note": "n"}, time="NaN"),
        _edit(good, set={"note": "n"}, time=[1]),
        _edit(good, set={"name": WICKED, f"tags.{WICKED}": WICKED}, actor=WICKED),
    ]
    for number, data in enumerate(rotten):
        identity = f"01zz{number:022d}"
        (month / f"{identity}.json").write_bytes(data.replace(b"@id", identity.encode()))
    (month / "01zz9999999999999999999999.json").mkdir()


def _edit(good: dict[str, object], **fields: object) -> bytes:
    return json.dumps(good | {"id": "@id"} | fields).encode()


DAMAGES: tuple[Callable[[Built], None], ...] = (
    truncated_card, garbage_card, wrong_types, deep_card, deep_line, torn_lines, huge_number,
    wild_times, file_for_folder, folder_for_file, unreadable, wicked_names, surrogates,
    long_values, rotten_edits,
)  # fmt: skip


def damaged_workspace(folder: Path) -> dict[str, Built]:
    """Make a workspace with every damage in a run of its own and three whole runs.

    Returns:
        The runs by the name of what was done to them; ``whole-0`` to ``whole-2`` are well.
    """
    runs = {}
    for number, damage in enumerate(DAMAGES, start=10):
        run = write_run(folder, number=number, name=damage.__name__)
        damage(run)
        runs[damage.__name__] = run
    for number in range(3):
        name = f"whole-{number}"
        runs[name] = write_run(folder, number=90 + number, name=name, metrics=points(5, "loss"))
    _around_the_runs(folder)
    return runs


def _around_the_runs(folder: Path) -> None:
    """Put things beside the runs that are none."""
    experiment = folder / "runs" / "churn"
    (folder / "runs" / "a-file").write_text("no experiment", "utf-8")
    (experiment / "a-file").write_text("no run", "utf-8")
    (experiment / ".done" / "not.a.marker").touch()
    (experiment / ".done" / "x.99999999999999999999999.finished").touch()
    (experiment / "empty-folder").mkdir()
    if os.name != "nt":
        (experiment / "cycle").symlink_to(experiment, target_is_directory=True)
        (experiment / "self").symlink_to("self")
        (folder / "runs" / "out").symlink_to("/", target_is_directory=True)
        (Path(os.fsdecode(os.fsencode(experiment) + b"/not-utf8-\xff"))).mkdir()
        (experiment / "\x1b]0;PWNED\x07[bold]folder").mkdir()
    (folder / "workbench.toml").write_text('[metrics]\n"val/auc" = "max"\n[runs\n', "utf-8")


def line_of(path: Path, size: int) -> None:
    """Write one line of ``size`` bytes without holding it, then a line that is whole."""
    with path.open("wb") as file:
        file.write(b'{"step":0,"time":1,"metrics":{"')
        file.seek(size)
        file.write(b'":1}}\n{"step":1,"time":2,"metrics":{"loss":0.5}}\n')
