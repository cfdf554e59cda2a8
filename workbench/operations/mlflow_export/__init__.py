"""Runs and models written as an MLflow file store, which MLflow itself reads and migrates.

Files and not MLflow's database: the file store's layout has stood still for years and MLflow's own
`migrate-filestore` moves it, while the database has a new schema with every release.
"""
