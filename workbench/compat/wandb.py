"""Weights & Biases' calls, over the logging client.

Every ``log`` is written at once, also with ``commit=False``: points of one step
may come in several lines. A number put in the summary is a metric without a
step; text, in the summary or in ``log``, is a tag.
"""

import os
from collections.abc import Mapping
from fnmatch import fnmatchcase
from types import TracebackType
from typing import Any, Self

from workbench.client import Run as _NativeRun
from workbench.client import start_run as _native_start
from workbench.client.checks import metric_value, step_number
from workbench.client.notice import tell_once
from workbench.compat.missing import ignored, missing
from workbench.compat.values import any_params
from workbench.compat.wandb_values import Config, SummaryValues
from workbench.errors import UsageError
from workbench.ids import is_id
from workbench.runfolder import FAILED, FINISHED

_GOALS = {"minimize": "min", "maximize": "max", "min": "min", "max": "max"}
_SUMMARIES = ("last", "min", "max", "best")
_WITHOUT_EFFECT = frozenset(
    ("dir", "entity", "settings", "save_code", "anonymous", "force", "allow_val_change")
)
_current: dict[str, "Run"] = {}


class Run:
    """A run, as `init` returns it. Without a native run it is disabled and keeps nothing."""

    def __init__(self, native: _NativeRun | None, config: dict[str, Any], project: str) -> None:
        self._native = native
        self._rules: list[tuple[str, dict[str, Any]]] = []
        self._met: set[str] = set()
        self.project = project
        self.step = 0 if native is None else native.next_step
        self.config = Config(self, config)
        self.summary = SummaryValues(self)

    @property
    def id(self) -> str:
        """The run's id."""
        return "disabled" if self._native is None else self._native.id

    @property
    def name(self) -> str:
        """The run's name."""
        return "disabled" if self._native is None else self._native.name

    @name.setter
    def name(self, name: str) -> None:
        if self._native is not None:
            self._native.set_name(name)

    @property
    def dir(self) -> str:
        """The run's folder."""
        return "" if self._native is None else os.fspath(self._native.folder)

    @property
    def url(self) -> None:
        """None: there is no server."""
        return

    def native_params(self, params: Mapping[str, Any]) -> None:
        """Log params."""
        if self._native is not None and params:
            self._native.log_params(params)

    def log(
        self,
        data: Mapping[str, Any],
        step: int | None = None,
        commit: bool | None = None,
        sync: bool | None = None,
    ) -> None:
        """Log values at a step; the next call goes to the next one, unless told otherwise."""
        del sync
        if step is not None:
            self.step = step_number(step)
        self.keep(data, stepped=True)
        if commit or (commit is None and step is None):
            self.step += 1

    def keep(self, data: Mapping[str, Any], *, stepped: bool) -> None:
        """Write numbers as metrics and text as tags."""
        numbers, texts = _sorted_out(data)
        self.summary.saw(numbers)
        self.summary.saw(texts)
        if self._native is None:
            return
        self._apply_rules(numbers)
        if stepped:
            self._native.log(numbers, step=self.step)
        else:
            self._native.log_unstepped(numbers)
        if texts:
            self._native.set_tags(texts)

    def define_metric(
        self,
        name: str,
        step_metric: str | None = None,
        step_sync: bool | None = None,
        hidden: bool | None = None,
        summary: str | None = None,
        goal: str | None = None,
        overwrite: bool | None = None,
    ) -> None:
        """Say which direction of a metric is good; ``*`` stands for any name."""
        del step_sync, hidden, overwrite
        if goal is not None and goal not in _GOALS:
            raise UsageError(f'A goal is "minimize" or "maximize", not {goal!r}.')
        words = [word.strip() for word in (summary or "").split(",")]
        rule = {
            "goal": None if goal is None else _GOALS[goal],
            "summary": next((word for word in words if word in _SUMMARIES), None),
            "step_metric": step_metric,
        }
        self._rules.append((name, rule))
        if "*" in name:
            self._apply_rules(self._met, again=True)
        elif self._native is not None:
            self._native.define_metric(name, **rule)

    def _apply_rules(self, names: Any, *, again: bool = False) -> None:
        """Give a metric met for the first time the rule of the last pattern that fits it."""
        for name in tuple(names):
            if name in self._met and not again:
                continue
            self._met.add(name)
            fitting = [rule for pattern, rule in self._rules if fnmatchcase(name, pattern)]
            exact = any(pattern == name for pattern, _ in self._rules)
            if fitting and not exact and self._native is not None:
                self._native.define_metric(name, **fitting[-1])

    def finish(self, exit_code: int | None = None, quiet: bool | None = None) -> None:
        """End the run; an exit code other than 0 is a failure."""
        del quiet
        if _current.get("run") is self:
            _current.clear()
        if self._native is not None:
            self._native.finish(FAILED if exit_code else FINISHED)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._native is not None:
            self._native.__exit__(kind, error, trace)
        self.finish()

    @property
    def ended(self) -> bool:
        """Whether the run has been finished."""
        return self._native is not None and self._native.ended

    def __getattr__(self, name: str) -> Any:
        return missing("wandb.Run", name)


