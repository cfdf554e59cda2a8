"""Guild AI's runs: a folder with a hidden ``.guild`` in it, which holds all that is known.

One attribute is one small YAML file in ``.guild/attrs``; what the script printed is in
``.guild/output``, and the numbers Guild found in it in an event file of TensorBoard's
beside it. That one is read by the reader of such files, because hidden folders are
looked into by nobody else.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from workbench.errors import FormatError, NotFoundError
from workbench.formats import plain_config, signs
from workbench.formats.contract import Claim, Curves, Fault, Folder, Reading, RunCard
from workbench.formats.tensorboard.curves import read_points
from workbench.formats.tensorboard.family import event_files
from workbench.formats.tensorboard.reading import read_run
from workbench.formats.walking import HERE, folder_at
from workbench.opening import inside, is_plain_file, open_plain, read_small
from workbench.runfolder import FAILED, FINISHED, KILLED, RUNNING, STALE, STALE_AFTER, UNKNOWN

OWN = ".guild"
_ATTRS = ("id", "label", "op", "flags", "started", "stopped", "initialized", "exit_status", "tags",
          "comments", "marked", "host", "user", "cmd", "random_seed", "sourcecode_digest",
          "vcs_commit", "platform")  # fmt: skip
_CHANGING = ("attrs", "attrs/label", "attrs/tags", "attrs/comments", "attrs/marked",
             "attrs/exit_status", "attrs/stopped", "attrs/flags", "output", "LOCK", "PENDING",
             "STAGED", "opref")  # fmt: skip
"""What changes while a run goes on, and after it: people label runs later."""
_LARGEST = 1 << 18
_LAST_BYTES, _LAST_LINES = 8192, 30
"""Of the output of a run that failed: the traceback is at its end."""


class GuildReader:
    """Runs as folders that Guild made, anywhere below the opened folder."""

    name: ClassVar[str] = "guild"
    title: ClassVar[str] = "Guild AI"
    live: ClassVar[str] = "when Guild flushes its event file, and with every change of the run"
    verified: ClassVar[str] = "runs of guildai 0.9.0, against guild's own listing of them"
    lists_files: ClassVar[bool] = False

    def detect(self, folder: Folder) -> bool:
        """Say whether ``folder`` has Guild's hidden folder; so has a project, without a run."""
        return OWN in folder.folders

    def claim(self, folder: Folder, path: str, before: object | None) -> Claim | None:
        """Return what tells that the run changed; None if there is no run."""
        del path, before
        home = f"{folder.path}/{OWN}"
        if not is_plain_file(f"{home}/opref"):
            return None
        names = (*_CHANGING, *event_files(_names(home)))
        seen = [(name, signs.facts_of(f"{home}/{name}")) for name in names]
        newest = max((facts[2] for _, facts in seen if facts), default=0) / 1e9
        return Claim(signs.stamp(seen), changed=newest, gathers=True)

    def read(self, root: Path, key: str, progress: bytes, now: float) -> Reading:
        """Return the run at ``key``."""
        folder = folder_at(root, key)
        home = folder / OWN
        if not is_plain_file(f"{home}/opref"):
            raise FormatError(f"{key!r} is not a run: Guild left nothing in it.")
        shown = OWN if key == HERE else f"{key}/{OWN}"
        faults: list[Fault] = []
        attrs = _attributes(str(home), shown, faults)
        curves = _curves(home, shown, progress, now, faults)
        card = _card(folder, attrs, now)
        metrics = curves.card.metrics if curves else {}
        return Reading(
            replace(card, metrics=metrics, faults=tuple(faults)),
            curves.progress if curves else b"",
        )

    def points(
        self, root: Path, key: str, metrics: frozenset[str] | None, progress: object
    ) -> Curves:
        """Return points past ``progress`` from the event files of the run."""
        home = folder_at(root, key) / OWN
        if not event_files(_names(str(home))):
            return Curves({}, None, restarted=progress is not None)
        return read_points(home, HERE, metrics, progress)

    def artifact(self, root: Path, key: str, path: str) -> Path:
        """Return where a file of the run is."""
        try:
            return inside(folder_at(root, key), path)
        except FormatError as problem:
            raise NotFoundError(problem.message) from None

    def texts(self, root: Path, key: str) -> Mapping[str, Path]:
        """Return the output of the script, which Guild captures."""
        output = folder_at(root, key) / OWN / "output"
        return {"console": output} if is_plain_file(str(output)) else {}


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - strings all along
    except OSError:
        return []


def _attributes(home: str, shown: str, faults: list[Fault]) -> dict[str, Any]:
    """Return Guild's attributes by name, and what its marker files say."""
    found: dict[str, Any] = {
        name: True
        for name in ("LOCK", "LOCK.remote", "PENDING", "STAGED")
        if signs.facts_of(f"{home}/{name}")
    }
    for name in _ATTRS:
        try:
            found[name] = _attribute(f"{home}/attrs/{name}")
        except FileNotFoundError:
            continue
        except (FormatError, OSError, ValueError, RecursionError) as problem:
            said = " ".join(str(problem).split())[:200]
            faults.append(Fault(f"{shown}/attrs/{name}", f"cannot be read: {said}"))
    try:
        found["opref"] = read_small(f"{home}/opref", _LARGEST).decode("utf-8", "replace")
    except (FormatError, OSError) as problem:
        faults.append(Fault(f"{shown}/opref", f"cannot be read: {problem}"))
    return found


