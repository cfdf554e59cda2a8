"""The guard around child processes: without it the other journeys would prove nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.surroundings import Surroundings


@pytest.mark.parametrize(
    "call",
    [
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.getaddrinfo('localhost', 80)",
        "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))",
        "__import__('urllib.request').request.urlopen('http://127.0.0.1:9')",
    ],
)
def test_a_child_that_reaches_for_the_network_is_refused_and_noted(
    here: Surroundings, tmp_path: Path, call: str
) -> None:
    """Even one that swallows the refusal leaves a note."""
    notes = tmp_path / "noted.txt"
    code = f"import socket\ntry:\n    {call}\nexcept OSError as error:\n    print(error)\n"
    done = subprocess.run(
        [sys.executable, "-c", code], env=here.environment(OFFLINE_NOTES=str(notes)),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "no network here" in done.stdout
    assert "socket." in notes.read_text("utf-8")
