"""The parts of `benchmarks/learning.py`: worlds of readers, ways to choose, and what they come to."""
