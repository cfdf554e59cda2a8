"""Which process a number stood for: numbers come again, after a reboot soon."""

from pathlib import Path

_START_TIME = 19
"""Where the start time stands after the name of the program, in clock ticks since the boot."""


def process_mark(pid: int) -> str | None:
    """Return what no other process of that number has; None where the system does not say."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        stat = Path(f"/proc/{pid}/stat").read_bytes()
        started = stat[stat.rindex(b")") + 1 :].split()[_START_TIME].decode()
    except (OSError, ValueError, IndexError):
        return None
    return f"{boot} {started}"
