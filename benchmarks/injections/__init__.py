"""Prompt injection attempts and ordinary drafts, and what the filters and the judge make of them."""
