"""``generated_migrations/``, the history in ``dataio_meta``, and running the one against the other.

:mod:`.files` (what is in the folder), :mod:`.history` (what a database says was applied), :mod:`.executor` (apply),
:mod:`.replay` (a database from the scripts alone), :mod:`.adopt` (a database that was there before dataio).
"""
