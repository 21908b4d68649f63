"""Tests of the room `systems`."""
