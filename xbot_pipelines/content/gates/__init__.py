"""What a draft has to pass before it may be queued, whatever the model was told or talked into."""
