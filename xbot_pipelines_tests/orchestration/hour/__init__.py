"""Tests of the browser's hour."""
