"""An article becomes a draft: by a language model, or by the embedded extractive engine."""
