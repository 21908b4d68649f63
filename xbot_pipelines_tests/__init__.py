"""Tests of xbot-pipelines: they mirror its rooms."""

import os

# Before anybody loads numpy: matrices here are small, and threads that share one only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
