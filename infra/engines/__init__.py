"""Real Kafka and Elasticsearch from their Maven artefacts, for tests and `make services`."""