def _attribute(path: str) -> Any:
    data = read_small(path, _LARGEST)
    if data and not data.endswith(b"\n"):  # a time cut short is another time
        raise FormatError("it ends in the middle of a line")
    return plain_config.load_yaml(data)


def _curves(
    home: Path, shown: str, progress: bytes, now: float, faults: list[Fault]
) -> Reading | None:
    if not event_files(_names(str(home))):
        return None
    try:
        reading = read_run(home, HERE, progress, now)
    except (FormatError, OSError) as problem:
        faults.append(Fault(shown, f"cannot be read: {problem}"))
        return None
    faults += [fault._replace(path=f"{shown}/{fault.path}") for fault in reading.card.faults]
    return reading


def _card(folder: Path, attrs: Mapping[str, Any], now: float) -> RunCard:
    home = f"{folder}/{OWN}"
    operation = _text(attrs.get("opref", "").split()[-1:])
    run_id = attrs.get("id") if isinstance(attrs.get("id"), str) else ""
    status, inferred, word = _status(home, attrs, now)
    flags, label = attrs.get("flags"), attrs.get("label")
    params = plain_config.flat(flags) if isinstance(flags, Mapping) else {}
    return RunCard(
        run_id=run_id or "",
        name=str(label) if label else f"{operation} {(run_id or folder.name)[:8]}".strip(),
        experiment=operation or folder.absolute().parent.name,
        status=status,
        inferred=inferred,
        started=_moment(attrs.get("started")) or _moment(attrs.get("initialized")),
        ended=None if status == RUNNING else _ended(home, attrs, status),
        params=params,
        tags=dict.fromkeys(map(str, _items(attrs.get("tags"))), "true"),
        note=_note(attrs.get("comments")),
        facts=_facts(attrs, word),
        error=_last_lines(f"{home}/output") if status == FAILED else (),
    )


def _status(home: str, attrs: Mapping[str, Any], now: float) -> tuple[str, bool, str]:
    """Return the status, whether it is a conclusion, and Guild's own word for it."""
    code = attrs.get("exit_status")
    if isinstance(code, int) and not isinstance(code, bool):
        if code == 0:
            return FINISHED, False, "completed"
        return (KILLED, False, "terminated") if code < 0 else (FAILED, False, "error")
    for mark in ("PENDING", "STAGED"):
        if mark in attrs:
            return UNKNOWN, False, mark.lower()
    if "LOCK" not in attrs and "LOCK.remote" not in attrs:
        return UNKNOWN, True, "error"
    names = ("output", "LOCK", "LOCK.remote", *event_files(_names(home)))
    quiet = now - signs.changed_at(f"{home}/{name}" for name in names)
    return (RUNNING if quiet < STALE_AFTER else STALE), True, "running"


def _ended(home: str, attrs: Mapping[str, Any], status: str) -> float | None:
    stopped = _moment(attrs.get("stopped"))
    if stopped is None and status == STALE:
        return signs.changed_at([f"{home}/output"]) or None
    return stopped


def _facts(attrs: Mapping[str, Any], word: str) -> dict[str, Any]:
    platform = attrs.get("platform")
    python = platform.get("python_version") if isinstance(platform, Mapping) else None
    commit = str(attrs.get("vcs_commit") or "").rpartition(":")[2]
    facts: dict[str, Any] = {
        "raw_status": word,
        "exit_status": attrs.get("exit_status"),
        "host": attrs.get("host"),
        "user": attrs.get("user"),
        "command": " ".join(map(str, _items(attrs.get("cmd")))),
        "operation": " ".join(attrs.get("opref", "").split()),
        "random_seed": attrs.get("random_seed"),
        "source_digest": attrs.get("sourcecode_digest"),
        "commit": commit.rstrip("*"),
        "python": python,
        "marked": bool(attrs.get("marked")) or None,
    }
    if commit:
        facts["dirty"] = commit.endswith("*")
    return {
        name: value
        for name, value in facts.items()
        if isinstance(value, bool | int | str) and value != ""
    }


def _note(comments: object) -> str:
    said = (one.get("body") for one in _items(comments) if isinstance(one, Mapping))
    return "\n\n".join(str(body) for body in said if body)


def _last_lines(path: str) -> tuple[str, ...]:
    """Return the end of what a script printed."""
    try:
        fd = open_plain(path)
    except (FormatError, OSError):
        return ()
    try:
        os.lseek(fd, max(0, os.fstat(fd).st_size - _LAST_BYTES), os.SEEK_SET)
        data = os.read(fd, _LAST_BYTES)
    except OSError:
        return ()
    finally:
        os.close(fd)
    return tuple(data.decode("utf-8", "replace").splitlines()[-_LAST_LINES:])


def _moment(told: object) -> float | None:
    """Return seconds since 1970 of Guild's microseconds."""
    if isinstance(told, bool) or not isinstance(told, int) or not 0 < told < 1 << 60:
        return None
    return told / 1e6


def _items(told: object) -> list[Any]:
    return told[:1000] if isinstance(told, list) else []


def _text(found: list[str]) -> str:
    return found[0].strip("'\"") if found else ""
