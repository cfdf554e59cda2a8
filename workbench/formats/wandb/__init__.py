"""Folders of Weights & Biases runs, offline and online ones, read without wandb."""
