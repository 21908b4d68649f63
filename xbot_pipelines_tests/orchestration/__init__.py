"""Tests of the room `orchestration`."""
