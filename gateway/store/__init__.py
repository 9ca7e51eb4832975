"""The one durable store: `contract` says what a store promises, `sqlite` keeps it on one machine."""
