"""Tests of `operate.doctor`."""
