"""Types and collations."""
