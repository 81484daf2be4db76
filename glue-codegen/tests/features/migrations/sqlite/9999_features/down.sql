DROP TABLE spy_wishlist_label;
DROP TABLE spy_note;
