"""Orders, supplier orders, shipments and their timeline."""
