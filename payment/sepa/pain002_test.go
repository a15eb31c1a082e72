package sepa_test

import (
	"fmt"
	"strings"
	"testing"

	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa"
)

// report is a payment status report on B2026-0007 of that version.
func report(version, group, rest string) string {
	return fmt.Sprintf(`<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.%s"><CstmrPmtStsRpt>
<GrpHdr><MsgId>R1</MsgId><CreDtTm>2026-02-10T10:31:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>B2026-0007</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>%s</OrgnlGrpInfAndSts>
%s
</CstmrPmtStsRpt></Document>`, version, group, rest)
}

func reason(code, words string) string {
	if words != "" {
		words = "<AddtlInf>" + words + "</AddtlInf>"
	}
	return "<StsRsnInf><Rsn><Cd>" + code + "</Cd></Rsn>" + words + "</StsRsnInf>"
}

func instruction(day, status, transactions string) string {
	return "<OrgnlPmtInfAndSts><OrgnlPmtInfId>B2026-0007-" + day + "</OrgnlPmtInfId>" + status + transactions + "</OrgnlPmtInfAndSts>"
}

func transaction(place int, status string) string {
	return fmt.Sprintf("<TxInfAndSts><OrgnlEndToEndId>B2026-0007-%04d</OrgnlEndToEndId>%s</TxInfAndSts>", place, status)
}

func TestReadPain002(t *testing.T) {
	// What the bank says of payments 1 and 3 (on the 12th) and 2 (on the 13th).
	for _, c := range []struct {
		name, report string
		want         map[int]string
	}{
		{"received", report("001.11", "<GrpSts>RCVD</GrpSts>", ""),
			map[int]string{1: "RCVD", 2: "RCVD", 3: "RCVD"}},
		{"the file is refused", report("001.11", "<GrpSts>RJCT</GrpSts>"+reason("DU01", ""), ""),
			map[int]string{1: "RJCT DU01", 2: "RJCT DU01", 3: "RJCT DU01"}},
		{"one day is refused", report("001.11", "<GrpSts>PART</GrpSts>",
			instruction("20260212", "<PmtInfSts>RJCT</PmtInfSts>"+reason("DT01", "")+reason("NARR", "te laat"), "")+
				instruction("20260213", "<PmtInfSts>ACSP</PmtInfSts>", "")),
			map[int]string{1: "RJCT DT01 NARR", 2: "ACSP", 3: "RJCT DT01 NARR"}},
		{"one payment is refused", report("001.11", "<GrpSts>PART</GrpSts>",
			instruction("20260212", "<PmtInfSts>PART</PmtInfSts>", transaction(3, "<TxSts>RJCT</TxSts>"+reason("AC01", "")))),
			map[int]string{1: "PART", 2: "PART", 3: "RJCT AC01"}},
		{"names were verified", report("001.11", "<GrpSts>RVCM</GrpSts>",
			instruction("20260212", "<PmtInfSts>RVCM</PmtInfSts>", transaction(1, "<TxSts>RCVC</TxSts>")+transaction(3, "<TxSts>RVMC</TxSts>"))+
				instruction("20260213", "<PmtInfSts>RVCM</PmtInfSts>", transaction(2, "<TxSts>RVNM</TxSts>"))),
			map[int]string{1: "RCVC", 2: "RVNM", 3: "RVMC"}},
		{"the older version", report("001.03", "", instruction("20260212", "", transaction(1, "<TxSts>RJCT</TxSts>"+reason("AM04", "")))),
			map[int]string{1: "RJCT AM04", 2: "", 3: ""}},
		{"the version between", report("001.10", "<GrpSts>ACCP</GrpSts>", ""),
			map[int]string{1: "ACCP"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := sepa.ReadPain002([]byte(c.report))
			if err != nil {
				t.Fatal(err)
			}
			if got.OriginalMessage != "B2026-0007" || got.ID != "R1" {
				t.Errorf("report %s on %s", got.ID, got.OriginalMessage)
			}
			for place, want := range c.want {
				judgement := got.Of(everyKind().Payments[place-1], "B2026-0007")
				words := []string{string(judgement.Status)}
				for _, r := range judgement.Reasons {
					words = append(words, r.Code)
				}
				if said := strings.Join(words, " "); said != want {
					t.Errorf("payment %d: %q, want %q", place, said, want)
				}
			}
			if strings.Contains(c.report, "pain.002.001.11") {
				validate(t, "pain.002.001.11.xsd", []byte(c.report))
			}
		})
	}
}

