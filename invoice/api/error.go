package api

import (
	"context"
	"errors"
	"net/http"

	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
)

// Code tells a client what kind of error it has.
type Code string

const (
	Refused     Code = "refused"     // not allowed as things stand
	Forbidden   Code = "forbidden"   // not allowed to this caller
	NotFound    Code = "not-found"   //
	Stale       Code = "stale"       // somebody else changed it meanwhile; look again
	BadInput    Code = "bad-input"   // the question cannot be understood
	Internal    Code = "internal"    // a fault of the program, or of the machine it runs on
	Unreachable Code = "unreachable" // the daemon does not answer; only clients make it
)

var httpStatus = map[Code]int{
	Refused: http.StatusConflict, Forbidden: http.StatusForbidden, NotFound: http.StatusNotFound,
	Stale: http.StatusPreconditionFailed, BadInput: http.StatusBadRequest, Internal: http.StatusInternalServerError,
}

// Error is what a call fails with: what is wrong and what to do, for a person.
type Error struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
}

func (e *Error) Error() string { return e.Message }

func badInput(message string) error { return &Error{BadInput, message} }

// coded gives an error its code.
func coded(err error) *Error {
	var already *Error
	switch {
	case errors.As(err, &already):
		return already
	case errors.Is(err, workflow.ErrRefused):
		return &Error{Refused, err.Error()}
	case errors.Is(err, store.ErrNotFound):
		return &Error{NotFound, err.Error()}
	case errors.Is(err, store.ErrStale):
		return &Error{Stale, err.Error() + "; somebody else changed it just now, so look again"}
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Internal, "it took too long and was broken off; nothing was changed"}
	}
	return &Error{Internal, err.Error()}
}
