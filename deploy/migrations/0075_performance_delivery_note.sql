-- What people should know of a delivery beside its counts: what a restated file did not withdraw.
ALTER TABLE performance.feed_delivery ADD COLUMN note text NOT NULL DEFAULT '';
