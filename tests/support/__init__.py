"""What several test modules share that is not a fixture: ``from support.legacy import load_legacy``."""
