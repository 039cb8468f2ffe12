"""The trade journey as a command: real orders through all three systems, then the books compared line by line."""
