package main

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/letter"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/payment"
	"ommen.nl/facturen/payment/sepa"
	"ommen.nl/facturen/validate"
)

// identity is the gemeente as the rules know it; without a configuration of it
// gemeente Ommen, without its numbers.
func (c *config) identity() validate.Identity {
	id := validate.DefaultGemeente()
	if c.has("gemeente") {
		id = c.Gemeente.identity()
	}
	if c.Payment.IBAN != "" {
		id.IBANs = append(id.IBANs, string(invoice.ParseIBAN(c.Payment.IBAN)))
	}
	return id
}

func (g gemeenteConfig) identity() validate.Identity {
	id := validate.Identity{Name: g.Name, Spellings: g.Spellings, KvK: g.KvK, RSIN: g.RSIN, OIN: g.OIN, VATID: g.VATID,
		IBANs: slices.Clone(g.IBANs), Domains: g.Domains}
	for _, a := range g.Addresses {
		id.Addresses = append(id.Addresses, invoice.Address{Street: a.Street, Postcode: a.Postcode, City: a.City, Country: "NL"})
	}
	for _, e := range g.Endpoints {
		id.Endpoints = append(id.Endpoints, invoice.Identifier{Value: e.ID, Scheme: e.Scheme})
	}
	return id
}

// lowered are the published rules that only warn.
func (c *config) lowered() map[string]bool {
	lowered := map[string]bool{}
	for _, id := range c.Rules.Warnings {
		if rule, known := validate.RuleByID(id); known {
			lowered[rule.ID] = true
		}
	}
	return lowered
}

// sender is who signs the letters: gemeente Ommen, where the configuration
// does not say otherwise.
func (c *config) sender() letter.Sender {
	s := letter.Ommen()
	s.Name = c.identity().Name
	for _, part := range []struct {
		into  *string
		given string
	}{{&s.Department, c.Letters.Department}, {&s.English, c.Letters.English}, {&s.Visit, c.Letters.Visit}, {&s.Post, c.Letters.Post},
		{&s.Telephone, c.Letters.Telephone}, {&s.Email, c.Letters.Email}, {&s.Website, c.Letters.Website},
		{&s.Complaints, c.Letters.Complaints}} {
		if part.given != "" {
			*part.into = part.given
		}
	}
	return s
}

// policy is what the configuration decides about the process.
func (c *config) policy() workflow.Policy {
	sender := c.sender()
	p := workflow.Policy{
		Gemeente: c.identity(), Lowered: c.lowered(),
		Addresses: []string{sender.Email}, AuthServID: c.Mailbox.AuthServID, LetterDomain: letterDomain(sender.Email),
		FinanceEmail: c.Letters.FinanceEmail, LettersPerAddressADay: c.Letters.PerAddressDay, LettersPerThreadADay: c.Letters.PerThreadDay,
		Debtor:         sepa.Debtor{Name: c.Payment.Name, IBAN: string(invoice.ParseIBAN(c.Payment.IBAN)), BIC: c.Payment.BIC, BatchBooking: c.Payment.BatchBooking},
		CreditBankDays: c.Payment.CreditBankDays, MarginDays: c.Payment.MarginDays, CutOffHour: c.Payment.CutOffHour,
		CombineInvoices: c.Payment.Combine, RemindBeforeDays: c.Delivery.RemindBeforeDays, EscalateBeforeDays: c.Delivery.EscalateBeforeDays,
		HonourDueDate: c.Payment.HonourDueDate, Discounts: c.Payment.Discounts, CostOfMoney: percentage(c.Payment.CostOfMoney),
		BatchLimit: money(c.Payment.BatchLimit),
		Staff:      map[string]workflow.Employee{},
	}
	for _, r := range c.Payment.InterestRates {
		p.LaterRates = append(p.LaterRates, payment.Rate{From: calendar.MustParse(r.From), Percent: percentage(r.Percent)})
	}
	if user := c.Mailbox.Username; strings.Contains(user, "@") && !strings.EqualFold(user, sender.Email) {
		p.Addresses = append(p.Addresses, user)
	}
	for _, status := range c.Letters.Status {
		p.StatusLetters = append(p.StatusLetters, workflow.StatusLetter(status))
	}
	for id, u := range c.Users {
		e := workflow.Employee{Name: u.Name, Email: u.Email, ReleaseLimit: money(u.ReleaseLimit), Delegates: u.Delegates, Head: u.Head}
		for _, away := range u.Away {
			e.Away = append(e.Away, workflow.Absence(away))
		}
		p.Staff[id] = e
	}
	return p
}

// money is a limit that was checked; none where the text is empty.
func money(text string) invoice.Cents {
	amount, _ := parseAmount(text)
	return amount
}

// percentage is a percentage that was checked.
func percentage(text string) decimal.Decimal {
	basisPoints, _ := parsePercent(text)
	return decimal.New(int64(basisPoints), -2)
}

// letterDomain is the right side of the Message-IDs of our letters: of
// facturen@ommen.nl it is facturen.ommen.nl, so that a mail of a colleague is
// not taken for a letter of ours.
func letterDomain(email string) string {
	return strings.ToLower(strings.Replace(email, "@", ".", 1))
}

// callers are the users of the API.
func (c *config) callers() (users []api.User) {
	for id, u := range c.Users {
		caller := api.User{ID: id, Name: u.Name, Login: u.login(id), Certificate: u.Certificate}
		for _, role := range u.Roles {
			caller.Roles = append(caller.Roles, api.Role(role))
		}
		users = append(users, caller)
	}
	return users
}
