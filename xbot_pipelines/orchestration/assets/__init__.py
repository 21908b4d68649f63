"""The assets, a file for each group. An asset takes resources, calls its system, and says what came of it."""
