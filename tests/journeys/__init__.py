"""Journeys through the whole program, with nothing replaced by a stand-in."""
