package store

import (
	"fmt"
	"strings"
)

// invariant is a thing that must hold of the records. Its query selects what
// breaks it: the record, and what is wrong with it in words.
type invariant struct{ check, query string }

// vocabularies are the values that a column may have.
var vocabularies = []struct {
	table, record, column string
	values                []string
}{
	{"message", "'message ' || id", "class", []string{"", "invoice", "question", "invoice+question", "auto", "bounce", "bulk", "review"}},
	{"invoice", "register", "status", []string{"review", "rejected", "accepted", "delivered", "planned", "ordered", "paid"}},
	{"hold", "'hold ' || id", "kind", []string{"dispute", "iban", "duplicate", "fraud", "manual", "sanctions"}},
	{"question", "register", "status", []string{"asked", "assigned", "waiting", "answered", "closed"}},
	{"batch", "register", "status", []string{"made", "released", "withdrawn"}},
	{"payment", "'payment ' || end_to_end_id", "status", []string{"proposed", "ordered", "executed", "returned", "refused", "dropped"}},
	{"item", "register", "part", []string{"whole", "free", "g-account"}},
	{"entry", "'entry ' || id", "outcome", []string{"paid", "returned", "unknown", "repeated", "by-hand", "settled"}},
	{"letter", "'letter ' || id", "status", []string{"queued", "sending", "sent", "failed", "uncertain", "held", "merged"}},
}

// keys are the columns that name one record of a table.
var keys = []struct{ table, columns, where string }{
	{"message", "mailbox, uidvalidity, uid", "mailbox <> ''"},
	{"invoice", "register", "true"},
	{"hold", "invoice_id, kind", "lifted_at IS NULL"},
	{"account", "supplier_id, iban", "true"},
	{"reference", "normal", "true"},
	{"question", "register", "true"},
	{"batch", "register", "true"},
	{"payment", "end_to_end_id", "true"},
	{"item", "invoice_id, part", "live = 1"},
	{"entry", "key", "true"},
	{"letter", "mail_id", "true"},
}

// invariants are all of them, in the order of the line.
func invariants() []invariant {
	var all []invariant
	for _, v := range vocabularies {
		all = append(all, invariant{"status", fmt.Sprintf(
			`SELECT %s, 'the %s of its %s is "' || %s || '", which is none' FROM %s WHERE %s NOT IN ('%s')`,
			v.record, v.column, v.table, v.column, v.table, v.column, strings.Join(v.values, "', '"))})
	}
	for _, k := range keys {
		shown := strings.ReplaceAll(k.columns, ", ", " || ' ' || ")
		all = append(all, invariant{"twice", fmt.Sprintf(
			`SELECT '%[1]s ' || group_concat(id, ', '), count(*) || ' rows of %[1]s have the same %[2]s, which must be of one: ' || %[3]s
			FROM %[1]s WHERE %[4]s GROUP BY %[2]s HAVING count(*) > 1`, k.table, k.columns, shown, k.where)})
	}
	for _, group := range [][]invariant{invoiceInvariants, holdInvariants, paymentInvariants, batchInvariants, otherInvariants} {
		all = append(all, group...)
	}
	return all
}

