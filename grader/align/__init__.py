"""Which resource of the answer is which of the ideal, what only one of the two has, and how the matched ones differ."""
