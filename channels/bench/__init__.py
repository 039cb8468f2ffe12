"""Benches of the engine."""
