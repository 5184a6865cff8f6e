"""How statements are worded: names, literals, options, deparsed definitions."""
