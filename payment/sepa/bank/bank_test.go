package bank_test

import (
	"strings"
	"testing"

	"ommen.nl/facturen/payment/sepa/bank"
)

// order is as short as the bank's reading allows.
const order = `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>
<GrpHdr><MsgId>B2026-0007</MsgId><NbOfTxs>2</NbOfTxs><CtrlSum>3.00</CtrlSum></GrpHdr>
<PmtInf><PmtInfId>B2026-0007-20260212</PmtInfId><NbOfTxs>2</NbOfTxs><CtrlSum>3.00</CtrlSum><ReqdExctnDt><Dt>2026-02-12</Dt></ReqdExctnDt>
<DbtrAcct><Id><IBAN>NL66BNGH0123456789</IBAN></Id></DbtrAcct>
<CdtTrfTxInf><PmtId><EndToEndId>E1</EndToEndId></PmtId><Amt><InstdAmt Ccy="EUR">1.00</InstdAmt></Amt></CdtTrfTxInf>
<CdtTrfTxInf><PmtId><EndToEndId>E2</EndToEndId></PmtId><Amt><InstdAmt Ccy="EUR">2.00</InstdAmt></Amt></CdtTrfTxInf>
</PmtInf></CstmrCdtTrfInitn></Document>`

func TestBankChecksWhatItReads(t *testing.T) {
	got, err := bank.Read([]byte(order))
	if err != nil || got.Account != "NL66BNGH0123456789" || len(got.Groups) != 1 || len(got.Groups[0].Transfers) != 2 {
		t.Fatalf("%+v, %v", got, err)
	}
	for _, c := range []struct{ name, from, to, want string }{
		{"control sum of the file", "<CtrlSum>3.00</CtrlSum></GrpHdr>", "<CtrlSum>3.01</CtrlSum></GrpHdr>", "CtrlSum 3.01, but there are 2 transfers of 3.00"},
		{"number of the file", "<NbOfTxs>2</NbOfTxs><CtrlSum>3.00</CtrlSum></GrpHdr>", "<NbOfTxs>1</NbOfTxs><CtrlSum>3.00</CtrlSum></GrpHdr>", "NbOfTxs 1"},
		{"control sum of the day", "<CtrlSum>3.00</CtrlSum><Reqd", "<CtrlSum>2.00</CtrlSum><Reqd", "CtrlSum 2.00"},
		{"an amount", ">2.00</InstdAmt>", ">twee</InstdAmt>", "line 6: the amount is no amount"},
		{"the execution date", "<Dt>2026-02-12</Dt>", "<Dt>morgen</Dt>", `"morgen" is not a date`},
		{"another message", "pain.001.001.09", "camt.053.001.08", "the file is <camt:Document>"},
		{"no XML", "</Document>", "", "not well-formed XML"},
	} {
		file := strings.ReplaceAll(order, c.from, c.to)
		if file == order {
			t.Fatalf("%s: nothing was changed", c.name)
		}
		if _, err := bank.Read([]byte(file)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}
