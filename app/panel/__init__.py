"""The operators' screen: cards, the day, notes, and the live channel that draws them anew."""
