DROP TABLE spy_loyalty_tier;
DROP TABLE spy_wishlist_mark;
DROP TABLE spy_wishlist_label;
DROP TABLE spy_note;
