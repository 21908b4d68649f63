"""Killing a running house again and again, and looking afterwards at what it has published."""
