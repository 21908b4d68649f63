"""All that knows the database: its tables, its migrations, and what is asked of them.

One function of this room is one transaction, and its name says what the transaction does. Nothing here knows
X, Dagster or a language model.
"""
