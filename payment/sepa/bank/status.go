package bank

import (
	"time"

	"github.com/beevik/etree"
	"ommen.nl/facturen/invoice/calendar"
)

// Verdict is the bank's word on a transfer before it books anything.
type Verdict struct {
	Status string // ISO 20022 status code; empty to say nothing of it
	Reason string // ISO 20022 reason code
}

// Report writes the pain.002.001.11 status report on the file: the status of
// the file, and of each transfer of which the bank has something to say.
func (o *Order) Report(file string, createdAt time.Time, verdict func(Transfer) Verdict) ([]byte, error) {
	doc := etree.NewDocument()
	doc.CreateProcInst("xml", `version="1.0" encoding="UTF-8"`)
	root := doc.CreateElement("Document")
	root.CreateAttr("xmlns", "urn:iso:std:iso:20022:tech:xsd:pain.002.001.11")
	report := root.CreateElement("CstmrPmtStsRpt")
	header := report.CreateElement("GrpHdr")
	leaf(header, "MsgId", "STS-"+o.MessageID)
	leaf(header, "CreDtTm", createdAt.In(calendar.Amsterdam).Format(time.RFC3339))
	original := report.CreateElement("OrgnlGrpInfAndSts")
	leaf(original, "OrgnlMsgId", o.MessageID)
	leaf(original, "OrgnlMsgNmId", "pain.001.001.09")
	leaf(original, "GrpSts", file)
	for _, g := range o.Groups {
		var info *etree.Element
		for _, t := range g.Transfers {
			v := verdict(t)
			if v.Status == "" {
				continue
			}
			if info == nil {
				info = report.CreateElement("OrgnlPmtInfAndSts")
				leaf(info, "OrgnlPmtInfId", g.ID)
			}
			tx := info.CreateElement("TxInfAndSts")
			leaf(tx, "OrgnlEndToEndId", t.EndToEndID)
			leaf(tx, "TxSts", v.Status)
			if v.Reason != "" {
				leaf(tx.CreateElement("StsRsnInf").CreateElement("Rsn"), "Cd", v.Reason)
			}
		}
	}
	doc.Indent(1)
	doc.WriteSettings.CanonicalText = true
	return doc.WriteToBytes()
}
