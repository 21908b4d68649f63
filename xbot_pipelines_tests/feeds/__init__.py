"""Tests of the room that knows feeds."""
