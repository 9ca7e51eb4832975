"""The pages by which people come in and go, and that of their own account."""
