"""What becomes of messages after they were sent: they are changed, taken back, answered elsewhere."""
