package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
)

// invoiceMoney is what an invoice asks, what of it is confirmed and where it
// goes, in cents and by its IBAN.
const invoiceMoney = `payable || ' ' || stated || ' ' || tax || ' ' || confirmed || ' ' || iban`

// moneyOf is what of a record is money, as the trail keeps it with each line
// about the record: of an invoice as it stands there, of a batch a hash of all
// its payments; of others nothing. A change of money is always followed by a
// line, so that the last one says what the record must be.
func (tx *Tx) moneyOf(record string) (money string, err error) {
	if record == "" {
		return "", nil
	}
	switch record[0] {
	case 'F':
		money, err = value[string](tx, "SELECT "+invoiceMoney+" FROM invoice WHERE register = $1", record)
	case 'B':
		money, err = value[string](tx, `SELECT coalesce(group_concat(money, char(10)), '') FROM (
			SELECT end_to_end_id || ' ' || iban || ' ' || payment.amount AS money FROM payment JOIN batch ON batch.id = batch_id
			WHERE register = $1 ORDER BY payment.id)`, record)
		if money != "" {
			sum := sha256.Sum256([]byte(money))
			money = hex.EncodeToString(sum[:])
		}
	}
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return money, err
}

// money compares what records are with what the trail says that they are.
func (v *verification) money(tx *Tx) error {
	var register, is, was string
	var seq int64
	const last = " JOIN audit ON seq = (SELECT max(seq) FROM audit WHERE record = register)"
	if err := each(tx, "SELECT register, seq, "+invoiceMoney+", money FROM invoice"+last+" WHERE money <> "+invoiceMoney, func() {
		v.found("money", register, "what it asks, stated, tax, confirmed and account are now %q; line %d of the audit trail has %q", is, seq, was)
	}, &register, &seq, &is, &was); err != nil {
		return err
	}
	noted := map[string]string{}
	if err := each(tx, "SELECT register, money FROM batch"+last, func() { noted[register] = was }, &register, &was); err != nil {
		return err
	}
	for _, register := range slices.Sorted(maps.Keys(noted)) {
		is, err := tx.moneyOf(register)
		if err != nil {
			return err
		}
		if is != noted[register] {
			v.found("money", register, "the amounts or accounts of its payments are not those of the audit trail")
		}
	}
	return nil
}
