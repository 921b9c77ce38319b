"""Cases of the chapter MODULE."""
