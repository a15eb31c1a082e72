package read

import (
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"ommen.nl/facturen/invoice"
)

// PrintedFacts are what scripts ask of a PDF beside its [Facts].
type PrintedFacts struct {
	Kind       PrintKind            `json:"kind"`
	References []ReferenceFact      `json:"references"`
	Fields     map[string]FieldFact `json:"fields"` // by key; the second of a key is "iban 2"
	Unsure     []Key                `json:"unsure"` // see [Printed.Unsure]
}

// ReferenceFact is a reference with the label that it has on the page.
type ReferenceFact struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// FieldFact is a value with its place: page from 1, box left, bottom, right and
// top in points from the page's lower left corner, as PDF has rectangles
// (ISO 32000-1 §7.9.5).
type FieldFact struct {
	Value  string     `json:"value"`
	Sure   bool       `json:"sure"`
	Page   int        `json:"page"`
	Box    [4]float64 `json:"box"`
	Label  string     `json:"label"`
	Source string     `json:"source"`
}

// Facts states what is printed.
func (p *Printed) Facts() PrintedFacts {
	facts := PrintedFacts{Kind: p.Kind.told(), References: []ReferenceFact{}, Fields: map[string]FieldFact{}, Unsure: p.Unsure()}
	count := map[Key]int{}
	for _, f := range p.Fields {
		if f.Key == KeyReference {
			facts.References = append(facts.References, ReferenceFact{f.Label, f.Value})
		}
		count[f.Key]++
		key := string(f.Key)
		if n := count[f.Key]; n > 1 {
			key = fmt.Sprintf("%s %d", key, n)
		}
		round := func(points float64) float64 { return math.Round(points*10) / 10 }
		facts.Fields[key] = FieldFact{
			f.Value, f.Sure, f.Page, [4]float64{round(f.Box.Left), round(-f.Box.Bottom), round(f.Box.Right), round(-f.Box.Top)}, f.Label, f.Source,
		}
	}
	return facts
}

// printedFacts are the facts of a PDF without XML. What is not on the pages is absent.
func printedFacts(inv *invoice.Invoice) Facts {
	f := Facts{
		Number: stated(inv.Number), IssueDate: stated(inv.IssueDate.Text), DueDate: stated(inv.DueDate.Text),
		TypeCode: stated(inv.TypeCode), Currency: stated(inv.Currency),
		SellerName: stated(inv.Seller.Name), SellerVATID: stated(inv.Seller.VATID),
		SellerLegalID: stated(inv.Seller.LegalID.Value), SellerLegalScheme: stated(inv.Seller.LegalID.Scheme), SellerCountry: stated(inv.Seller.Address.Country),
		BuyerName: stated(inv.Buyer.Name), BuyerCountry: stated(inv.Buyer.Address.Country),
		BuyerReference: stated(inv.BuyerReference), OrderReference: stated(inv.OrderReference),
		ContractReference: stated(inv.ContractReference), ProjectReference: stated(inv.ProjectReference),
		TaxExclusive: stated(inv.TaxExclusive.Text), TaxTotal: stated(inv.TaxTotal.Text), TaxInclusive: stated(inv.TaxInclusive.Text),
		Prepaid: stated(inv.Prepaid.Text), Payable: stated(inv.Payable.Text),
		Lines: len(inv.Lines), VAT: taxFacts(inv),
	}
	for _, p := range inv.Preceding {
		f.Preceding = append(f.Preceding, p.Number)
	}
	if inv.PaymentReference != "" {
		f.PaymentIDs = []string{inv.PaymentReference}
	}
	for _, m := range inv.PaymentMeans {
		f.IBANs = append(f.IBANs, m.Account)
		if m.BIC != "" {
			f.BICs = append(f.BICs, m.BIC)
		}
	}
	return f
}

// Explain writes each value with its place, its label, and whether it is sure.
func (p *Printed) Explain(w io.Writer) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range p.Fields {
		sure := "sure"
		if !f.Sure {
			sure = "not sure"
		}
		fmt.Fprintf(out, "%s\t%s\t%s\tpage %d, %s\t%s\n", f.Key, oneLine(f.Value), sure, f.Page, f.Source, oneLine(f.Label))
	}
	for _, l := range p.Lines {
		counted := "-"
		if !l.Price.IsZero() {
			counted = l.Quantity.String() + " x " + l.Price.StringFixed(2)
		}
		fmt.Fprintf(out, "line\t%s\t%s\tadds up to the net total\t%s\n", l.Amount.StringFixed(2), counted, oneLine(l.Description))
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if unsure := p.Unsure(); len(unsure) > 0 {
		_, err := fmt.Fprintf(w, "a person looks at: %v\n", unsure)
		return err
	}
	return nil
}
