"""BigCommerce: connector and simulator."""
