"""What several families of the zoo share."""
