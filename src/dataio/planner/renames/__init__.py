"""Things that go by another name or to another schema: asked for, found, settled."""
