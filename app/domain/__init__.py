"""What is true: the rules of a loyalty program as values and functions, without clock or I/O."""
