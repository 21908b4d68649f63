"""Tests of what judges in the benchmarks: their figures are only as true as that."""
