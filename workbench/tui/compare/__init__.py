"""The screen on which marked runs stand side by side, and the page that says why one is better."""
