"""Cases of the chapter REC."""
