"""Diagrams of tables and their foreign keys: a small model, and Mermaid, DOT and SVG made of it."""
