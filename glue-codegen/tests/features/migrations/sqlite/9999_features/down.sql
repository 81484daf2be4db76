DROP TABLE spy_booking_charge;
DROP TABLE spy_booking;
DROP TABLE spy_wishlist_mark;
DROP TABLE spy_wishlist_label;
DROP TABLE spy_purchase;
DROP TABLE spy_product;
DROP TABLE spy_note;
DROP TABLE spy_loyalty_tier;
