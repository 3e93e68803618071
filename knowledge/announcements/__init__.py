"""Speaking to many: who is meant, what is said, when it goes out and how long that takes. Pure."""
