"""Cases of the chapter GRAD."""
