"""Tests of the official API as practice X serves it."""
