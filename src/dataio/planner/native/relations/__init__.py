"""How tables hang together, which more than one rule must know: parents and children, partitions, types."""