func TestPain002Refused(t *testing.T) {
	for _, c := range []struct{ name, file, want string }{
		{"empty", "", "the document is empty"},
		{"a statement", statement("camt.053", "001.08", ""), "the file is <camt:Document>, not pain.002"},
		{"a version that does not exist", report("001.99", "", ""), "ask the bank for one of these"},
		{"on no file", strings.Replace(report("001.11", "", ""), "<OrgnlMsgId>B2026-0007</OrgnlMsgId>", "", 1), "does not say of which file"},
		{"on no payment", report("001.11", "", instruction("20260212", "", "<TxInfAndSts><TxSts>RJCT</TxSts></TxInfAndSts>")), "line 5: it does not say of which payment"},
	} {
		_, err := sepa.ReadPain002([]byte(c.file))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
	order, err := sepa.WritePain001(everyKind(), gemeente, createdAt)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sepa.ReadPain002(order); err == nil || !strings.Contains(err.Error(), "not pain.002") {
		t.Errorf("our own order: %v", err)
	}
}

func TestReasonsInPlainDutch(t *testing.T) {
	for _, c := range []struct {
		reason sepa.Reason
		dutch  string
		letter string
		remedy sepa.Remedy
	}{
		{sepa.Reason{Code: "AC04"}, "De rekening van de leverancier is opgeheven.", "De rekening is opgeheven.", sepa.CheckAccount},
		{sepa.Reason{Code: "AM04"}, "Er stond niet genoeg geld op de rekening van de gemeente.", "", sepa.PayAgain},
		{sepa.Reason{Code: "NARR", Said: "te laat."}, "De bank noemt de reden in eigen woorden. De bank zegt: te laat.", "", sepa.AskPerson},
		{sepa.Reason{Code: "XX99"}, "De bank noemt een reden die wij niet kennen.", "", sepa.AskPerson},
		{sepa.Reason{Said: "onbekend"}, "De bank noemt een reden die wij niet kennen. De bank zegt: onbekend.", "", sepa.AskPerson},
	} {
		if got := c.reason.Dutch(); got != c.dutch {
			t.Errorf("%+v: %q, want %q", c.reason, got, c.dutch)
		}
		if got := c.reason.Letter(); got != c.letter {
			t.Errorf("%+v in a letter: %q, want %q", c.reason, got, c.letter)
		}
		if got := c.reason.Remedy(); got != c.remedy {
			t.Errorf("%+v: %s, want %s", c.reason, got, c.remedy)
		}
	}
}

func TestStatusInPlainDutch(t *testing.T) {
	for _, code := range []sepa.StatusCode{"ACCC", "ACCP", "ACSC", "ACSP", "ACTC", "ACWC", "PART", "PDNG", "RCVD", "RJCT", "RCVC", "RVCM", "RVNC"} {
		if words := code.Dutch(); strings.Contains(words, "niet kennen") {
			t.Errorf("%s: %s", code, words)
		}
	}
	if words := sepa.StatusCode("QQQQ").Dutch(); !strings.Contains(words, "QQQQ") {
		t.Errorf("an unknown status reads %q", words)
	}
	for code, want := range map[sepa.StatusCode][2]bool{
		"RJCT": {true, false}, "PART": {}, "ACSP": {}, "RCVC": {}, "RVCM": {false, true}, "RVNC": {false, true}, "RVNM": {false, true}, "": {},
	} {
		if got := [2]bool{code.Refused(), code.Mismatch()}; got != want {
			t.Errorf("%s: refused %t, mismatch %t", code, got[0], got[1])
		}
	}
}

func FuzzReadPain002(f *testing.F) {
	f.Add([]byte(report("001.11", "<GrpSts>RJCT</GrpSts>"+reason("DU01", "dubbel"), instruction("20260212", "<PmtInfSts>PART</PmtInfSts>", transaction(3, "<TxSts>RJCT</TxSts>")))))
	f.Add([]byte(report("001.03", "", instruction("20260212", "", transaction(1, "<TxSts>RJCT</TxSts>"+reason("AM04", ""))))))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := sepa.ReadPain002(data)
		if err != nil {
			return
		}
		judgement := got.Of(payment.Payment{EndToEndID: "B2026-0007-0003"}, got.OriginalMessage)
		for _, r := range judgement.Reasons {
			if r.Dutch() == "" {
				t.Fatalf("no words for %+v", r)
			}
		}
	})
}
