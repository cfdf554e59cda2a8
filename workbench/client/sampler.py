"""The use of CPU, memory and GPUs by this process and this machine.

With psutil where the environment has it, else with what the system itself
offers; a number that cannot be had is left out.
"""

import os
import sys
from pathlib import Path

from workbench.clock import SYSTEM

_MEGABYTE = 1024.0 * 1024.0
_GPU_COLUMNS = "utilization.gpu,memory.used"
_PATIENCE = 5.0
_LEAST_S = 0.5
"""Processor time is counted in hundredths of a second; over less than this it says nothing."""


class Sampler:
    """Looks at the machine; each look covers the time since the last one."""

    def __init__(self) -> None:
        self._process = _psutil_process()
        self._gpus = _find_nvidia_smi()
        self._at = SYSTEM.steady()
        self._used = _cpu_seconds()

    def sample(self) -> dict[str, float]:
        """Return the metrics of this moment by name."""
        found = {}
        cpu = self._cpu_percent()
        if cpu is not None:
            found["system/cpu_percent"] = cpu
        memory = self._memory_mb()
        if memory is not None:
            found["system/memory_mb"] = memory
        if self._gpus is not None:
            found.update(gpu_metrics(_run(self._gpus)))
        return found

    def _cpu_percent(self) -> float | None:
        """Return the CPU time used per time gone by; 100 is one core.

        None while too little time has gone by to say: a look at once would always find 0.
        """
        now, used = SYSTEM.steady(), _cpu_seconds()
        gone, spent = now - self._at, used - self._used
        if gone < _LEAST_S:
            return None
        self._at, self._used = now, used
        return round(100.0 * spent / gone, 1)

    def _memory_mb(self) -> float | None:
        if self._process is not None:
            try:
                return round(float(self._process.memory_info().rss) / _MEGABYTE, 1)  # type: ignore[attr-defined]
            except OSError:
                return None
        return resident_mb()


def _psutil_process() -> object | None:
    try:
        import psutil  # noqa: PLC0415 - used if the environment has it, never needed

        return psutil.Process()  # type: ignore[no-any-return]
    except Exception:  # noqa: BLE001 - whatever its state is, the system's own figures remain
        return None


def _cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def resident_mb() -> float | None:
    """Return this process's memory without psutil; its peak where only that is known."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return round(pages * os.sysconf("SC_PAGE_SIZE") / _MEGABYTE, 1)
    except (OSError, ValueError, IndexError, AttributeError):
        pass  # not Linux
    try:
        import resource  # noqa: PLC0415 - not on Windows

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    except (ImportError, OSError):
        return None
    return round(peak / _MEGABYTE if sys.platform == "darwin" else peak / 1024.0, 1)


def _find_nvidia_smi() -> str | None:
    from shutil import which  # noqa: PLC0415 - dear at import

    return which("nvidia-smi")


def _run(program: str) -> str:
    return ask(program, f"--query-gpu={_GPU_COLUMNS}", "--format=csv,noheader,nounits")


def ask(program: str, *arguments: str) -> str:
    """Return what a program prints; nothing if it fails or takes too long."""
    import subprocess  # noqa: PLC0415 - dear at import

    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            [program, *arguments],
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return ""
    return done.stdout if done.returncode == 0 else ""


def gpu_metrics(printed: str) -> dict[str, float]:
    """Return the metrics in nvidia-smi's answer, one line a GPU."""
    found: dict[str, float] = {}
    for number, line in enumerate(printed.splitlines()):
        for name, text in zip(("percent", "memory_mb"), line.split(","), strict=False):
            try:
                found[f"system/gpu{number}_{name}"] = float(text)
            except ValueError:  # "[N/A]" on cards that do not say
                continue
    return found


def gpu_names() -> list[str]:
    """Return the names of the GPUs nvidia-smi knows."""
    program = _find_nvidia_smi()
    if program is None:
        return []
    printed = ask(program, "--query-gpu=name", "--format=csv,noheader")
    return [line.strip() for line in printed.splitlines() if line.strip()]
