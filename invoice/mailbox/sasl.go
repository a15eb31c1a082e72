package mailbox

import (
	"fmt"

	"github.com/emersion/go-sasl"
)

// xoauth2 is the mechanism of Microsoft 365 and Google that came before RFC 7628.
type xoauth2 struct {
	username string
	token    string
}

var _ sasl.Client = xoauth2{}

func (x xoauth2) Start() (mechanism string, response []byte, err error) {
	return "XOAUTH2", []byte("user=" + x.username + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

// Next is called only when the server refuses; the challenge is its reason.
func (x xoauth2) Next(challenge []byte) ([]byte, error) {
	return nil, fmt.Errorf("the server refuses the token: %.200q", challenge)
}
