"""Files that people send: what they are by their content, what they may be called, and where they are looked into.

Nothing here knows what a file is for. A file is never trusted by its name or by what the browser says it is.
"""
