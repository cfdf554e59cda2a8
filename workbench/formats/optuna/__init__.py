"""Studies of Optuna, read without Optuna: a study is an experiment, a trial is a run."""
