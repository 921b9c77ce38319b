"""Cases of the chapter XFORM."""
