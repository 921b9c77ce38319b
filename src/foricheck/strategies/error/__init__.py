"""Cases of the chapter ERROR."""
