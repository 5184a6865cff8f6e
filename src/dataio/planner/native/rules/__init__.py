"""One module for each kind of object, and what such modules share: created, dropped, altered, replaced."""
