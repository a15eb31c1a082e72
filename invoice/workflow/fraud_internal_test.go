package workflow

import (
	"testing"

	"ommen.nl/facturen/validate"
)

func TestLookalikeDomains(t *testing.T) {
	for _, c := range []struct {
		domain, known string
		want          bool
	}{
		{"terwal-bouw.example", "terwal-bouw.example", false},
		{"terwa1-bouw.example", "terwal-bouw.example", true},     // a digit for a letter
		{"terwalbouw.example", "terwal-bouw.example", true},      // without the hyphen
		{"terwal-bouw.example.com", "terwal-bouw.example", true}, // another top level
		{"tervval-bouw.example", "terwal-bouw.example", true},    // two letters for one
		{"terwal-bouvv.example", "terwal-bouw.example", true},    //
		{"xn--terwl-bouw-8fg.example", "terwal-bouw.example", true},
		{"terwal-bouws.example", "terwal-bouw.example", true}, // a letter too many
		{"trewal-bouw.example", "terwal-bouw.example", true},  // swapped
		{"dewit.example", "dewin.example", false},             // short names differ by chance
		{"timmerbedrijf-oost.example", "timmerbedrijf-west.example", false},
		{"drukkerijderegge.example", "drukkerijdevecht.example", false},
	} {
		if got := lookalike(c.domain, c.known); got != c.want {
			t.Errorf("%s is taken for %s: %v, want %v", c.domain, c.known, got, c.want)
		}
	}
}

func TestDomainsThatPoseAsOurs(t *testing.T) {
	g := validate.DefaultGemeente()
	for domain, want := range map[string]bool{
		"ommen.nl": false, "mail.ommen.nl": false,
		"ommen-nl.example": true, "gemeente-ommen.example": true, "gemeenteommen.example": true, "0mmen.example": true,
		"ommen-gemeente.example": true, "wethouder-ommen.example": true, "ommen.example": true,
		"bakkerij-ommen.example": false, "vvommen.example": false, "hardenberg.example": false, "": false,
	} {
		if got := resemblesOurs(domain, g); got != want {
			t.Errorf("%q poses as ours: %v, want %v", domain, got, want)
		}
	}
}

func TestWordsAgainstACallBack(t *testing.T) {
	for text, want := range map[string]bool{
		"Niet bellen, ik zit in overleg.":                         true,
		"Bel niet, wij zijn alleen per mail bereikbaar.":          true,
		"U kunt mij niet bellen.":                                 true,
		"Please do not call, I am in a meeting.":                  true,
		"Bitte nicht anrufen.":                                    true,
		"Belt u ons gerust op 0529-123456.":                       false,
		"Wij konden u telefonisch niet bereiken.":                 false,
		"Heeft u vragen? Bel ons dan.":                            false,
		"De factuur is niet betaald; wilt u mij daarover bellen?": false,
	} {
		if got := noCall.MatchString(text); got != want {
			t.Errorf("%q forbids a call: %v, want %v", text, got, want)
		}
	}
}
