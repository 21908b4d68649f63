"""Texts of others that give orders to a program: found before a model reads them."""
