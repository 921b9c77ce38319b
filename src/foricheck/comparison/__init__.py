"""Expected against got."""
