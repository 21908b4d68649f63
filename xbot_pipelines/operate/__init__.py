"""Running it: what brings the whole house up, watches over it, and takes it down again.

It starts programs and reads what they answer. What they do belongs to the rooms below.
"""
