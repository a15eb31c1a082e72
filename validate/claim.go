package validate

import (
	"strings"

	"ommen.nl/facturen/invoice"
)

// coreID is the claim of EN 16931 itself.
const coreID = "urn:cen.eu:en16931:2017"

// ClaimedSets are the published rule sets that a document claims to meet by its
// CustomizationID (BT-24): none when it has none or an unknown one. Whoever
// claims to be compliant with EN 16931 claims its rules; an extension, which
// calls itself conformant, may lift some of them, and only those that we know
// are held to what they claim.
func ClaimedSets(customizationID string, syntax invoice.Syntax) []RuleSet {
	id, cii := collapsed(customizationID), syntax == invoice.CII
	switch {
	case id == nlciusID+gAccountID && !cii:
		return []RuleSet{EN16931, NLCIUS, GAccount}
	case id == nlciusID && !cii:
		return []RuleSet{EN16931, NLCIUS}
	case id == nlciusID:
		return []RuleSet{EN16931, NLCIUSCII}
	case strings.Contains(strings.ToLower(id), "#conformant#"):
		return nil
	case strings.HasPrefix(id, peppolID) && !cii:
		return []RuleSet{EN16931, Peppol}
	case id == coreID, strings.HasPrefix(id, coreID+"#compliant#"):
		return []RuleSet{EN16931}
	}
	return nil
}
