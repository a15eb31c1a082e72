package ubl_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/ubl"
)

// responseSchema is the order of an ApplicationResponse (UBL 2.1 §3.2.2); what
// stands in it is of the common schemas.
const responseSchema = `<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
  xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2" elementFormDefault="qualified"
  targetNamespace="urn:oasis:names:specification:ubl:schema:xsd:ApplicationResponse-2">
 <xsd:import namespace="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" schemaLocation="COMMON/UBL-CommonAggregateComponents-2.1.xsd"/>
 <xsd:import namespace="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2" schemaLocation="COMMON/UBL-CommonBasicComponents-2.1.xsd"/>
 <xsd:element name="ApplicationResponse"><xsd:complexType><xsd:sequence>
  <xsd:element ref="cbc:CustomizationID" minOccurs="0"/><xsd:element ref="cbc:ProfileID" minOccurs="0"/>
  <xsd:element ref="cbc:ID"/><xsd:element ref="cbc:IssueDate"/>
  <xsd:element ref="cac:SenderParty"/><xsd:element ref="cac:ReceiverParty"/><xsd:element ref="cac:DocumentResponse"/>
 </xsd:sequence></xsd:complexType></xsd:element>
</xsd:schema>`

func TestResponse(t *testing.T) {
	inv := &invoice.Invoice{Number: "2026-041", TypeCode: "380", IssueDate: invoice.StatedDate{Date: calendar.MustParse("2026-01-14")},
		Seller: invoice.Party{Name: "Boom & Zonen <B.V.>", LegalID: invoice.Identifier{Value: "86123450", Scheme: "0106"}}}
	gemeente := invoice.Party{Name: "Gemeente Ommen"}
	refused := ubl.Response{ID: "F2026-000001-RE", On: calendar.MustParse("2026-02-01"), Code: ubl.Refused, Reissue: true,
		Reasons: []ubl.Reason{{Code: "REF", Text: "Het kenmerk ontbreekt."}, {Code: "LEG", Text: "Het btw-id ontbreekt."}},
		Facts:   []ubl.Fact{{Name: "Buyer process reference", Value: "F2026-000001"}, {Name: "BT-19", Value: ""}}, Buyer: gemeente, Invoice: inv}
	paid := refused
	paid.ID, paid.Code, paid.Reissue, paid.Reasons, paid.Effective = "F2026-000001-PD", ubl.Paid, false, nil, calendar.MustParse("2026-02-12")
	addressed := paid
	peppol := *inv
	peppol.Seller.Endpoint = invoice.Identifier{Value: "86123450", Scheme: "0106"}
	addressed.Invoice, addressed.Buyer.Endpoint = &peppol, invoice.Identifier{Value: "00000001999001250000", Scheme: "0190"}

	folder := t.TempDir()
	var files []string
	for name, c := range map[string]struct {
		response   ubl.Response
		says, lies []string
	}{
		"refused": {refused, []string{"<cbc:ResponseCode listID=\"UNCL4343OpSubset\">RE</cbc:ResponseCode>", ">NIN<", ">REF<", ">LEG<", "Boom &amp; Zonen &lt;B.V.&gt;",
			"<cbc:Description>F2026-000001</cbc:Description>", "<cbc:ID>2026-041</cbc:ID>"}, []string{"CustomizationID", "EffectiveDate", "BT-19"}},
		"paid": {paid, []string{">PD<", ">NOA<", "<cbc:EffectiveDate>2026-02-12</cbc:EffectiveDate>"}, []string{"OPStatusReason", "peppol"}},
		"with the addresses of both, it is Peppol's": {addressed, []string{"urn:fdc:peppol.eu:poacc:trns:invoice_response:3",
			"<cbc:EndpointID schemeID=\"0190\">"}, nil},
	} {
		data, err := c.response.Write()
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range c.says {
			if !strings.Contains(string(data), text) {
				t.Errorf("%s: it does not say %s:\n%s", name, text, data)
			}
		}
		for _, text := range c.lies {
			if strings.Contains(string(data), text) {
				t.Errorf("%s: it says %s", name, text)
			}
		}
		files = append(files, filepath.Join(folder, name+".xml"))
		if err := os.WriteFile(files[len(files)-1], data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	common, err := filepath.Abs(public + "/xsd/ubl-2.1/common")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(common); err != nil {
		t.Skip(err)
	}
	schema := filepath.Join(folder, "response.xsd")
	if err := os.WriteFile(schema, []byte(strings.ReplaceAll(responseSchema, "COMMON", common)), 0o600); err != nil {
		t.Fatal(err)
	}
	valid(t, schema, files)
}
