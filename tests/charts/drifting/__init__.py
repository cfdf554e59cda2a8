"""Tests of the plots of drift."""
