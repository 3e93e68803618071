"""What the bot does on its own when its time has come: offers, reminders, news of sessions, alerts for missions."""
