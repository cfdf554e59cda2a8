"""The filter language: text to a frozen tree."""
