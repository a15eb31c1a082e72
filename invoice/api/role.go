// Package api lets people work with the daemon: HTTP with JSON over a unix
// socket, where the kernel says who calls, and over TLS with client
// certificates for people on other machines. One table says which role may
// call what (see table.go); the rules of segregation of duties are not here
// but in package workflow, behind every call.
package api

import (
	"slices"
	"strings"
)

// Role is what somebody does at the gemeente.
type Role string

const (
	Delivery   Role = "delivery"   // orders, and confirms that what an invoice charges was delivered
	Finance    Role = "finance"    // invoices, suppliers, references, questions; makes batches
	Treasury   Role = "treasury"   // releases batches, reads what the bank sends
	Controller Role = "controller" // reads everything, changes nothing
	Admin      Role = "admin"      // runs the daemon
)

// Roles are all roles.
var Roles = []Role{Delivery, Finance, Treasury, Controller, Admin}

// RoleNames writes roles for people to read.
func RoleNames(roles []Role) string {
	names := make([]string, len(roles))
	for i, r := range roles {
		names[i] = string(r)
	}
	return strings.Join(names, ", ")
}

// User is somebody who may call, as the configuration has him.
type User struct {
	ID    string `json:"user"` // under which the audit trail has what he does
	Name  string `json:"name"`
	Roles []Role `json:"roles"`

	Login       string `json:"login,omitempty"`       // account on the daemon's machine
	Certificate string `json:"certificate,omitempty"` // common name of the client certificate
}

// has reports whether the user has one of the roles.
func (u User) has(roles ...Role) bool {
	return slices.ContainsFunc(u.Roles, func(r Role) bool { return slices.Contains(roles, r) })
}
