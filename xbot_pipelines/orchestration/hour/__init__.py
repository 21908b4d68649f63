"""The browser's hour: what of it is used, by whom, and what gets into whose way. Measured, worked out, shown."""
