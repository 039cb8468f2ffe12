"""Reports: orders, units, money and punctuality of one company, by integration, partner or period."""
