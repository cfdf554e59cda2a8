"""Make the environments that the live tests need: ``python -m tests.live FOLDER``."""

import subprocess
import sys
import venv
from pathlib import Path

from tests.live.libraries import VARIABLE, WANTED

folder = Path(sys.argv[1]).absolute()
for name, packages in WANTED.items():
    venv.create(folder / name, with_pip=True)
    below = "Scripts/python.exe" if sys.platform == "win32" else "bin/python"
    command = [str(folder / name / below), "-m", "pip", "install", "-q", *packages]
    print(name, "failed" if subprocess.run(command, check=False).returncode else "is there")
print(f"{VARIABLE}={folder}")
