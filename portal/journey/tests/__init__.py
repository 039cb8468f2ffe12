"""The journey on the real stack: by clicking, as a command, and under the supervisor."""
