"""How dates are written where no page says it: the staff pages, in the portal's 24 hours."""
