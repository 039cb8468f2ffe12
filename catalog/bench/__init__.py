"""Benches of the catalogue: ``run(scale)`` with the number of products (two variants each), on the database at hand.

Each makes a company of its own and removes it at the end; the floor works on copies of our tables, empty of foreign keys' checks where the database allows it.
"""
