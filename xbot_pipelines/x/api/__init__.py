"""The official API: the second client behind the port, its answers, its errors, its tokens, and what it costs."""
