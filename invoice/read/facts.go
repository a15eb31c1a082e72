package read

import (
	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/xmltree"
)

// Facts are the values of an invoice that scripts ask for, as the document
// states them; dates of CII are written YYYY-MM-DD. A key is absent where the
// document does not have the element, and empty where it is empty there.
// The tag term names the business term of a value that stands in one place.
type Facts struct {
	Number            *string          `json:"number,omitempty" term:"BT-1"`
	IssueDate         *string          `json:"issue_date,omitempty" term:"BT-2"`
	DueDate           *string          `json:"due_date,omitempty" term:"BT-9"`
	TypeCode          *string          `json:"type_code,omitempty" term:"BT-3"`
	Currency          *string          `json:"currency,omitempty" term:"BT-5"`
	TaxCurrency       *string          `json:"tax_currency,omitempty" term:"BT-6"`
	SellerName        *string          `json:"seller_name,omitempty" term:"BT-27"`
	SellerTradingName *string          `json:"seller_trading_name,omitempty" term:"BT-28"`
	SellerVATID       *string          `json:"seller_vat_id,omitempty" term:"BT-31"`
	SellerLegalID     *string          `json:"seller_legal_id,omitempty" term:"BT-30"`
	SellerLegalScheme *string          `json:"seller_legal_id_scheme,omitempty"`
	SellerEndpoint    *string          `json:"seller_endpoint,omitempty" term:"BT-34"`
	SellerEndpointEAS *string          `json:"seller_endpoint_scheme,omitempty"`
	SellerCountry     *string          `json:"seller_country,omitempty" term:"BT-40"`
	BuyerName         *string          `json:"buyer_name,omitempty" term:"BT-44"`
	BuyerTradingName  *string          `json:"buyer_trading_name,omitempty" term:"BT-45"`
	BuyerVATID        *string          `json:"buyer_vat_id,omitempty" term:"BT-48"`
	BuyerLegalID      *string          `json:"buyer_legal_id,omitempty" term:"BT-47"`
	BuyerLegalScheme  *string          `json:"buyer_legal_id_scheme,omitempty"`
	BuyerEndpoint     *string          `json:"buyer_endpoint,omitempty" term:"BT-49"`
	BuyerEndpointEAS  *string          `json:"buyer_endpoint_scheme,omitempty"`
	BuyerCountry      *string          `json:"buyer_country,omitempty" term:"BT-55"`
	BuyerReference    *string          `json:"buyer_reference,omitempty" term:"BT-10"`
	OrderReference    *string          `json:"order_reference,omitempty" term:"BT-13"`
	SalesOrder        *string          `json:"sales_order_reference,omitempty" term:"BT-14"`
	ContractReference *string          `json:"contract_reference,omitempty" term:"BT-12"`
	ProjectReference  *string          `json:"project_reference,omitempty" term:"BT-11"`
	Preceding         []string         `json:"preceding_invoices,omitempty" term:"BT-25"`
	AccountingCost    *string          `json:"accounting_cost,omitempty" term:"BT-19"`
	PaymentMeans      []string         `json:"payment_means,omitempty" term:"BT-81"`
	PaymentIDs        []string         `json:"payment_ids,omitempty" term:"BT-83"`
	IBANs             []string         `json:"ibans,omitempty" term:"BT-84"`
	BICs              []string         `json:"bics,omitempty" term:"BT-86"`
	LineTotal         *string          `json:"line_total,omitempty" term:"BT-106"`
	TaxExclusive      *string          `json:"tax_exclusive,omitempty" term:"BT-109"`
	TaxTotal          *string          `json:"tax_total,omitempty" term:"BT-110"`
	TaxInclusive      *string          `json:"tax_inclusive,omitempty" term:"BT-112"`
	Prepaid           *string          `json:"prepaid,omitempty" term:"BT-113"`
	Rounding          *string          `json:"rounding,omitempty" term:"BT-114"`
	Payable           *string          `json:"payable,omitempty" term:"BT-115"`
	Lines             int              `json:"lines"`
	LineNumbers       []string         `json:"line_numbers,omitempty"`
	LineAmounts       []string         `json:"line_amounts,omitempty"`
	VAT               []TaxFacts       `json:"vat,omitempty"`
	Attachments       []AttachmentFact `json:"attachments,omitempty"`
}

