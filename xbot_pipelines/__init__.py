"""xbot-pipelines: an X account run as a data pipeline."""
