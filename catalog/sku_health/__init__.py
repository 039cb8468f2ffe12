"""SKU health: which SKUs match, which stand alone, which only look alike, which are shared, missing or renamed."""
