"""`kanal doctor`: looks at everything that a gateway needs to run well, and says what to do about what is not so."""
