"""Intents: addresses of X that open its editor with something in it, for a person to send (X_SURFACE §1)."""

from urllib.parse import quote, urlencode


def reply_intent(x_url: str, *, post_id: str, text: str) -> str:
    """Answers the address that opens X with a reply to a post filled in. Nothing is sent by opening it."""
    return f"{x_url}/intent/post?{urlencode({'in_reply_to': post_id, 'text': text}, quote_via=quote)}"
