"""The pages of the news: reading, the team's reading, and the editor's desk."""
