"""Where this person's own files live on this machine."""

import os
import tempfile
from hashlib import blake2b
from pathlib import Path

from workbench.sync.filesystem import is_local

CACHE = "WORKBENCH_CACHE"
STATE = "WORKBENCH_STATE"
CONFIG = "WORKBENCH_CONFIG"


def cache_folder(identity: str, root: Path) -> Path:
    """Return the folder for a workspace's catalogues and copied curves, on a local disk.

    Args:
        identity: The workspace's id, or empty.
        root: Its path; a copy of a workspace has the same id and another path.
    """
    mark = blake2b(f"{identity}\n{root}".encode("utf-8", "surrogatepass"), digest_size=8)
    return _cache_root() / mark.hexdigest()


def state_folder(identity: str, root: Path) -> Path:
    """Return the folder for what is this person's own: columns, marks, last look."""
    mark = blake2b((identity or str(root)).encode("utf-8", "surrogatepass"), digest_size=8)
    chosen = os.environ.get(STATE)
    if chosen:
        return Path(chosen) / mark.hexdigest()
    from platformdirs import user_state_path  # noqa: PLC0415 - not when the variable says

    return user_state_path("workbench", appauthor=False) / mark.hexdigest()


def config_file() -> Path:
    """Return the file of this person's own settings, which no workspace can change."""
    chosen = os.environ.get(CONFIG)
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_config_path  # noqa: PLC0415 - not when the variable says

    return user_config_path("workbench", appauthor=False) / "config.toml"


def _cache_root() -> Path:
    chosen = os.environ.get(CACHE)
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_path  # noqa: PLC0415 - not when the variable says

    folder = user_cache_path("workbench", appauthor=False)
    if is_local(_existing(folder)):
        return folder
    # The home directory is on a network: DuckDB's lock cannot be trusted there.
    name = f"workbench-{os.environ.get('USERNAME') or os.environ.get('USER') or 'user'}"
    return Path(tempfile.gettempdir()) / name


def _existing(folder: Path) -> Path:
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
