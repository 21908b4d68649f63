"""Tests of `operate.rehearsal`."""
