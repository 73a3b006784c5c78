"""The words every stage shares: event, finding, incident, alert, activity; frozen types, no behaviour of a stage."""
