"""Forward operations to the reverse program that carries their cotangents."""
