package api

// table says what can be called, by whom. That a role may call does not mean
// that this person may do it now: see package workflow.
func table() []entry {
	readers := []Role{Finance, Treasury, Controller}
	return []entry{
		on(GetStatus, status, Roles...),
		on(Whoami, whoami, Roles...),

		on(InboxList, inboxList, Finance, Controller),
		on(InboxShow, inboxShow, Finance, Controller),
		on(InboxAdd, inboxAdd, Finance).large(),
		on(InboxOriginal, inboxOriginal, Finance, Controller),
		on(InboxReclass, inboxReclass, Finance),

		on(InvoiceList, invoiceList, readers...),
		on(InvoiceShow, invoiceShow, append(readers, Delivery)...),
		on(InvoiceOriginal, invoiceOriginal, append(readers, Delivery)...),
		on(InvoiceHistory, invoiceHistory, readers...),
		on(InvoicePayTo, invoicePayTo, Finance),
		on(InvoiceInterest, invoiceInterest, Finance),

		on(ReviewList, reviewList, Finance, Controller),
		on(ReviewShow, reviewShow, Finance, Controller).slow(), // recognising a scan takes seconds a page
		on(ReviewAccept, reviewAccept, Finance),
		on(ReviewReject, reviewReject, Finance),
		on(ReviewAmend, reviewAmend, Finance),
		on(ReviewDismiss, reviewDismiss, Finance),
		on(ReviewAttach, reviewAttach, Finance),

		on(DeliveryPending, deliveryPending, Delivery, Finance, Controller),
		on(DeliveryConfirm, deliveryConfirm, Delivery),
		on(DeliveryDispute, deliveryDispute, Delivery),
		on(DeliveryResolve, deliveryResolve, Delivery),

		on(HoldSet, holdSet, Finance, Treasury),
		on(HoldLift, holdLift, Finance, Treasury),

		on(SupplierList, supplierList, readers...),
		on(SupplierShow, supplierShow, readers...),
		on(SupplierAdd, supplierAdd, Finance),
		on(SupplierImport, supplierImport, Finance).large(),
		on(SupplierAccount, supplierAccount, Finance),
		on(SupplierVerify, supplierVerify, Finance, Treasury),

		on(ReferenceList, referenceList, append(readers, Delivery)...),
		on(ReferenceIssue, referenceIssue, Finance),
		on(ReferenceImport, referenceImport, Finance).large(),
		on(ReferenceClose, referenceClose, Finance),

		on(BatchPropose, batchPropose, readers...),
		on(BatchMake, batchMake, Finance, Treasury),
		on(BatchList, batchList, readers...),
		on(BatchShow, batchShow, readers...),
		on(BatchDrop, batchDrop, Finance, Treasury),
		on(BatchWithdraw, batchWithdraw, Finance, Treasury),
		on(BatchRelease, batchRelease, Treasury),
		on(BatchFile, batchFile, Treasury),
		on(BatchHandOver, batchHandOver, Treasury),

		on(BankRead, bankRead, Treasury).large().slow(),
		on(BankEntries, bankEntries, readers...),
		on(BankSettle, bankSettle, Treasury),
		on(BankAssign, bankAssign, Treasury),

		on(AgreementList, agreementList, readers...),
		on(AgreementSet, agreementSet, Finance),
		on(AgreementEnd, agreementEnd, Finance),

		on(SanctionsImport, sanctionsImport, Finance, Treasury).large().slow(),
		on(SanctionsCheck, sanctionsCheck, readers...),

		on(QuestionList, questionList, append(readers, Delivery)...),
		on(QuestionShow, questionShow, append(readers, Delivery)...),
		on(QuestionAdd, questionAdd, Finance),
		on(QuestionAssign, questionAssign, Finance),
		on(QuestionWait, questionWait, Finance, Delivery),
		on(QuestionResume, questionResume, Finance, Delivery),
		on(QuestionDraft, questionDraft, Finance, Delivery),
		on(QuestionAnswer, questionAnswer, Finance, Delivery),
		on(QuestionClose, questionClose, Finance),

		on(LetterList, letterList, Finance, Controller),
		on(LetterShow, letterShow, Finance, Controller),
		on(LetterRetry, letterRetry, Finance),

		onReport(ReportYear, readers...),
		onReport(ReportPaymentTerms, readers...),
		onReport(ReportQuestions, readers...),
		onReport(ReportOutstanding, readers...),
		onReport(ReportForecast, readers...),
		onReport(ReportInterest, readers...),
		onReport(ReportCommitments, readers...),
		onReport(ReportRejections, readers...),
		onReport(ReportSuppliers, readers...),
		onReport(ReportIntake, readers...),
		onReport(ReportAudit, Controller, Admin),
		onReport(ReportPostings, readers...),
		onReport(ReportOpenData, readers...),

		on(AuditList, auditList, Controller, Admin),
		on(Verify, verify, Controller, Admin).slow(),
		on(Backup, backup, Admin).slow(),
	}
}
