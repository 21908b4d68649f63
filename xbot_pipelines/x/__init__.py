"""All that knows X: the port to it, the browser that drives it, its answers, its walls and its text rules.

Nothing here knows of the database, of Dagster or of the language model. It deals in the words of `models`.
"""
