"""The same change in phases that keep nobody waiting."""
