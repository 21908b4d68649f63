"""The sections of a report, each a plain value that can say itself in short: `section` says what all have in common."""
