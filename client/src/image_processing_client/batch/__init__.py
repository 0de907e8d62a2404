"""Transform a folder of pictures. An interrupted batch can continue."""
