"""What an answer is made of, whatever its dialect. Standard library only."""