var invoiceInvariants = []invariant{
	{"status", `SELECT register, 'it is paid, but on no day' FROM invoice WHERE status = 'paid' AND paid_on IS NULL`},
	{"status", `SELECT register, 'it is ' || status || ', but was paid on ' || paid_on FROM invoice WHERE status <> 'paid' AND paid_on IS NOT NULL`},
	{"status", `SELECT register, 'it is ' || status || ', but has no execution date'
		FROM invoice WHERE status IN ('planned', 'ordered') AND execution_date IS NULL`},
	{"status", `SELECT register, 'it is ' || status || ', but has no promise date'
		FROM invoice WHERE status IN ('accepted', 'delivered', 'planned', 'ordered', 'paid') AND credit = 0 AND promise_date IS NULL`},
	{"status", `SELECT register, 'its statutory date ' || statutory_date || ' is before its promise date ' || promise_date
		FROM invoice WHERE statutory_date < promise_date AND NOT EXISTS ( -- unless a shorter term was agreed
			SELECT 1 FROM agreement WHERE days BETWEEN 1 AND 29 AND (agreement.supplier_id = invoice.supplier_id OR agreement.reference <> ''))`},
	{"status", `SELECT register, 'it is ' || status || ', but nobody confirmed its delivery'
		FROM invoice WHERE status IN ('delivered', 'planned', 'ordered', 'paid') AND credit = 0 AND (confirmed_by = '' OR confirmed_at IS NULL)`},
	{"status", `SELECT register, 'the delivery of ' || ` + euros("confirmed") + ` || ' is confirmed, of ' || ` + euros("payable") + ` || ' that it asks'
		FROM invoice WHERE confirmed > payable`},
	// Without a transfer are settled: an invoice and the credit notes that cancel it, and what nothing is left of.
	{"status", `SELECT register, 'it is paid, but no payment with it was executed, nor was it settled with credit notes that cancel it'
		FROM invoice WHERE status = 'paid' AND NOT EXISTS (
			SELECT 1 FROM item JOIN payment ON payment.id = payment_id WHERE invoice_id = invoice.id AND payment.status = 'executed')
		AND NOT EXISTS (
			SELECT 1 FROM audit WHERE record = invoice.register AND action = 'invoice.settled' AND 0 = (
				SELECT coalesce(sum(value ->> '$.amount'), 0) FROM json_each(iif(json_valid(detail), detail, '[]'))))
		AND NOT EXISTS (
			SELECT 1 FROM entry WHERE entry.register = invoice.register AND outcome = 'by-hand'
				AND abs(entry.amount) = confirmed AND (entry.amount > 0) = (credit = 1))`},
	{"status", `SELECT register, 'it is ordered, but no payment of a released batch orders it'
		FROM invoice WHERE status = 'ordered' AND NOT EXISTS (
			SELECT 1 FROM item JOIN payment ON payment.id = payment_id JOIN batch ON batch.id = batch_id
			WHERE invoice_id = invoice.id AND live = 1 AND payment.status = 'ordered' AND batch.status = 'released')`},
	{"status", `SELECT invoice.register, 'it is ' || invoice.status || ', but its payment ' || end_to_end_id || ' is ' || payment.status
		FROM item JOIN invoice ON invoice.id = invoice_id JOIN payment ON payment.id = payment_id
		WHERE live = 1 AND NOT (
			invoice.status = 'planned' AND payment.status = 'proposed'
			OR invoice.status = 'ordered' AND payment.status IN ('ordered', 'executed')
			OR invoice.status = 'paid' AND payment.status = 'executed'
			OR invoice.status IN ('delivered', 'planned') AND EXISTS ( -- the other transfer of a G-account split failed
				SELECT 1 FROM item other JOIN payment failed ON failed.id = other.payment_id
				WHERE other.invoice_id = invoice.id AND other.part <> item.part AND failed.status IN ('returned', 'refused')))`},
	{"status", `SELECT register, 'it has no row in reading' FROM invoice WHERE id NOT IN (SELECT invoice_id FROM reading)`},
}

var holdInvariants = []invariant{
	{"hold", `SELECT invoice.register, 'a hold (' || kind || ') of it was lifted by "' || lifted_by || '" at "' || coalesce(lifted_at, '') || '": who and when belong together'
		FROM hold JOIN invoice ON invoice.id = invoice_id WHERE (lifted_by = '') <> (lifted_at IS NULL)`},
	{"hold", `SELECT invoice.register, 'batch ' || batch.register || ' ordered it on ' || released_at || ', while it was held (' || kind || ' since ' || since || ')'
		FROM hold JOIN invoice ON invoice.id = hold.invoice_id JOIN item ON item.invoice_id = invoice.id
			JOIN payment ON payment.id = payment_id JOIN batch ON batch.id = batch_id
		WHERE batch.status = 'released' AND payment.status <> 'dropped' AND since < released_at AND (lifted_at IS NULL OR lifted_at > released_at)`},
}

