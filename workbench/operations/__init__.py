"""Each thing a person can do, once; the screens and the command line both call these."""
