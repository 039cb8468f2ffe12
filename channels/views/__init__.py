"""Pages of channels and the door for webhooks."""
