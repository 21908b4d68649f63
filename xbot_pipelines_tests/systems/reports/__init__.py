"""Tests of what a daily report is made of."""
