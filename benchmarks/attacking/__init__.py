"""The attacks of `benchmarks/security.py`: as another user of the machine, as a web page, as a post."""
