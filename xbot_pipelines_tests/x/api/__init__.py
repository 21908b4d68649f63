"""Tests of the room `x.api`."""