var paymentInvariants = []invariant{
	{"payment", `SELECT 'payment ' || end_to_end_id, 'it is ' || payment.status || ' in batch ' || batch.register || ', which is ' || batch.status
		FROM payment JOIN batch ON batch.id = batch_id WHERE NOT (
			batch.status = 'made' AND payment.status IN ('proposed', 'dropped')
			OR batch.status = 'released' AND payment.status IN ('ordered', 'executed', 'returned', 'refused', 'dropped')
			OR batch.status = 'withdrawn' AND payment.status = 'dropped')`},
	{"payment", `SELECT 'payment ' || end_to_end_id, 'it is ' || status || ', but its part of ' || register || iif(live, ' still holds', ' no longer holds') || ' the invoice'
		FROM item JOIN payment ON payment.id = payment_id WHERE live <> (status IN ('proposed', 'ordered', 'executed'))`},
	{"payment", `SELECT invoice.register, 'it is in the live payments ' || group_concat(end_to_end_id, ', ') || ', at once as a whole and in parts'
		FROM item JOIN invoice ON invoice.id = invoice_id JOIN payment ON payment.id = payment_id WHERE live = 1
		GROUP BY invoice_id HAVING count(DISTINCT part = 'whole') > 1`},
	{"payment", `SELECT 'payment ' || end_to_end_id, 'its amount is ' || ` + euros("amount") + ` || ', but its items add up to ' || ` + euros("items") + `
		FROM (SELECT end_to_end_id, payment.amount, coalesce(sum(item.amount), 0) AS items
			FROM payment LEFT JOIN item ON payment_id = payment.id GROUP BY payment.id) WHERE amount <> items`},
	{"payment", `SELECT 'payment ' || end_to_end_id, 'its item ' || item.register || ' of ' || ` + euros("item.amount") + ` || ' is not of ' || iif(credit, 'the credit note ', 'the invoice ') || invoice.register
		FROM item JOIN invoice ON invoice.id = invoice_id JOIN payment ON payment.id = payment_id
		WHERE item.register <> invoice.register OR item.amount < 0 AND credit = 0 OR item.amount > 0 AND credit = 1`},
	{"payment", `SELECT register, 'payments of ' || ` + euros("paid") + ` || ' are made for it, which asks ' || ` + euros("payable") + `
		FROM (SELECT invoice.register, payable, abs(sum(item.amount)) AS paid FROM item JOIN invoice ON invoice.id = invoice_id
			WHERE live = 1 GROUP BY invoice_id) WHERE paid > payable`},
	{"payment", `SELECT 'payment ' || end_to_end_id, 'batch ' || batch.register || ' orders it to ' || payment.iban || ', which was no verified account of the supplier when the batch was released'
		FROM payment JOIN batch ON batch.id = batch_id
		WHERE batch.status = 'released' AND payment.status <> 'dropped' AND NOT EXISTS (SELECT 1 FROM account
			WHERE account.supplier_id = payment.supplier_id AND account.iban = payment.iban AND verified_at <= released_at)
		AND NOT EXISTS (SELECT 1 FROM audit -- the account may have been doubted, or verified anew, since then
			WHERE record = 'supplier ' || payment.supplier_id AND action = 'account.verified' AND at <= released_at AND detail ->> '$.iban' = payment.iban)`},
	{"payment", `SELECT 'payment ' || payment.end_to_end_id, 'it is ' || payment.status || ', but ' || other.end_to_end_id || ', the other transfer of ' || item.register || ' in the same batch, is ' || other.status
		FROM item JOIN payment ON payment.id = item.payment_id
			JOIN item twin ON twin.invoice_id = item.invoice_id AND twin.part <> item.part
			JOIN payment other ON other.id = twin.payment_id AND other.batch_id = payment.batch_id
		WHERE (payment.status IN ('proposed', 'dropped')) <> (other.status IN ('proposed', 'dropped'))
			OR payment.status = 'proposed' AND other.status = 'dropped'`},
	{"payment", `SELECT 'payment ' || end_to_end_id, 'it is ' || status || ', but was booked on no day'
		FROM payment WHERE status IN ('executed', 'returned') AND booked_on IS NULL`},
}

