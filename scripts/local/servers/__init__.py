"""PostgreSQL and Redis, embedded or external, and the data folder of the embedded ones."""
