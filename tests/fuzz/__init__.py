"""Random requests and random pictures, for as long as one likes."""
