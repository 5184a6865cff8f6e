COMMENT ON EXTENSION vector IS 'Vectors of embeddings';
