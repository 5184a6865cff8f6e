"""Rows of the target that stand in a plan's way."""
