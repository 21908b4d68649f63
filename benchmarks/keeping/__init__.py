"""Parts of `benchmarks/housekeeping.py`: months of runs in a real instance, with housekeeping and without."""
