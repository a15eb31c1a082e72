package api

import (
	"context"
	"io"
	"time"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/question"
	"ommen.nl/facturen/invoice/store"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/payment"
)

// Endpoint is the name of something that can be asked, with the types of the
// question and the answer.
type Endpoint[In, Out any] string

// What can be asked. Who may ask it is in table.go.
const (
	GetStatus Endpoint[None, Status] = "status"
	Whoami    Endpoint[None, User]   = "whoami"

	InboxList     Endpoint[InboxFilter, []Message] = "inbox/list"
	InboxShow     Endpoint[ID, Message]            = "inbox/show"
	InboxAdd      Endpoint[NewMessage, Message]    = "inbox/add"
	InboxOriginal Endpoint[ID, File]               = "inbox/original"
	InboxReclass  Endpoint[Reclass, Message]       = "inbox/reclass"

	InvoiceList     Endpoint[InvoiceFilter, InvoicePage]     = "invoice/list"
	InvoiceShow     Endpoint[Register, InvoiceDetail]        = "invoice/show"
	InvoiceOriginal Endpoint[Register, []File]               = "invoice/original"
	InvoiceHistory  Endpoint[Register, []invoice.AuditEntry] = "invoice/history"
	InvoicePayTo    Endpoint[Redirection, Invoice]           = "invoice/pay-to"
	InvoiceInterest Endpoint[Interest, Invoice]              = "invoice/interest"

	ReviewList    Endpoint[None, []Invoice]        = "review/list"
	ReviewShow    Endpoint[Register, ReviewDetail] = "review/show"
	ReviewAccept  Endpoint[Acceptance, Invoice]    = "review/accept"
	ReviewReject  Endpoint[Because, Invoice]       = "review/reject"
	ReviewAmend   Endpoint[Amendment, Invoice]     = "review/amend"
	ReviewDismiss Endpoint[Because, Invoice]       = "review/dismiss"
	ReviewAttach  Endpoint[Belonging, Invoice]     = "review/attach"

	DeliveryPending Endpoint[PendingFilter, []Invoice] = "delivery/pending"
	DeliveryConfirm Endpoint[Confirmation, Invoice]    = "delivery/confirm"
	DeliveryDispute Endpoint[Because, Invoice]         = "delivery/dispute"
	DeliveryResolve Endpoint[Because, Invoice]         = "delivery/resolve"

	HoldSet  Endpoint[Because, Invoice] = "hold/set"
	HoldLift Endpoint[Lift, Invoice]    = "hold/lift"

	SupplierList    Endpoint[SupplierFilter, []*invoice.Supplier] = "supplier/list"
	SupplierShow    Endpoint[ID, *invoice.Supplier]               = "supplier/show"
	SupplierAdd     Endpoint[NewSupplier, *invoice.Supplier]      = "supplier/add"
	SupplierImport  Endpoint[[]NewSupplier, Imported]             = "supplier/import"
	SupplierAccount Endpoint[NewAccount, *invoice.Account]        = "supplier/account"
	SupplierVerify  Endpoint[Verification, Verified]              = "supplier/verify"

	ReferenceList   Endpoint[ReferenceFilter, []*invoice.PaymentReference] = "reference/list"
	ReferenceIssue  Endpoint[NewReference, *invoice.PaymentReference]      = "reference/issue"
	ReferenceImport Endpoint[[]NewReference, Imported]                     = "reference/import"
	ReferenceClose  Endpoint[ReferenceCode, None]                          = "reference/close"

	BatchPropose  Endpoint[Until, Proposal]               = "batch/propose"
	BatchMake     Endpoint[Until, MadeBatch]              = "batch/make"
	BatchList     Endpoint[BatchFilter, []*payment.Batch] = "batch/list"
	BatchShow     Endpoint[Register, *payment.Batch]      = "batch/show"
	BatchDrop     Endpoint[Drop, *payment.Batch]          = "batch/drop"
	BatchWithdraw Endpoint[Because, *payment.Batch]       = "batch/withdraw"
	BatchRelease  Endpoint[Register, *payment.Batch]      = "batch/release"
	BatchFile     Endpoint[Register, File]                = "batch/file"
	BatchHandOver Endpoint[Register, *payment.Batch]      = "batch/hand-over"

	BankRead    Endpoint[File, *workflow.BankResult]  = "bank/read"
	BankEntries Endpoint[EntryFilter, []*store.Entry] = "bank/entries"
	BankSettle  Endpoint[EntryIs, *store.Entry]       = "bank/settle"
	BankAssign  Endpoint[EntryIs, *store.Entry]       = "bank/assign"

	AgreementList Endpoint[AgreementOf, []*invoice.Agreement] = "agreement/list"
	AgreementSet  Endpoint[NewAgreement, *invoice.Agreement]  = "agreement/set"
	AgreementEnd  Endpoint[AgreementOf, None]                 = "agreement/end"

	SanctionsImport Endpoint[File, *workflow.SanctionsImported] = "sanctions/import"
	SanctionsCheck  Endpoint[Name, []payment.Resemblance]       = "sanctions/check"

	QuestionList   Endpoint[QuestionFilter, []*question.Question] = "question/list"
	QuestionShow   Endpoint[Register, *question.Question]         = "question/show"
	QuestionAdd    Endpoint[NewQuestion, *question.Question]      = "question/add"
	QuestionAssign Endpoint[Assignment, *question.Question]       = "question/assign"
	QuestionWait   Endpoint[Because, *question.Question]          = "question/wait"
	QuestionResume Endpoint[Because, *question.Question]          = "question/resume"
	QuestionDraft  Endpoint[DraftOf, workflow.Draft]              = "question/draft"
	QuestionAnswer Endpoint[Answer, *question.Question]           = "question/answer"
	QuestionClose  Endpoint[Because, *question.Question]          = "question/close"

	LetterList  Endpoint[LetterFilter, []*invoice.Letter] = "letter/list"
	LetterShow  Endpoint[ID, *invoice.Letter]             = "letter/show"
	LetterRetry Endpoint[Retry, *invoice.Letter]          = "letter/retry"

	ReportYear         Endpoint[ReportQuestion, File] = "report/year"
	ReportPaymentTerms Endpoint[ReportQuestion, File] = "report/payment-terms"
	ReportQuestions    Endpoint[ReportQuestion, File] = "report/questions"
	ReportOutstanding  Endpoint[ReportQuestion, File] = "report/outstanding"
	ReportForecast     Endpoint[ReportQuestion, File] = "report/forecast"
	ReportInterest     Endpoint[ReportQuestion, File] = "report/interest"
	ReportCommitments  Endpoint[ReportQuestion, File] = "report/commitments"
	ReportRejections   Endpoint[ReportQuestion, File] = "report/rejections"
	ReportSuppliers    Endpoint[ReportQuestion, File] = "report/suppliers"
	ReportIntake       Endpoint[ReportQuestion, File] = "report/intake"
	ReportAudit        Endpoint[ReportQuestion, File] = "report/audit"
	ReportPostings     Endpoint[ReportQuestion, File] = "report/postings"
	ReportOpenData     Endpoint[ReportQuestion, File] = "report/open-data"

	AuditList Endpoint[AuditFilter, []invoice.AuditEntry] = "audit/list"
	Verify    Endpoint[None, Verdict]                     = "verify"
	Backup    Endpoint[Folder, Backedup]                  = "backup"
)

// entry is a row of the table: who may call an endpoint, what it may cost, and
// what answers it.
type entry struct {
	name  string
	roles []Role
	body  int64         // most bytes of the question
	time  time.Duration // most time for the answer
	call  func(ctx context.Context, s *Server, caller User, body io.Reader) (any, error)
}

// on makes a row of the table.
func on[In, Out any](name Endpoint[In, Out], answer func(context.Context, *Server, User, In) (Out, error), roles ...Role) entry {
	return entry{name: string(name), roles: roles, body: smallBody, time: quick,
		call: func(ctx context.Context, s *Server, caller User, body io.Reader) (any, error) {
			var in In
			if err := read(body, &in); err != nil {
				return nil, err
			}
			return answer(ctx, s, caller, in)
		}}
}

// large lets the question hold a file.
func (e entry) large() entry {
	e.body = largeBody
	return e
}

// slow lets the answer take its time.
func (e entry) slow() entry {
	e.time = patient
	return e
}