// TaxFacts are those of one VAT category and rate; null where the element is absent.
type TaxFacts struct {
	Category *string `json:"category"`
	Rate     *string `json:"rate"`
	Taxable  *string `json:"taxable"`
	Tax      *string `json:"tax"`
}

// AttachmentFact is an attachment whose content the invoice carries.
type AttachmentFact struct {
	ID       *string `json:"id"`
	Filename *string `json:"filename"`
	MIME     *string `json:"mime"`
}

// Facts states the invoice that was read.
func (d *Document) Facts() Facts {
	inv := d.Invoice
	if d.Kind == PDF {
		return printedFacts(inv)
	}
	f := Facts{
		Number:            d.fact("BT-1", inv.Number),
		IssueDate:         d.fact("BT-2", dateFact(inv.IssueDate)),
		DueDate:           d.fact("BT-9", dateFact(inv.DueDate)),
		TypeCode:          d.fact("BT-3", inv.TypeCode),
		Currency:          d.fact("BT-5", inv.Currency),
		TaxCurrency:       d.fact("BT-6", inv.TaxCurrency),
		SellerName:        nameFact(d.fact("BT-27", inv.Seller.Name), d.fact("BT-28", inv.Seller.TradingName)),
		SellerTradingName: d.fact("BT-28", inv.Seller.TradingName),
		SellerVATID:       d.fact("BT-31", inv.Seller.VATID),
		SellerLegalID:     d.fact("BT-30", inv.Seller.LegalID.Value),
		SellerLegalScheme: stated(inv.Seller.LegalID.Scheme),
		SellerEndpoint:    d.fact("BT-34", inv.Seller.Endpoint.Value),
		SellerEndpointEAS: stated(inv.Seller.Endpoint.Scheme),
		SellerCountry:     d.fact("BT-40", inv.Seller.Address.Country),
		BuyerName:         nameFact(d.fact("BT-44", inv.Buyer.Name), d.fact("BT-45", inv.Buyer.TradingName)),
		BuyerTradingName:  d.fact("BT-45", inv.Buyer.TradingName),
		BuyerVATID:        d.fact("BT-48", inv.Buyer.VATID),
		BuyerLegalID:      d.fact("BT-47", inv.Buyer.LegalID.Value),
		BuyerLegalScheme:  stated(inv.Buyer.LegalID.Scheme),
		BuyerEndpoint:     d.fact("BT-49", inv.Buyer.Endpoint.Value),
		BuyerEndpointEAS:  stated(inv.Buyer.Endpoint.Scheme),
		BuyerCountry:      d.fact("BT-55", inv.Buyer.Address.Country),
		BuyerReference:    d.fact("BT-10", inv.BuyerReference),
		OrderReference:    d.fact("BT-13", inv.OrderReference),
		SalesOrder:        d.fact("BT-14", inv.SalesOrder),
		ContractReference: d.fact("BT-12", inv.ContractReference),
		ProjectReference:  d.fact("BT-11", inv.ProjectReference),
		Preceding:         d.list("BT-25"),
		AccountingCost:    d.fact("BT-19", inv.AccountingCost),
		PaymentMeans:      d.list("BT-81"),
		PaymentIDs:        d.list("BT-83"),
		IBANs:             d.list("BT-84"),
		BICs:              d.list("BT-86"),
		LineTotal:         d.fact("BT-106", inv.LineTotal.Text),
		TaxExclusive:      d.fact("BT-109", inv.TaxExclusive.Text),
		TaxTotal:          d.taxTotal(),
		TaxInclusive:      d.fact("BT-112", inv.TaxInclusive.Text),
		Prepaid:           d.fact("BT-113", inv.Prepaid.Text),
		Rounding:          d.fact("BT-114", inv.Rounding.Text),
		Payable:           d.fact("BT-115", inv.Payable.Text),
		Lines:             len(inv.Lines),
		LineNumbers:       lineFacts(inv, func(l *invoice.Line) string { return l.ID }),
		LineAmounts:       lineFacts(inv, func(l *invoice.Line) string { return l.Net.Text }),
		VAT:               taxFacts(inv),
		Attachments:       attachmentFacts(inv),
	}
	switch d.Kind {
	case CII: // the list of facts for CII is without these
		f.BuyerTradingName, f.BuyerEndpointEAS = nil, nil
	case Zugferd1: // and that for ZUGFeRD 1 is short
		f = Facts{
			Number: f.Number, IssueDate: f.IssueDate, DueDate: f.DueDate, TypeCode: f.TypeCode, Currency: f.Currency,
			SellerName: f.SellerName, SellerVATID: f.SellerVATID, SellerCountry: f.SellerCountry, BuyerName: f.BuyerName,
			IBANs: f.IBANs, TaxExclusive: f.TaxExclusive, TaxTotal: f.TaxTotal, TaxInclusive: f.TaxInclusive,
			Payable: f.Payable, Lines: f.Lines,
		}
	}
	return f
}

