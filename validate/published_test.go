package validate_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ommen.nl/facturen/invoice/xmltree"
	"ommen.nl/facturen/validate"
)

// Every published rule has its words, its place among the sets, and one
// severity.
func TestPublishedRulesAreDeclared(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range validate.PublishedRules() {
		if r.Dutch.Says == "" || r.Dutch.Mend == "" || r.English.Says == "" || r.English.Mend == "" {
			t.Errorf("%s of %s lacks words", r.ID, r.Set)
		}
		if r.Severity != validate.Fatal && r.Severity != validate.Warning {
			t.Errorf("%s of %s has severity %q", r.ID, r.Set, r.Severity)
		}
		key := string(r.Set) + " " + r.ID + " " + string(r.Severity)
		if seen[key] {
			t.Errorf("%s is declared twice", key)
		}
		seen[key] = true
	}
}

// newerInPeppol are rules whose severity differs between the list of rules,
// which is of the release 3.0.19 of May 2025, and the release 2026.5 that we
// hold to.
var newerInPeppol = map[string]validate.Severity{"DK-R-003": validate.Fatal}

// Every id on the list of published rules is declared, with the same severity.
func TestEveryPublishedRuleIsThere(t *testing.T) {
	needsCorpus(t)
	data, err := os.ReadFile(filepath.Join(corpus, "../rules.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	sets := map[string]validate.RuleSet{
		"EN16931-UBL": validate.EN16931, "EN16931-CII": validate.EN16931,
		"NLCIUS": validate.NLCIUS, "GACCOUNT": validate.GAccount, "PEPPOL": validate.Peppol,
	}
	declared := map[string]bool{}
	for _, r := range validate.PublishedRules() {
		declared[string(r.Set)+" "+r.ID+" "+string(r.Severity)] = true
	}
	listed := 0
	for i, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		f := strings.Split(line, "\t")
		if i == 0 || len(f) < 3 {
			continue
		}
		listed++
		severity := f[2]
		if newer, ok := newerInPeppol[f[1]]; ok {
			severity = string(newer)
		}
		if severity == "" {
			severity = string(validate.Fatal) // the list cuts some lines short
		}
		if key := string(sets[f[0]]) + " " + f[1] + " " + severity; !declared[key] {
			t.Errorf("%s is not declared", key)
		}
	}
	if listed < 1900 {
		t.Errorf("only %d rules are listed", listed)
	}
}

// schemaOf are the published schemas by root element.
var schemaOf = map[string]string{
	"ubl:Invoice":              "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
	"cn:CreditNote":            "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
	"rsm:CrossIndustryInvoice": "cii-d16b/uncefact/data/standard/CrossIndustryInvoice_100pD16B.xsd",
}

// explainedStructure are documents on which we choose to differ from xmllint.
func explainedStructure(message string) bool {
	return strings.Contains(message, "X509SerialNumber") || // libxml2 reads no xs:integer of more than 24 digits
		strings.Contains(message, "element IssueDate") // libxml2 lets no line break stand before an xs:date
}

// What the schemas allow and forbid is what xmllint allows and forbids with them.
func TestStructureAgreesWithSchemas(t *testing.T) {
	all := samples(t)
	if _, err := exec.LookPath("xmllint"); err != nil {
		if os.Getenv("FACTUREN_INTEGRATION") == "1" {
			t.Fatal("xmllint is not installed (Debian package libxml2-utils)")
		}
		t.Skip("xmllint is not installed")
	}
	dir := t.TempDir()
	ours, files := map[string]string{}, map[string][]string{}
	for i, s := range all {
		root, err := xmltree.Parse(s.xml, xmltree.DefaultLimits)
		if err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		findings := validate.RunPublished([]validate.RuleSet{validate.XSD}, &validate.Case{Root: root})
		schema, ok := schemaOf[root.Name]
		if !ok {
			if len(findings) != 1 || findings[0].Rule != "XSD-01" {
				t.Errorf("%s: root %s gives %v", s.name, root.Name, findings)
			}
			continue
		}
		file := filepath.Join(dir, fmt.Sprintf("%d.xml", i))
		if err := os.WriteFile(file, s.xml, 0o600); err != nil {
			t.Fatal(err)
		}
		files[schema] = append(files[schema], file)
		for _, f := range findings {
			ours[file] += " " + f.Rule + " " + f.Path
		}
	}
	for schema, group := range files {
		for len(group) > 0 {
			n := min(len(group), 400)
			theirs := xmllint(filepath.Join(corpus, "../xsd", schema), group[:n])
			for _, file := range group[:n] {
				if (ours[file] == "") != (theirs[file] == "") && !explainedStructure(theirs[file]) {
					t.Errorf("%s: ours%s, xmllint %s", file, ours[file], theirs[file])
				}
			}
			group = group[n:]
		}
	}
}

