"""Practice X: a local web site that behaves like X, with a small world of readers behind it.

It stands apart from the product, which meets it over HTTP only; it imports nothing else of this package.
"""
