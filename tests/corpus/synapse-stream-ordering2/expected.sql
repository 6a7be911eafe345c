UPDATE events SET stream_ordering2 = stream_ordering;
