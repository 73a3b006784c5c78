"""The services' runtime on a real Kafka."""
