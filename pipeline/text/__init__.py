"""How texts are read before anything is judged or searched: folding with offsets kept, and the terms of search."""
