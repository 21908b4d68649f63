"""Rehearsing: a day of the account lived in minutes, on the real parts, before an account is risked.

Everything that works is what works every day: definitions, schedules, sensor, jobs, PostgreSQL, a Chromium on practice
X. What is different is time. A `VirtualClock` stands still while somebody works and jumps to the next moment at which
something is to be done (`agenda`); runs wait for each other in a queue one browser wide (`waiting`) and are executed
one after another in this process (`performing`), in the order that the queue gives them (`play`). `stage` sets up the
data folder of its own and `figures` looks at what came of it all.
"""
