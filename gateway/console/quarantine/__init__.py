"""What could not be processed: why, and to try it again."""
