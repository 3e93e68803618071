"""What staff and partners do from the chat: activities, their dates, who came."""
