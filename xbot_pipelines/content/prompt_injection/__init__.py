"""Text from outside that hides characters or addresses a language model: it is found before a model reads it."""
