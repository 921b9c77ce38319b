"""Cases of the chapter CARRY."""