// fact is a value, empty where the document has the element without content.
func (d *Document) fact(term, value string) *string {
	if value != "" || d.Place(term) != nil {
		return &value
	}
	return nil
}

// Place is where the document as a whole first states a term; nil where it does not.
func (d *Document) Place(term string) *xmltree.Element {
	for _, s := range d.Statements {
		if s.Term == term {
			return s.At
		}
	}
	return nil
}

// list is every value of a term that may stand more than once.
func (d *Document) list(term string) (values []string) {
	for _, s := range d.Statements {
		if s.Term == term {
			values = append(values, s.At.Value())
		}
	}
	return values
}

// nameFact is a party's registered name; documents of older profiles state
// only the name by which it is known.
func nameFact(registered, trading *string) *string {
	if registered != nil {
		return registered
	}
	return trading
}

func stated(value string) *string {
	if value == "" {
		return nil
	}
	return &value
}

// taxTotal is the VAT total in the currency of the document, when it states one.
func (d *Document) taxTotal() *string {
	total := d.Invoice.TaxTotal
	if total.Currency != "" && total.Currency != d.Invoice.Currency {
		return nil
	}
	return d.fact("BT-110", total.Text)
}

func dateFact(d invoice.StatedDate) string {
	if len(d.Text) == len("YYYYMMDD") && !d.Date.IsZero() { // as CII writes it
		return d.Date.String()
	}
	return d.Text
}

func lineFacts(inv *invoice.Invoice, of func(*invoice.Line) string) (values []string) {
	for i := range inv.Lines {
		if v := of(&inv.Lines[i]); v != "" {
			values = append(values, v)
		}
	}
	return values
}

func taxFacts(inv *invoice.Invoice) (facts []TaxFacts) {
	for _, t := range inv.TaxBreakdown {
		facts = append(facts, TaxFacts{
			Category: stated(t.Category), Rate: stated(t.Rate.Text),
			Taxable: stated(t.Taxable.Text), Tax: stated(t.Tax.Text),
		})
	}
	return facts
}

func attachmentFacts(inv *invoice.Invoice) (facts []AttachmentFact) {
	for _, a := range inv.Attachments {
		if a.Embedded {
			facts = append(facts, AttachmentFact{ID: stated(a.Reference), Filename: stated(a.Filename), MIME: stated(a.MIME)})
		}
	}
	return facts
}
