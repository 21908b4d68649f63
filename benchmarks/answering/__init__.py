"""What the benchmark of opportunities is made of: a house with a browser, hours held against the truth, injections."""
