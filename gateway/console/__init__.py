"""The pages: log-in, the desk, the public form, and the console of those who handle cases. Server-rendered; every page
works without script."""
