"""Values as the dialects take them: anything, in the end as text."""

from collections.abc import Mapping
from typing import Any

from workbench.client.checks import plain, whole_text
from workbench.errors import UsageError


def any_param(name: str, value: object) -> Any:
    """Return a param's value; what JSON does not have is kept as text."""
    try:
        return plain(value, name)
    except UsageError:
        if isinstance(value, Mapping):
            return {str(key): any_param(f"{name}.{key}", item) for key, item in value.items()}
        return whole_text(str(value))


def any_params(params: object) -> dict[str, Any]:
    """Return params by name from a mapping or a namespace.

    Raises:
        UsageError: It is neither.
    """
    if not isinstance(params, Mapping):
        if not hasattr(params, "__dict__"):
            raise UsageError(
                f"A config must be a mapping or a namespace, not {type(params).__name__}."
            )
        params = vars(params)
    return {str(name): any_param(str(name), value) for name, value in params.items()}
