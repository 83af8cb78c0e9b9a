"""What the prompt asks for, read from its own words: services, regions, files, tests and names, each with its line."""
