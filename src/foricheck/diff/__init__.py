"""Two reports compared: what got worse, what got better, what else changed."""
