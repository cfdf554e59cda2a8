"""What the workbench costs, measured beside other tools; figures to look at, never tests."""
