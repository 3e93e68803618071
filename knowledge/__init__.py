"""What the bot knows: categories, sentences, hours, places, services. Imports nothing of `bot`, `handlers` or `storage`."""
