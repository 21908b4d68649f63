"""The cast that posts: who they are, what they say on each day, to whom, and what they take back.

Everything here is a pure function of the seed and the day, so nothing is simulated and nothing is stored. What readers
do with these posts is decided in `crowd`, how they look in `post_shapes`; which of them stand in a list, in `streams`.
"""
