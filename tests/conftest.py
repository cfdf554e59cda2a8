"""What holds for every test: no network, no traces outside its own folder, a pinned locale."""

import socket
import sys
from typing import Any

import pytest
from hypothesis import settings

# How long an example takes says something of the machine, not of the workbench.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

_LOCAL = ("AF_UNIX",)
_LONG = 16


def pytest_make_parametrize_id(val: object) -> str | None:
    """Name long bytes by their length: packed ones hold the time, and every worker names anew."""
    return f"{len(val)} bytes" if isinstance(val, bytes) and len(val) > _LONG else None


class SocketBlockedError(RuntimeError):
    """A test tried to reach the network."""


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The workbench makes no network call; a test that would is wrong.

    Address families that stay on the machine are left alone: asyncio's loop needs a pair.
    """
    families = {getattr(socket, name) for name in _LOCAL if hasattr(socket, name)}
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family not in families:
            raise SocketBlockedError(f"a test tried to connect to {address!r}")
        connect(self, address)

    def refused(*args: Any, **_: Any) -> None:
        raise SocketBlockedError(f"a test tried to look up {args[:1]!r}")

    monkeypatch.setattr(socket.socket, "connect", guarded)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


@pytest.fixture(autouse=True)
def _own_places(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep this machine's cache, state and workspaces out of the tests, and theirs out of it."""
    places = tmp_path_factory.mktemp("places")
    monkeypatch.setenv("WORKBENCH_CACHE", str(places / "cache"))
    monkeypatch.setenv("WORKBENCH_STATE", str(places / "state"))
    monkeypatch.setenv("WORKBENCH_CONFIG", str(places / "config.toml"))
    monkeypatch.setenv("WORKBENCH_SPOOL", str(places / "spool"))
    for name in ("WORKBENCH_WORKSPACE", "WORKBENCH_USER", "WORKBENCH_SIGNING_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("NO_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("TEXTUAL_ANIMATIONS", "none")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
