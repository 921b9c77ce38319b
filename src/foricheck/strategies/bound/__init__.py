"""Cases of the chapter BOUND."""
