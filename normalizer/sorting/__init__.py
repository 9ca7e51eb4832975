"""What a message is and is about, and how soon somebody must look at it."""
