"""The desk: an officer writes down what a citizen says, gives them a receipt, and finds it when they come back."""
