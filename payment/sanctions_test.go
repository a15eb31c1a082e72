package payment_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ommen.nl/facturen/payment"
)

const listHead = `<?xml version="1.0" encoding="UTF-8"?><export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-03-01T10:00:00.000+01:00">`

func listOf(names ...string) string {
	var b strings.Builder
	for i, n := range names {
		fmt.Fprintf(&b, `<sanctionEntity euReferenceNumber="EU.%d.1" logicalId="%d"><nameAlias wholeName="%s"/></sanctionEntity>`, i+1, i+1, n)
	}
	return listHead + b.String() + "</export>"
}

func TestReadSanctions(t *testing.T) {
	// In the form in which it is published (xmlFullSanctionsList_1_1), with other names.
	got, err := payment.ReadSanctions([]byte("\uFEFF" + `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-03-01T17:00:34.049+01:00" globalFileId="182848">
    <sanctionEntity designationDate="" designationDetails="" unitedNationId="" euReferenceNumber="EU.27.28" logicalId="13">
        <remark>UNSC RESOLUTION &amp; annex</remark>
        <regulation regulationType="amendment" organisationType="commission" publicationDate="2003-07-08" entryIntoForceDate="2003-07-07" numberTitle="1210/2003 (OJ L169)" programme="IRQ" logicalId="348">
            <publicationUrl>http://eur-lex.example/1210</publicationUrl>
        </regulation>
        <subjectType code="person" classificationCode="P"/>
        <nameAlias firstName="Ivan" middleName="" lastName="Voorbeeld" wholeName="Ivan  Voorbeeld" function="" gender="M" title="" nameLanguage="" strong="true" regulationLanguage="en" logicalId="17">
            <regulationSummary regulationType="regulation" publicationDate="2003-07-08" publicationUrl="http://eur-lex.example/1210" numberTitle="1210/2003 (OJ L169)"/>
        </nameAlias>
        <nameAlias firstName="Vanja" lastName="Voorbeeld" wholeName="" strong="false" logicalId="18"/>
        <nameAlias wholeName="Ivan Voorbeeld" nameLanguage="FR" strong="false" logicalId="19"/><nameAlias wholeName="" logicalId="20"/>
        <citizenship region="" countryIso2Code="XX" countryDescription="VOORBEELD" regulationLanguage="en" logicalId="30"/>
        <birthdate circa="false" calendarType="GREGORIAN" city="" zipCode="" birthdate="1937-04-28" dayOfMonth="28" monthOfYear="4" year="1937" countryIso2Code="00" logicalId="14"/>
        <identification diplomatic="false" knownExpired="false" number="A123" identificationTypeCode="passport" identificationTypeDescription="National passport" countryIso2Code="00" logicalId="315"><remark>(passport)</remark></identification>
    </sanctionEntity>
    <sanctionEntity unitedNationId="" logicalId="14">
        <subjectType code="enterprise" classificationCode="E"/>
        <nameAlias firstName="" middleName="" lastName="" wholeName="Voorbeeld Handel OOO" strong="true" logicalId="21"/>
        <address city="" street="" poBox="" zipCode="" countryIso2Code="00" countryDescription="UNKNOWN" logicalId="9"/>
    </sanctionEntity>
</export>`))
	if err != nil {
		t.Fatal(err)
	}
	want := []payment.Listed{{Reference: "EU.27.28", Name: "Ivan Voorbeeld"}, {Reference: "EU.27.28", Name: "Vanja Voorbeeld"}, {Reference: "14", Name: "Voorbeeld Handel OOO"}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("read %v", got)
	}
}

func TestSanctionsListsRefused(t *testing.T) {
	whole := listOf("Ivan Voorbeeld")
	for name, c := range map[string]struct{ list, says string }{
		"empty":        {"", "no name"},
		"no names":     {listHead + "</export>", "no name"},
		"cut off":      {whole[:len(whole)-5], "unexpected EOF"},
		"another file": {"<export><a/></export>", "not the consolidated list"},
		"two roots":    {whole + whole[len(`<?xml version="1.0" encoding="UTF-8"?>`):], "not the consolidated list"},
		"a DTD":        {`<!DOCTYPE export [<!ENTITY a "b">]>` + whole, "document type"},
		"an entity":    {strings.Replace(whole, "Ivan", "&a;", 1), "entity"},
		"deep":         {listHead + strings.Repeat("<a>", 40), "deep"},
		"a long name":  {listOf(strings.Repeat("x", 1001)), "longer than 1000"},
		"no reference": {listHead + `<sanctionEntity><nameAlias wholeName="x"/></sanctionEntity></export>`, "neither"},
	} {
		if _, err := payment.ReadSanctions([]byte(c.list)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestResemblance(t *testing.T) {
	for _, c := range []struct {
		listed, name string
		want         bool
	}{
		{"Ivan Petroff", "Ivan Petroff", true},
		{"Ivan Petroff", "PETROV, Ivan", false}, // two letters
		{"Ivan Petroff", "Petrof Ivan Handel B.V.", true},
		{"Ivan Petroff", "Jan Petroff", false},
		{"Ivan Petroff", "Petroff B.V.", false},
		{"Aleksandr Żółw", "Aleksandr Zolw", true},
		{"Alexander Voorbeeld", "Alexnader Voorbeeld", true}, // swapped
		{"Staal LLC", "Staal B.V.", true},
		{"Staal LLC", "Staal Vechtdal B.V.", false}, // one word resembles one word
		{"Vechtdal Staal OOO", "Staal Vechtdal B.V.", true},
		{"Li Na", "Lo Na", false}, // short words are alike only when they are the same
		{"Ромашка", "ромашка", true},
		{"The Company of B.V.", "Company", false}, // nothing that tells it apart
	} {
		s := payment.NewScreen([]*payment.Listed{{Reference: "EU.1.1", Name: c.listed}})
		found := s.Find(c.name)
		if len(found) == 1 != c.want {
			t.Errorf("%q resembles %q: %v", c.name, c.listed, found)
		}
	}
}

func TestALongListIsSearchedQuickly(t *testing.T) {
	list := make([]*payment.Listed, 60_000)
	for i := range list {
		list[i] = &payment.Listed{Reference: fmt.Sprint("EU.", i), Name: fmt.Sprintf("Naam%05d Voornaam%03d Achternaam%04d", i, i%999, i%7777)}
	}
	s := payment.NewScreen(list)
	begin := time.Now()
	for i := range 1000 {
		s.Find(fmt.Sprintf("Leverancier %d Bouw B.V.", i))
	}
	if took := time.Since(begin); took > time.Second {
		t.Errorf("1,000 names took %s", took)
	}
	if found := s.Find("naam00042 voornaam042 achternaam0042"); len(found) == 0 {
		t.Error("a name on the list is not found")
	}
}

func FuzzReadSanctions(f *testing.F) {
	f.Add([]byte(listOf("Ivan Voorbeeld", "B")))
	f.Add([]byte(listHead))
	f.Add([]byte("<!DOCTYPE a><a/>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		names, err := payment.ReadSanctions(data)
		if (err == nil) != (len(names) > 0) {
			t.Fatalf("%d names, %v", len(names), err)
		}
		list := make([]*payment.Listed, len(names))
		for i := range names {
			list[i] = &names[i]
		}
		s := payment.NewScreen(list)
		for _, n := range names {
			s.Find(n.Name)
		}
	})
}
