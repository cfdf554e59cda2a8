"""Tests mirror the package; journeys, contracts and benchmarks stand beside."""
