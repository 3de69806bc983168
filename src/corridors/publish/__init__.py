"""The atlas for readers: charts, briefs, API and web. It reads the built file and computes nothing."""
