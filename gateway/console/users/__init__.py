"""The pages on which administrators look after accounts."""
