"""What happened: jobs, faults, the journal, and what is new."""
