UPDATE post SET url = left(url, 512) WHERE length(url) > 512;
