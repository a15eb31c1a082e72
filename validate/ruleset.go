package validate

import "ommen.nl/facturen/invoice/xmltree"

// RunPublished judges a document by one published rule set. It finds nothing
// in a document without an element tree, or in a syntax that the set does not
// speak of. Where a rule cannot be computed, because a number is none or two
// stand where one must, the findings include XSD-20 or XSD-21: the official
// validators stop with an error on such a document.
//
// The rules of EN 16931 are a set of their own; [NLCIUS] and [Peppol] hold only
// what those profiles add.
func RunPublished(set RuleSet, c *Case) []Finding {
	if c.Root == nil {
		return nil
	}
	j := &judgement{set: set, doc: c.Root}
	switch isUBL := isUBLInvoice(c.Root); {
	case set == EN16931 && isUBL:
		(&ublInvoice{judgement: j, root: c.Root}).judge()
	}
	return j.found
}

func isUBLInvoice(root *xmltree.Element) bool {
	return root.Name == "ubl:Invoice" || root.Name == "cn:CreditNote"
}