// What the published rules say of documents on which they are easily misread.
func TestFinePrint(t *testing.T) {
	const (
		scheme    = "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
		allowance = "<cac:AllowanceCharge><cbc:ChargeIndicator>false</cbc:ChargeIndicator><cac:TaxCategory><cbc:ID>S</cbc:ID>" + scheme + "</cac:TaxCategory></cac:AllowanceCharge>"
		file      = `<cbc:EmbeddedDocumentBinaryObject filename="a.pdf"/>`
		period    = "<cac:InvoicePeriod><cbc:StartDate>2026-04-01</cbc:StartDate><cbc:EndDate>2026-04-30</cbc:EndDate></cac:InvoicePeriod>"
	)
	attached := func(files string) string {
		return "<cac:AdditionalDocumentReference><cac:Attachment>" + files + "</cac:Attachment></cac:AdditionalDocumentReference>"
	}
	for _, c := range []struct {
		name         string
		set          validate.RuleSet
		old, new     string // what is changed, everywhere
		told, untold string
	}{
		{"BR-S-02 wants the scheme VAT on a line of the standard rate, which says nothing of allowances", validate.EN16931,
			scheme + "</cac:ClassifiedTaxCategory></cac:Item>", "</cac:ClassifiedTaxCategory></cac:Item>" + allowance, "BR-S-02", "BR-S-03"},
		{"an empty first day of a line lies in no period", validate.Peppol, "<cac:Item>",
			"<cac:InvoicePeriod><cbc:StartDate/></cac:InvoicePeriod><cac:Item>", "PEPPOL-EN16931-R110", "PEPPOL-EN16931-R111"},
		{"an empty last day of a line lies in no period", validate.Peppol, "<cac:Item>",
			"<cac:InvoicePeriod><cbc:EndDate/></cac:InvoicePeriod><cac:Item>", "PEPPOL-EN16931-R111", "PEPPOL-EN16931-R110"},
		{"a day begins earlier to the east", validate.EN16931, "<cac:Item>",
			"<cac:InvoicePeriod><cbc:StartDate>2026-04-17+01:00</cbc:StartDate><cbc:EndDate>2026-04-17+02:00</cbc:EndDate></cac:InvoicePeriod><cac:Item>", "BR-30", "BR-29"},
		{"no place is fifteen hours from Greenwich", validate.XSD, "<cac:Item>",
			"<cac:InvoicePeriod><cbc:StartDate>2026-04-17+01:00</cbc:StartDate><cbc:EndDate>2026-04-17+15:00</cbc:EndDate></cac:InvoicePeriod><cac:Item>", "XSD-06", "XSD-21"},
		{"a Dutch VAT number is one wherever its scheme says so", validate.Peppol, `"0106">12345678`, `"9944">12345678`, "PEPPOL-COMMON-R056-1", "PEPPOL-COMMON-R054"},
		{"two files of one name in two references", validate.Peppol, "</cac:AccountingSupplierParty>",
			"</cac:AccountingSupplierParty>" + attached(file) + attached(file), "DE-R-022", "XSD-20"},
		{"two files of one name in one reference", validate.Peppol, "</cac:AccountingSupplierParty>",
			"</cac:AccountingSupplierParty>" + attached(file+file), "DE-R-002", "DE-R-022"},
	} {
		document := strings.NewReplacer(c.old, c.new, "<cac:AccountingSupplierParty>", period+"<cac:AccountingSupplierParty>").Replace(string(longInvoice(t, 1)))
		if strings.HasPrefix(c.told, "DE-") {
			document = strings.NewReplacer(">NL<", ">DE<", "NL0000", "DE0000").Replace(document)
		}
		root, err := xmltree.Parse([]byte(document), xmltree.DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		found := map[string]bool{}
		for _, f := range validate.RunPublished([]validate.RuleSet{c.set}, &validate.Case{Root: root}) {
			found[f.Rule] = true
		}
		if !found[c.told] || found[c.untold] {
			t.Errorf("%s: found %v, want %s without %s", c.name, found, c.told, c.untold)
		}
	}
}

// xmllint returns the first message on each of the files that do not conform.
func xmllint(schema string, files []string) map[string]string {
	output, _ := exec.Command("xmllint", append([]string{"--noout", "--nonet", "--huge", "--schema", schema}, files...)...).CombinedOutput()
	messages := map[string]string{}
	for line := range strings.Lines(string(output)) {
		file, message, ok := strings.Cut(line, ":")
		if ok && strings.Contains(message, "error") && messages[file] == "" {
			messages[file] = message
		}
	}
	return messages
}
