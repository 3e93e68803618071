"""Speaking to many: composing, preview, sending, how it goes, what came of it."""
