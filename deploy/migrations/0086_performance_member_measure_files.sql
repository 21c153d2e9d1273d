-- Results of members come by file. Without `met` a member is no longer in the measure's denominator,
-- whatever was said before; the batch names the delivery that said so.
ALTER TABLE performance.member_measure ALTER COLUMN met DROP NOT NULL;
ALTER TABLE performance.member_measure ADD COLUMN batch_id bigint NULL;
CREATE INDEX member_measure_of_batch ON performance.member_measure (batch_id)
  WHERE batch_id IS NOT NULL;

ALTER TABLE performance.feed DROP CONSTRAINT feed_kind_check;
ALTER TABLE performance.feed ADD CONSTRAINT feed_kind_check CHECK (kind BETWEEN 1 AND 9);
