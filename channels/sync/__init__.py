"""The sync engine: one step, one file."""
