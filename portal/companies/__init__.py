"""People, companies, roles, partnerships: who may see what."""
