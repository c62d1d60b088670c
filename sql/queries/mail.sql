-- name: mail_targets
-- What is known of the networks with the AS numbers $1: the AS in the book, its name, the last mail to it, and its contacts: those of the book, else
-- those of PeeringDB with the best role for peering. One row a contact, one without where there is none.
WITH t AS (SELECT DISTINCT x.asn FROM unnest($1::bigint[]) AS x(asn)),
n AS (
	SELECT t.asn, a.id AS as_id, coalesce(a.name, p.name) AS name, p.id AS net_id,
	       (SELECT max(m.created) FROM email_message m WHERE m.asn = t.asn AND m.status <> 'failed') AS last
	  FROM t LEFT JOIN autonomous_system a ON a.asn = t.asn LEFT JOIN peeringdb_network p ON p.asn = t.asn
),
book AS (
	SELECT n.asn, c.email, c.name, r.name AS role, 0 AS rank
	  FROM n JOIN contact_assignment x ON x.object_id = n.as_id
	  JOIN object_type o ON o.id = x.content_type_id AND o.app_label = 'peering' AND o.model = 'autonomoussystem'
	  JOIN contact c ON c.id = x.contact_id JOIN contact_role r ON r.id = x.role_id
	 WHERE c.email <> ''
),
cache AS (
	SELECT n.asn, c.email, c.name, c.role,
	       CASE c.role WHEN 'Policy' THEN 1 WHEN 'NOC' THEN 2 WHEN 'Technical' THEN 3 WHEN 'Maintenance' THEN 4 ELSE 5 END AS rank
	  FROM n JOIN peeringdb_network_contact c ON c.net_id = n.net_id
	 WHERE c.email <> '' AND NOT EXISTS (SELECT FROM book b WHERE b.asn = n.asn)
),
best AS (
	SELECT * FROM book
	UNION ALL
	SELECT c.* FROM cache c WHERE c.rank = (SELECT min(x.rank) FROM cache x WHERE x.asn = c.asn)
)
SELECT n.asn, n.as_id, n.name, n.last, extract(epoch FROM now() - n.last)::float8 / 86400, n.net_id,
       b.email, b.name, b.role
  FROM n LEFT JOIN (SELECT DISTINCT ON (asn, lower(email)) * FROM best ORDER BY asn, lower(email), rank) b ON b.asn = n.asn
 ORDER BY n.asn, b.rank, b.email;

-- name: mail_reminders
-- AS numbers that the last mail to was made of template $1 at least $2 days ago.
SELECT m.asn
  FROM (SELECT DISTINCT ON (asn) asn, email_id, created, status FROM email_message WHERE asn IS NOT NULL AND status <> 'failed' ORDER BY asn, created DESC, id DESC) m
 WHERE m.email_id = $1 AND m.status = 'sent' AND m.created < now() - make_interval(secs => $2::float8 * 86400)
 ORDER BY m.asn LIMIT 500;

-- name: mail_add
-- Mail to network $1 (AS $2 in the book), by user $3 from template $4: sender $5, recipients $6, cc $7, subject $8, body $9, Message-ID $10.
INSERT INTO email_message (asn, object_type_id, object_id, user_id, email_id, sender, recipients, cc, subject, body, message_id)
SELECT $1, CASE WHEN $2::bigint IS NOT NULL THEN (SELECT id FROM object_type WHERE app_label = 'peering' AND model = 'autonomoussystem') END, $2::bigint,
       $3::bigint, $4::bigint, $5, $6::text[], $7::text[], $8, $9, $10
RETURNING id;

-- name: mail_lost
-- What was being sent when the job that did it was lost: it is not known whether the server took it, and twice is worse than asking.
UPDATE email_message
   SET status = 'failed', next_attempt = NULL,
       error = 'The runner was lost while it was sent; whether the server took it is not known. Send it again if nothing came.'
 WHERE status = 'sending'
RETURNING id;

-- name: mail_claim
-- The next message that is due.
UPDATE email_message m
   SET status = 'sending', attempt = m.attempt + 1
 WHERE m.id = (SELECT id FROM email_message WHERE status = 'pending' AND next_attempt <= now() ORDER BY next_attempt, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING m.id, m.attempt, m.sender, m.recipients, m.cc, m.subject, m.body, m.message_id, m.accepted, m.refused, m.user_id, m.object_id,
          (SELECT o.app_label || '.' || o.model FROM object_type o WHERE o.id = m.object_type_id), m.asn;

-- name: mail_settle
-- How the try of message $1 ended: status $2 (pending: once more after $3 seconds), accepted $4, refused $5, error $6.
UPDATE email_message
   SET status = $2::text, accepted = $4::text[], refused = $5::text[], error = $6,
       sent = CASE WHEN cardinality($4::text[]) > 0 THEN coalesce(sent, now()) END,
       next_attempt = CASE WHEN $2::text = 'pending' THEN now() + make_interval(secs => $3::float8) END
 WHERE id = $1;

-- name: mail_due
-- How many wait, and seconds until the first of them.
SELECT count(*), extract(epoch FROM min(next_attempt) - now())::float8 FROM email_message WHERE status = 'pending';

-- name: mail_again
-- Send message $1 once more to those who did not get it.
UPDATE email_message SET status = 'pending', attempt = 0, next_attempt = now(), error = '', refused = '{}'
 WHERE id = $1 AND (status = 'failed' OR (status = 'sent' AND refused <> '{}'))
RETURNING id;

-- name: mail_local
-- Our own AS that mail to strangers is about, unless another is chosen.
SELECT id FROM autonomous_system WHERE affiliated ORDER BY id LIMIT 1;

-- name: mail_choices
-- Templates and our own autonomous systems.
SELECT 'email', id, name FROM email
UNION ALL SELECT 'as', id, 'AS' || asn || ' ' || name FROM autonomous_system WHERE affiliated
ORDER BY 1, 3;
