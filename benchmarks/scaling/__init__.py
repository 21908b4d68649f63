"""The parts of `benchmarks/scale.py`: the tables of a long life, the questions put to them, and the summary."""
