"""``gate``: would a version pass?"""

from pathlib import Path

import click

from workbench.cli import output
from workbench.cli.options import command, ends_with, opened, workspace_option
from workbench.cli.registry_options import meant, stage_option
from workbench.cli.written import write_text


@command("gate")
@click.argument("version")
@workspace_option
@stage_option
@click.option("--json", "as_json", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True),
              help="Write the results as JSON; - for stdout.")  # fmt: skip
@click.option("--junit", metavar="FILE", type=click.Path(path_type=Path, allow_dash=True),
              help="Write the results as JUnit XML; - for stdout.")  # fmt: skip
def gate_command(
    version: str, workspace: Path | None, stage: str, as_json: Path | None, junit: Path | None
) -> int:
    """Say whether a version may take a stage.

    VERSION is written churn@3 or churn@staging. Nothing is changed. Exit code 0 when all
    checks hold, 3 when one fails, 4 when the version may not take the stage at all, 5 when
    one is undecided, which is never a pass.
    """
    from workbench.cli.card_lines import card_lines  # noqa: PLC0415 - after parsing
    from workbench.operations.registry import gate_forms  # noqa: PLC0415
    from workbench.operations.registry.gate import gate  # noqa: PLC0415

    with opened(workspace) as session:
        one = meant(session, version)
        card = gate(session, one.model, one.version, stage)
        now = session.clock.now()
    code = ends_with(gate_forms.exit_code(card))
    forms = {as_json: gate_forms.as_json, junit: gate_forms.as_junit}
    for path, form in forms.items():
        if path is not None:
            write_text(path, form(card, now))
    if Path("-") not in (as_json, junit):
        output.lines(card_lines(card))
    return code
