"""Whether data have moved away from a reference: tests, effects, verdicts, findings, alerts.

Everything here is arithmetic on values handed in; nothing is looked up and nothing but `storing`
touches a disk. Formulas, thresholds and where they come from are in docs/statistics.md.
"""
