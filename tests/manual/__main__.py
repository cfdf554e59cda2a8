"""Write the generated parts of the manual anew: ``python -m tests.manual``."""

from tests.manual.parts import parts

for part in parts():
    part.path.write_text(part.fresh(), encoding="utf-8")
    print(part.path)
