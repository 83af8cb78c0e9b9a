"""What the trade knows of AWS resources and their properties, whatever the dialect: data in JSON files, and the rules that read them."""
