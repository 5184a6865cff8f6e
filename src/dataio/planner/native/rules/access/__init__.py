"""Who there is, who owns what, and who may do what."""
