"""Tests of `operate.health`."""
