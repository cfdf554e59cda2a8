"""Versions of datasets in the workspace's folder: named, numbered, read and claimed.

Everything here works on paths and values alone; what a person does with a version is an operation.
"""
