"""Template tags of the orders pages."""
