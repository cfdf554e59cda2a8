"""Watching, sweeping, ingesting: bringing the catalogue up to date with the folders.

An event of the watcher only means "look here"; a sweep is the truth.
"""
