"""What the benchmark of handovers is made of: a house with a chosen run launcher, and queued runs in it."""
