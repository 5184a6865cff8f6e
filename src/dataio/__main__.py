"""``python -m dataio`` is ``dataio``."""

from dataio.cli import main

if __name__ == "__main__":
    main()
