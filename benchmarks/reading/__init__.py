"""The parts of `benchmarks/read_rate.py`: the site and its posts, the three ways to read them, and the summary."""
