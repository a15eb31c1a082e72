package validate

import (
	"slices"

	"ommen.nl/facturen/invoice/xmltree"
)

// RunPublished judges a document by published rule sets together. A set finds
// nothing in a document without an element tree, or in a syntax that it does
// not speak of. Where a rule cannot be computed, because a number is none or
// two stand where one must, the findings include XSD-20 or XSD-21: the official
// validators stop with an error on such a document.
//
// The rules of EN 16931 are a set of their own; [NLCIUS], [GAccount],
// [NLCIUSCII] and [Peppol] hold only what those profiles add.
func RunPublished(sets []RuleSet, c *Case) []Finding {
	j := judging(c.Root)
	defer j.done()
	j.published(sets)
	findings := make([]Finding, len(j.found))
	for i := range j.found {
		findings[i] = j.found[i].finding()
	}
	return findings
}

// published checks the rules of published sets.
func (j *judgement) published(sets []RuleSet) {
	if j.doc == nil {
		return
	}
	for _, set := range sets {
		j.set = set
		j.run(isUBLInvoice(j.doc))
	}
	if slices.Contains(sets, GAccount) {
		j.found = slices.DeleteFunc(j.found, func(b breach) bool { return slices.Contains(lifted, b.rule.ID) })
	}
}

// lifted are the rules that the G-account extension takes away: it splits the
// payment in two, which EN 16931 alone has no place for.
var lifted = []string{"UBL-CR-411", "UBL-CR-453", "UBL-CR-459", "BII2-T10-R001"}

func (j *judgement) run(ubl bool) {
	switch {
	case j.set == XSD:
		j.structure()
	case j.set == EN16931 && ubl:
		(&ublInvoice{judgement: j, root: j.doc}).judge()
	case j.set == EN16931 && j.doc.Name == ciiRoot:
		(&ciiInvoice{judgement: j, root: j.doc}).judge()
	case j.set == NLCIUSCII && j.doc.Name == ciiRoot:
		(&nlciusOnCII{judgement: j, root: j.doc}).judge()
	case j.set == NLCIUS && ubl:
		(&nlciusUBL{judgement: j, root: j.doc}).judge()
	case j.set == Peppol && ubl:
		(&peppolInvoice{judgement: j, root: j.doc}).judge()
	case j.set == GAccount && ubl:
		(&gAccount{judgement: j, root: j.doc}).judge()
	}
}

const ciiRoot = "rsm:CrossIndustryInvoice"

func isUBLInvoice(root *xmltree.Element) bool {
	return root.Name == "ubl:Invoice" || root.Name == "cn:CreditNote"
}
