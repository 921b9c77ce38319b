"""Cases of the chapter UNROLL."""
