"""The parts of `benchmarks/stampede.py`: the world, the three ways, what is seen in the process table, the summary."""
