package invoice

import "strings"

// Identifier is an identifier with its scheme (ISO 6523 ICD, EAS), when it states one.
type Identifier struct {
	Value  string
	Scheme string
}

// Party is the seller (BG-4), the buyer (BG-7), the payee (BG-10) or the
// seller's tax representative (BG-11).
type Party struct {
	Name        string       // BT-27, BT-44, BT-59, BT-62: the registered name
	TradingName string       // BT-28, BT-45
	IDs         []Identifier // BT-29, BT-46, BT-60
	LegalID     Identifier   // BT-30, BT-47, BT-61: KvK number or OIN in the Netherlands
	VATID       string       // BT-31, BT-48, BT-63: btw-id
	TaxID       string       // BT-32: local tax registration
	LegalInfo   string       // BT-33
	Endpoint    Identifier   // BT-34, BT-49: electronic address, scheme from EAS
	Address     Address      // BG-5, BG-8, BG-12
	Contact     Contact      // BG-6, BG-9
}

// IsZero reports whether the document does not have the party.
func (p *Party) IsZero() bool {
	return p.Name == "" && p.TradingName == "" && len(p.IDs) == 0 && p.LegalID == (Identifier{}) &&
		p.VATID == "" && p.TaxID == "" && p.LegalInfo == "" && p.Endpoint == (Identifier{}) &&
		p.Address == (Address{}) && p.Contact == (Contact{})
}

// Address is a postal address, BG-5, BG-8, BG-12 or BG-15.
type Address struct {
	Street      string // BT-35, BT-50, BT-64, BT-75
	Additional  string // BT-36, BT-51, BT-65, BT-76
	Line3       string // BT-162, BT-163, BT-164, BT-165
	City        string // BT-37, BT-52, BT-66, BT-77
	Postcode    string // BT-38, BT-53, BT-67, BT-78
	Subdivision string // BT-39, BT-54, BT-68, BT-79
	Country     string // BT-40, BT-55, BT-69, BT-80: ISO 3166-1 alpha-2
}

// String writes the address on one line, without the country.
func (a Address) String() string {
	var parts []string
	for _, part := range []string{a.Street, a.Additional, a.Line3, strings.TrimSpace(a.Postcode + " " + a.City)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// Contact is a contact point, BG-6 or BG-9.
type Contact struct {
	Name  string // BT-41, BT-56
	Phone string // BT-42, BT-57
	Email string // BT-43, BT-58
}
