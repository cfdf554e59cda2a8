"""W&B's two mappings of a run: its config, and its last words on its metrics.

Apart from `workbench.compat.wandb`, whose module-level names must be the dialect's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbench.compat.values import any_param, any_params

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbench.compat.wandb import Run


class Config:
    """A run's params, by attribute or by item."""

    def __init__(self, run: Run, values: dict[str, Any]) -> None:
        self.__dict__["_run"] = run
        self.__dict__["_values"] = values

    def update(self, values: Any, allow_val_change: bool | None = None) -> None:
        """Set params from a mapping or a namespace."""
        del allow_val_change  # the last value counts anyway
        fresh = any_params(values)
        self._values.update(fresh)
        self._run.native_params(fresh)

    def setdefaults(self, values: Any) -> None:
        """Set the params that have no value yet."""
        self.update({k: v for k, v in any_params(values).items() if k not in self._values})

    def get(self, name: str, default: Any = None) -> Any:
        """Return a param, or the default."""
        return self._values.get(name, default)

    def as_dict(self) -> dict[str, Any]:
        """Return all params."""
        return dict(self._values)

    def keys(self) -> Any:
        """Return the names."""
        return self._values.keys()

    def items(self) -> Any:
        """Return names and values."""
        return self._values.items()

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.update({name: any_param(name, value)})

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_values"][name]
        except KeyError:
            raise AttributeError(f"The config has no {name!r}.") from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class SummaryValues:
    """A run's last words on its metrics, by attribute or by item."""

    def __init__(self, run: Run) -> None:
        self.__dict__["_run"] = run
        self.__dict__["_values"] = {}

    def update(self, values: Mapping[str, Any]) -> None:
        """Set several values: numbers become metrics without a step, text tags."""
        self._values.update(values)
        self._run.keep(values, stepped=False)

    def saw(self, values: Mapping[str, Any]) -> None:
        """Remember what was logged, to be read back."""
        self._values.update(values)

    def get(self, name: str, default: Any = None) -> Any:
        """Return a value, or the default."""
        return self._values.get(name, default)

    def keys(self) -> Any:
        """Return the names."""
        return self._values.keys()

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self.update({name: value})

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_values"][name]
        except KeyError:
            raise AttributeError(f"The summary has no {name!r}.") from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __contains__(self, name: object) -> bool:
        return name in self._values
