"""Plain Python that knows nothing of our apps."""
