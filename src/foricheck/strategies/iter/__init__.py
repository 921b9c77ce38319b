"""Cases of the chapter ITER."""
