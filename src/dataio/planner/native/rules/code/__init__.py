"""Routines, and what is made of them."""
