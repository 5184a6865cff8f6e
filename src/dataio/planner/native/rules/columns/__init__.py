"""Columns, and what rules share that concern them."""
