"""Readers of Optuna's storages."""
