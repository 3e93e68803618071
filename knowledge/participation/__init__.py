"""The rules of taking part, free of any database: states, refusals, offers, reminders, recurrence, mission alerts."""
