"""What services left on disk when a script ran without them: Comet, ClearML, Neptune.

Nobody but the service could look at these, and one of them is gone.
"""
