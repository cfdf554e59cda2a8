"""Stored values as what JSON is made of, every field there whether it was said or not."""

from typing import Any

import msgspec


def plain(value: Any) -> Any:
    """Return a struct, named tuple or sequence of them as mappings and lists."""
    if isinstance(value, msgspec.Struct):
        fields = ((name, getattr(value, name)) for name in value.__struct_fields__)
        return {name: plain(one) for name, one in fields}
    if hasattr(value, "_asdict"):
        return {name: plain(one) for name, one in value._asdict().items()}
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value
