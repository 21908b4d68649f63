"""Tests of the room `x`."""
