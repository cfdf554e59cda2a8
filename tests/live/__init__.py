"""The tools themselves write from another process while the workbench reads."""
