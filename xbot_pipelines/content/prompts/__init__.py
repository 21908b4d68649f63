"""The words with which a language model is asked, and the shapes in which it answers."""
