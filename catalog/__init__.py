"""Products, stock, price lists and listings."""
