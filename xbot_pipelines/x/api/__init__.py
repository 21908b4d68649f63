"""X by its official API, which is paid for by use: what a call costs, and who keeps count.

It deals in the words of `models`, as the browser does beside it. How much may be spent is decided in `systems`.
"""
