"""What `benchmarks/breakages.py` is made of: a house, the things that break in it, and the watching of both."""
