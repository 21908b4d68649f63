"""What is written: what to write about, how a language model is asked, and what a draft has to pass.

Knows the text rules of X, and nothing else of it; nothing of the database or of Dagster.
"""
