"""Text that we did not write: cleaned where it enters (`clean`, `parse_json`), escaped where it leaves (`escape`)."""
