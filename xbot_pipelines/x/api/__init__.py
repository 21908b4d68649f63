"""X by its official API: the second client behind the port, its answers, its problems, its tokens, and what it costs.

It deals in the words of `models`, as the browser does beside it. How much may be spent is decided in `systems`.
"""
