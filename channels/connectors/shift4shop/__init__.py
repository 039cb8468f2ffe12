"""Shift4Shop (formerly 3dcart): connector and simulator."""
