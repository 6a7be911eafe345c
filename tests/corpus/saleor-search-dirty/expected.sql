UPDATE product_product SET search_index_dirty = true WHERE search_index_dirty = false;
