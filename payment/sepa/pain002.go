package sepa

import (
	"errors"
	"fmt"
	"slices"

	"ommen.nl/facturen/invoice/xmltree"
	"ommen.nl/facturen/payment"
)

// StatusReport is what the bank says of a pain.001 file, before it books
// anything: of the file, of its payments by execution date and of each payment,
// as far as it tells.
type StatusReport struct {
	ID              string // of the report
	OriginalMessage string // MsgId of the pain.001 file: the batch number
	File            Judgement
	Instructions    []InstructionStatus
}

// InstructionStatus is the status of the payments of one execution date.
type InstructionStatus struct {
	PaymentInformationID string
	Judgement
	Payments []PaymentStatus
}

// PaymentStatus is the status of one payment.
type PaymentStatus struct {
	EndToEndID string
	Judgement
}

// Judgement is a status with its reasons; an empty status where the bank gives none.
type Judgement struct {
	Status  StatusCode
	Reasons []Reason
}

// ReadPain002 reads a payment status report of version 001.03, 001.10 or 001.11,
// also one with results of the Verification of Payee.
func ReadPain002(data []byte) (StatusReport, error) {
	var out StatusReport
	root, err := xmltree.Parse(data, xmltree.DefaultLimits)
	if err != nil {
		return out, fmt.Errorf("reading a payment status report: %w", err)
	}
	report := root.Child("pain:CstmrPmtStsRpt")
	if root.Name != "pain:Document" || report == nil {
		return out, fmt.Errorf("reading a payment status report: the file is <%s>, not pain.002 of version 001.03, 001.10 or 001.11; ask the bank for one of these", root.Name)
	}
	file := report.Child("pain:OrgnlGrpInfAndSts")
	out.ID = report.Path("pain:GrpHdr", "pain:MsgId").Value()
	out.OriginalMessage = file.Child("pain:OrgnlMsgId").Value()
	if out.OriginalMessage == "" {
		return out, errors.New("reading a payment status report: it does not say of which file (OrgnlMsgId)")
	}
	out.File = readJudgement(file, "pain:GrpSts")
	for i := range report.Children("pain:OrgnlPmtInfAndSts") {
		instruction := InstructionStatus{PaymentInformationID: i.Child("pain:OrgnlPmtInfId").Value(),
			Judgement: readJudgement(i, "pain:PmtInfSts")}
		for tx := range i.Children("pain:TxInfAndSts") {
			p := PaymentStatus{EndToEndID: tx.Child("pain:OrgnlEndToEndId").Value(), Judgement: readJudgement(tx, "pain:TxSts")}
			if p.EndToEndID == "" {
				return out, fmt.Errorf("reading a payment status report: %s, line %d: it does not say of which payment (OrgnlEndToEndId)", tx.Location(), tx.Line)
			}
			instruction.Payments = append(instruction.Payments, p)
		}
		out.Instructions = append(out.Instructions, instruction)
	}
	return out, nil
}

func readJudgement(e *xmltree.Element, status string) Judgement {
	j := Judgement{Status: StatusCode(e.Child(status).Value())}
	for info := range e.Children("pain:StsRsnInf") {
		if reason := readReason(info, "pain:"); reason != (Reason{}) {
			j.Reasons = append(j.Reasons, reason)
		}
	}
	return j
}

// Of returns what the report says of one payment of the batch: the word on the
// payment itself, else that on its execution date, else that on the file. A
// rejection of a wider kind holds for every payment that it covers, unless the
// bank says otherwise of the payment.
func (r StatusReport) Of(p payment.Payment, batch string) Judgement {
	id := PaymentInformationID(batch, p.ExecutionDate)
	out := r.File
	for _, i := range r.Instructions {
		if i.PaymentInformationID == id && i.Status != "" {
			out = i.Judgement
		}
		own := slices.IndexFunc(i.Payments, func(s PaymentStatus) bool { return s.EndToEndID == p.EndToEndID })
		if own >= 0 && i.Payments[own].Status != "" {
			return i.Payments[own].Judgement
		}
	}
	return out
}
