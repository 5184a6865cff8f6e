"""The plan, shown: as text for people, as the script that is run, as JSON."""
