DROP TABLE spy_wishlist_item;
DROP TABLE spy_wishlist;
