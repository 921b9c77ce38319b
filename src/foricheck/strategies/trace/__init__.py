"""Cases of the chapter TRACE."""
