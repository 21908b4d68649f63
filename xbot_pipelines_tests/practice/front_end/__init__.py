"""Tests of the pages of practice X, in a real browser."""
