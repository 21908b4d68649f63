"""Tests of what cleans and escapes text that others wrote."""