var batchInvariants = []invariant{
	{"batch", `SELECT register, 'it says ' || count || ' payments of ' || ` + euros("total") + ` || ' in all, but has ' || payments || ' of ' || ` + euros("amounts") + `
		FROM (SELECT register, count, total, count(payment.id) AS payments, coalesce(sum(amount), 0) AS amounts
			FROM batch LEFT JOIN payment ON batch_id = batch.id AND payment.status <> 'dropped'
			WHERE batch.status <> 'withdrawn' GROUP BY batch.id) WHERE count <> payments OR total <> amounts`},
	{"batch", `SELECT register, 'it is ' || status || ', but was released by "' || released_by || '" at "' || coalesce(released_at, '') || '"'
		FROM batch WHERE status = 'made' AND (released_by <> '' OR released_at IS NOT NULL)
			OR status = 'released' AND (released_by = '' OR released_at IS NULL)`},
	{"batch", `SELECT register, 'it is ' || status || ', but was handed over by "' || handed_over_by || '" at "' || coalesce(handed_over_at, '') || '"'
		FROM batch WHERE (handed_over_by = '') <> (handed_over_at IS NULL) OR handed_over_by <> '' AND status <> 'released'`},
	{"batch", `SELECT register, 'it was released by ' || released_by || ', who made it: another person must'
		FROM batch WHERE released_by = made_by`},
	{"batch", `SELECT batch.register, 'it was released by ' || released_by || ', who confirmed the delivery of ' || invoice.register || ': another person must'
		FROM batch JOIN payment ON batch_id = batch.id JOIN item ON payment_id = payment.id JOIN invoice ON invoice.id = invoice_id
		WHERE released_by <> '' AND released_by = confirmed_by AND live = 1`},
	{"batch", `SELECT register, 'it is released, but there is no file for the bank' FROM batch WHERE status = 'released' AND sha256 = ''`},
}

var otherInvariants = []invariant{
	{"entry", `SELECT 'entry ' || id, 'it is ' || outcome || ', but a person must say who found that, and why'
		FROM entry WHERE outcome IN ('by-hand', 'settled') AND (settled_by = '' OR settled_at IS NULL OR note = '')`},
	{"supplier", `SELECT 'supplier ' || supplier_id, 'its account ' || iban || ' was verified by ' || verified_by || ', who proposed it: another person must'
		FROM account WHERE verified_by <> '' AND verified_by = proposed_by`},
	{"supplier", `SELECT 'supplier ' || supplier_id, 'its account ' || iban || ' was verified by "' || verified_by || '" at "' || coalesce(verified_at, '') || '": who and when belong together'
		FROM account WHERE (verified_by = '') <> (verified_at IS NULL)`},
	{"question", `SELECT register, 'it is answered, but not by whom or when' FROM question WHERE status = 'answered' AND (answered_by = '' OR answered_at IS NULL)`},
	{"question", `SELECT register, 'it is assigned, but to nobody' FROM question WHERE status = 'assigned' AND assigned_to = ''`},
	{"letter", `SELECT 'letter ' || id, 'it is sent, but at no moment' FROM letter WHERE status = 'sent' AND sent_at IS NULL`},
	{"audit", `SELECT register, 'the audit trail has no line about it' FROM (
			SELECT register FROM invoice UNION ALL SELECT register FROM question UNION ALL SELECT register FROM batch)
		WHERE NOT EXISTS (SELECT 1 FROM audit WHERE record = register)`},
}

// euros writes cents in a query as an amount in euros.
func euros(cents string) string {
	return fmt.Sprintf("printf('%%s%%d.%%02d', iif(%[1]s < 0, '-', ''), abs(%[1]s) / 100, abs(%[1]s) %% 100)", cents)
}
