"""Files in and out: read, match columns, check, apply, undo; templates and exports that can be imported again."""