def _sorted_out(
    data: Mapping[str, Any], prefix: str = ""
) -> tuple[dict[str, float], dict[str, str]]:
    """Return numbers and texts by dotted name; other values are told of, once a name."""
    numbers: dict[str, float] = {}
    texts: dict[str, str] = {}
    for key, value in data.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            inner = _sorted_out(value, f"{name}.")
            numbers.update(inner[0])
            texts.update(inner[1])
        elif isinstance(value, str):
            texts[name] = value
        else:
            try:
                numbers[name] = metric_value(name, value)
            except UsageError:
                kind = type(value).__name__
                tell_once(f"wandb {name}", f"{name!r} is not kept: a {kind} is not a number")
    return numbers, texts


def init(
    *,
    entity: str | None = None,
    project: str | None = None,
    dir: Any = None,  # noqa: A002 - the dialect's word
    id: str | None = None,  # noqa: A002 - the dialect's word
    name: str | None = None,
    notes: str | None = None,
    tags: Any = None,
    config: Any = None,
    group: str | None = None,
    job_type: str | None = None,
    mode: str | None = None,
    resume: Any = None,
    reinit: Any = None,
    **others: Any,
) -> Run:
    """Start a run; while one is open it is returned, unless ``reinit`` says otherwise."""
    del entity, dir
    open_run = _open_run()
    if open_run is not None:
        if reinit in (None, False, "default", "return_previous"):
            tell_once("wandb.init", f"wandb.init returns the run that is open: {open_run.name}")
            return open_run
        if reinit != "create_new":
            open_run.finish()
    for option in sorted(set(others) - _WITHOUT_EFFECT):
        if others[option]:
            ignored(f"wandb.init({option}=...)")
    values = {} if config is None else any_params(config)
    title = project or "uncategorized"
    if (mode or os.environ.get("WANDB_MODE")) == "disabled":
        run = Run(None, values, title)
    else:
        marks = {**_tags(tags), **({"job_type": job_type} if job_type else {})}
        run = Run(_start(title, name, values, marks, notes, group, id, resume), values, title)
    _current["run"] = run
    return run


def _start(
    project: str,
    name: str | None,
    params: dict[str, Any],
    tags: dict[str, str],
    notes: str | None,
    group: str | None,
    id_: str | None,
    resume: Any,
) -> _NativeRun:
    ours = id_ is not None and is_id(id_)
    if id_ is not None and not ours:
        if resume == "must":
            raise UsageError(f"There is no run {id_!r} to resume.", hint="Pass run.id of a run.")
        tags = {**tags, "wandb_id": id_}
    return _native_start(
        project,
        name,
        params=params,
        tags=tags,
        note=notes or "",
        group=group,
        nested=True,
        run_id=id_ if ours else None,
    )


def _tags(tags: Any) -> dict[str, str]:
    """Return W&B's list of words as tags."""
    if tags is None:
        return {}
    if isinstance(tags, str):
        return {tags: "true"}
    if isinstance(tags, Mapping):
        return {str(name): str(value) for name, value in tags.items()}
    return {str(word): "true" for word in tags}


def _open_run() -> Run | None:
    run = _current.get("run")
    return None if run is None or run.ended else run


def _need_run() -> Run:
    run = _open_run()
    if run is None:
        raise UsageError("No run is open here.", hint="Call wandb.init first.")
    return run


def log(
    data: Mapping[str, Any],
    step: int | None = None,
    commit: bool | None = None,
    sync: bool | None = None,
) -> None:
    """Log values of the open run at a step."""
    _need_run().log(data, step, commit, sync)


def finish(exit_code: int | None = None, quiet: bool | None = None) -> None:
    """End the open run, if there is one."""
    run = _open_run()
    if run is not None:
        run.finish(exit_code, quiet)


def define_metric(name: str, step_metric: str | None = None, **rule: Any) -> None:
    """Say which direction of a metric of the open run is good."""
    _need_run().define_metric(name, step_metric, **rule)


def login(*_: Any, **_options: Any) -> bool:
    """Return True: there is no server to log in to."""
    return True


def __getattr__(name: str) -> Any:
    """Return the open run and its parts; say of any other call that it is not covered."""
    match name:
        case "run":
            return _open_run()
        case "config":
            return _need_run().config
        case "summary":
            return _need_run().summary
    return missing("wandb", name)
