"""What each system of the account does, one file each, in plain Python: read top to bottom, run from anywhere.

A system takes the account's database, the ports it needs and a clock, and answers a typed summary that tells done,
nothing to do and blocked apart. It knows no Dagster; deciding is in pure functions, acting in thin ones.
"""
