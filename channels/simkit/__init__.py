"""Shared parts of the vendor simulators: clock, documents, faults, hooks, server. Imports nothing of the portal."""
