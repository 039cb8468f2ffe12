"""Pages of people, companies and partners."""
