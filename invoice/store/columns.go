package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// column ties a column of a table to the field that it keeps. The field is a
// pointer or one of the wrappers below: an argument when it is written, a
// destination when it is read.
type column struct {
	name  string
	field any
}

type columns []column

func (c columns) names() string {
	names := make([]string, len(c))
	for i := range c {
		names[i] = c[i].name
	}
	return strings.Join(names, ", ")
}

func (c columns) fields() []any {
	fields := make([]any, len(c))
	for i := range c {
		fields[i] = c[i].field
	}
	return fields
}

// insert adds a row and sets the id that it got; the first column is that id.
func (tx *Tx) insert(table string, all columns) error {
	id, rest := all[0], all[1:]
	places := make([]string, len(rest))
	for i := range rest {
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	return tx.returning(id.field, "INSERT INTO "+table+" ("+rest.names()+") VALUES ("+strings.Join(places, ", ")+
		") RETURNING "+id.name, rest.fields()...)
}

// update sets the columns of the one row that meets the condition, whose
// arguments are written as ?. No such row is [ErrStale].
func (tx *Tx) update(table string, set columns, condition string, args ...any) error {
	var f filter
	assignments := make([]string, len(set))
	for i := range set {
		f.args = append(f.args, set[i].field)
		assignments[i] = fmt.Sprintf("%s = $%d", set[i].name, i+1)
	}
	f.and(condition, args...)
	changed, err := tx.exec("UPDATE "+table+" SET "+strings.Join(assignments, ", ")+f.where(), f.args...)
	if err != nil {
		return err
	}
	if changed != 1 {
		return ErrStale
	}
	return nil
}

// query reads the rows of a table; rest is what follows FROM.
func query[T any](tx *Tx, of func(*T) columns, rest string, args ...any) ([]*T, error) {
	rows, err := tx.query("SELECT "+of(new(T)).names()+" FROM "+rest, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []*T
	for rows.Next() {
		row := new(T)
		if err := rows.Scan(of(row).fields()...); err != nil {
			return nil, tx.fail(err)
		}
		found = append(found, row)
	}
	return found, tx.fail(rows.Err())
}

// one reads the first row, and is [ErrNotFound] where there is none.
func one[T any](tx *Tx, of func(*T) columns, rest string, args ...any) (*T, error) {
	found, err := query(tx, of, rest+" LIMIT 1", args...)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, ErrNotFound
	}
	return found[0], nil
}

// value reads one value of one row.
func value[T any](tx *Tx, statement string, args ...any) (T, error) {
	var v T
	rows, err := tx.query(statement, args...)
	if err != nil {
		return v, err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return v, tx.fail(err)
		}
		return v, ErrNotFound
	}
	return v, tx.fail(rows.Scan(&v))
}

// filter gathers the conditions of a WHERE clause.
type filter struct {
	conditions []string
	args       []any
}

// and adds a condition; each ? in it is the next argument.
func (f *filter) and(condition string, args ...any) {
	for _, arg := range args {
		f.args = append(f.args, arg)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(f.args)), 1)
	}
	f.conditions = append(f.conditions, condition)
}

// equals adds a condition when the value is set.
func equals[T comparable](f *filter, column string, value T) {
	if value != *new(T) {
		f.and(column+" = ?", value)
	}
}

// in adds a condition when there are values.
func in[T any](f *filter, column string, values []T) {
	if len(values) > 0 {
		f.conditions = append(f.conditions, column+" "+oneOf(f, values))
	}
}

// oneOf writes IN ($1, …) for the values, of which there is at least one, and
// makes them arguments.
func oneOf[T any](f *filter, values []T) string {
	places := make([]string, len(values))
	for i := range values {
		f.args = append(f.args, values[i])
		places[i] = fmt.Sprintf("$%d", len(f.args))
	}
	return "IN (" + strings.Join(places, ", ") + ")"
}

// between adds conditions on an instant: not before since, before until.
func (f *filter) between(column string, since, until time.Time) {
	if !since.IsZero() {
		f.and(column+" >= ?", instant{&since})
	}
	if !until.IsZero() {
		f.and(column+" < ?", instant{&until})
	}
}

func (f *filter) where() string {
	if len(f.conditions) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(f.conditions, " AND ")
}

// limit is the LIMIT clause; 0 is no limit.
func limit(n int) string {
	if n <= 0 {
		return ""
	}
	return fmt.Sprintf(" LIMIT %d", n)
}

// instantLayout has a fixed width, so that text order is time order.
const instantLayout = "2006-01-02T15:04:05.000000000Z"

// instant keeps a moment as text in UTC, the zero time as NULL.
type instant struct{ at *time.Time }

func (i instant) Value() (driver.Value, error) {
	if i.at.IsZero() {
		return nil, nil
	}
	return i.at.UTC().Format(instantLayout), nil
}

func (i instant) Scan(stored any) (err error) {
	switch v := stored.(type) {
	case nil:
		*i.at = time.Time{}
	case string:
		*i.at, err = time.Parse(instantLayout, v)
	default:
		err = fmt.Errorf("an instant cannot be read from %T", stored)
	}
	return err
}

// list keeps texts as a JSON array.
type list struct{ texts *[]string }

func (l list) Value() (driver.Value, error) {
	if len(*l.texts) == 0 {
		return "[]", nil
	}
	text, err := json.Marshal(*l.texts)
	return string(text), err
}

func (l list) Scan(stored any) error {
	text, ok := stored.(string)
	if !ok {
		return fmt.Errorf("a list cannot be read from %T", stored)
	}
	*l.texts = nil
	if text == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(text), l.texts)
}

// optional keeps the id of another record, 0 as NULL.
type optional struct{ id *int64 }

func (o optional) Value() (driver.Value, error) {
	if *o.id == 0 {
		return nil, nil
	}
	return *o.id, nil
}

func (o optional) Scan(stored any) error {
	switch v := stored.(type) {
	case nil:
		*o.id = 0
	case int64:
		*o.id = v
	default:
		return fmt.Errorf("an id cannot be read from %T", stored)
	}
	return nil
}

// document keeps JSON as text, none as NULL.
type document struct{ json *json.RawMessage }

func (d document) Value() (driver.Value, error) {
	if *d.json == nil {
		return nil, nil
	}
	return string(*d.json), nil
}

func (d document) Scan(stored any) error {
	switch v := stored.(type) {
	case nil:
		*d.json = nil
	case string:
		*d.json = json.RawMessage(v)
	default:
		return fmt.Errorf("JSON cannot be read from %T", stored)
	}
	return nil
}
