"""Charts: values and a size in, drawn lines out. The only importer of plotext.

Nothing here knows a screen; a drawing is spans of text with a colour each, and
whoever shows it turns those into what its terminal library wants.
"""
