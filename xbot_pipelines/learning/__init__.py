"""What can be learned from figures: which post won whom, which arm is better. Pure mathematics.

Takes plain values and answers plain values, the same for the same. Nothing here knows the database, X, Dagster or
a clock.
"""
