"""Every outside system: stores, CRM, fulfilment providers."""
