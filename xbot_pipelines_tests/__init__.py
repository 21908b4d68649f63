"""Tests of xbot-pipelines: they mirror its rooms."""
