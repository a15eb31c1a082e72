package main

import (
	"fmt"
	"maps"
	"net"
	"net/mail"
	"slices"
	"strings"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/api"
	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/workflow"
	"ommen.nl/facturen/validate"
)

// ownSets are our own series of rules, which nobody can lower.
var ownSets = []validate.RuleSet{validate.Law, validate.Addressed, validate.Referred, validate.Payee, validate.XSD}

// check finds values that cannot be right.
func (c *config) check(f *faults) {
	c.checkGemeente(f)
	if c.has("mailbox") {
		m := c.Mailbox
		checkServer(f, "mailbox", m.Server, m.Security)
		oneOf(f, "mailbox.mechanism", m.Mechanism, "password", "xoauth2", "oauthbearer")
		checkSecret(f, "mailbox.secret", m.Secret)
		if m.MaxMessageMB < 1 || m.MaxMessageMB > 1024 {
			f.at("mailbox.max_message_mb", "max_message_mb must be between 1 and 1024")
		}
	}
	if c.has("smtp") {
		s := c.SMTP
		checkServer(f, "smtp", s.Server, s.Security)
		oneOf(f, "smtp.mechanism", s.Mechanism, "password", "xoauth2")
		if s.Username != "" || f.lines["smtp.secret"] > 0 {
			checkSecret(f, "smtp.secret", s.Secret)
		}
		if given := s.DKIMDomain + s.DKIMSelector + s.DKIMKey; given != "" && (s.DKIMDomain == "" || s.DKIMSelector == "" || s.DKIMKey == "") {
			f.at("smtp", "to sign letters (DKIM), dkim_domain, dkim_selector and dkim_key are all needed")
		}
	}
	c.checkLetters(f)
	c.checkPayment(f)
	c.checkAPI(f)
	c.checkReports(f)
	c.checkUsers(f)
	for _, id := range c.Rules.Warnings {
		rule, known := validate.RuleByID(id)
		switch {
		case !known:
			f.at("rules.warnings", "there is no rule %q; they are in: facturen rules", id)
		case slices.Contains(ownSets, rule.Set):
			f.at("rules.warnings", "%s is one of our own rules (%s) and cannot be lowered", rule.ID, rule.Set)
		}
	}
}

func (c *config) checkGemeente(f *faults) {
	g := c.Gemeente
	for _, number := range []struct {
		key, value string
		digits     int
	}{{"kvk", g.KvK, 8}, {"rsin", g.RSIN, 9}, {"oin", g.OIN, 20}} {
		if number.value != "" && (len(number.value) != number.digits || strings.Trim(number.value, "0123456789") != "") {
			f.at("gemeente."+number.key, "%s has %d digits, not %q", number.key, number.digits, number.value)
		}
	}
	for _, iban := range g.IBANs {
		checkIBAN(f, "gemeente.ibans", iban)
	}
}

func checkIBAN(f *faults, path, iban string) {
	if !invoice.ParseIBAN(iban).Valid() {
		f.at(path, "%q is not a valid IBAN: its length or check digits are wrong", iban)
	}
}

func checkServer(f *faults, section, server, security string) {
	host, _, err := net.SplitHostPort(server)
	if err != nil || host == "" {
		f.at(section+".server", "the server is written as host:port, not %q", server)
	}
	oneOf(f, section+".security", security, "tls", "starttls", "insecure")
	if ip := net.ParseIP(host); security == "insecure" && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		f.at(section+".security", "only a server on this machine may be used without TLS; choose tls or starttls")
	}
}

func oneOf(f *faults, path, value string, allowed ...string) {
	if !slices.Contains(allowed, value) {
		f.at(path, "%q is not one of: %s", value, strings.Join(allowed, ", "))
	}
}

func checkSecret(f *faults, path string, s secret) {
	if fault := s.fault(); fault != "" {
		f.at(path, "%s; for example: secret = { file = \"/etc/facturen/password\" }", fault)
	}
}

func (c *config) checkLetters(f *faults) {
	checkAddress(f, "letters.email", c.Letters.Email)
	checkAddress(f, "letters.finance_email", c.Letters.FinanceEmail)
	if c.Letters.PerAddressDay < 1 {
		f.at("letters.per_address_a_day", "at least one letter a day must be allowed to an address")
	}
	if c.Letters.PerThreadDay < 1 {
		f.at("letters.per_thread_a_day", "at least one letter a day must be allowed in a thread")
	}
	for _, status := range c.Letters.Status {
		if !slices.Contains(workflow.StatusLetters, workflow.StatusLetter(status)) {
			f.at("letters.status", "%q is not one of: %s", status, words(workflow.StatusLetters))
		}
	}
}

func checkAddress(f *faults, path, address string) {
	if address == "" {
		return
	}
	if parsed, err := mail.ParseAddress(address); err != nil || parsed.Address != address {
		f.at(path, "%q is not a mail address", address)
	}
}

func (c *config) checkPayment(f *faults) {
	p := c.Payment
	if c.has("payment") {
		checkIBAN(f, "payment.iban", p.IBAN)
	}
	between := func(key string, value, least, most int) {
		if value < least || value > most {
			f.at("payment."+key, "%s must be between %d and %d", key, least, most)
		}
	}
	between("credit_bank_days", p.CreditBankDays, 0, 5)
	between("margin_days", p.MarginDays, 0, 10)
	between("cut_off_hour", p.CutOffHour, 0, 24)
	checkMoney(f, "payment.batch_limit", p.BatchLimit)
	if _, err := parsePercent(p.CostOfMoney); err != nil {
		f.at("payment.cost_of_money", "%v", err)
	}
	for i, r := range p.InterestRates {
		path := fmt.Sprintf("payment.interest_rates.%d", i)
		if from, err := calendar.Parse(r.From); err != nil || from.Day() != 1 || from.Month() != 1 && from.Month() != 7 {
			f.at(path, "a rate holds from 1 January or 1 July on, written 2027-01-01, not %q", r.From)
		}
		if _, err := parsePercent(r.Percent); err != nil {
			f.at(path, "%v", err)
		}
	}
	if c.Delivery.RemindBeforeDays < 1 || c.Delivery.RemindBeforeDays > 30 {
		f.at("delivery.remind_before_days", "remind_before_days must be between 1 and 30")
	}
	if d := c.Delivery; d.EscalateBeforeDays < 0 || d.EscalateBeforeDays > d.RemindBeforeDays {
		f.at("delivery.escalate_before_days", "escalate_before_days must be between 0 and remind_before_days")
	}
}

// checkMoney finds a limit that is no amount; an empty one is no limit.
func checkMoney(f *faults, path, text string) {
	if _, err := parseAmount(text); text != "" && err != nil {
		f.at(path, "%v", err)
	}
}

func (c *config) checkAPI(f *faults) {
	if c.API.Listen == "" {
		return
	}
	if _, _, err := net.SplitHostPort(c.API.Listen); err != nil {
		f.at("api.listen", "listen is written as host:port, not %q", c.API.Listen)
	}
	for _, needed := range []struct{ key, value string }{
		{"certificate", c.API.Certificate}, {"key", c.API.Key}, {"client_ca", c.API.ClientCA},
	} {
		if needed.value == "" {
			f.at("api.listen", "listen needs %q too; for example: %s = \"/etc/facturen/%s.pem\"", needed.key, needed.key, needed.key)
		}
	}
}

func (c *config) checkUsers(f *faults) {
	logins, certificates := map[string]string{}, map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(c.Users)) {
		u, path := c.Users[name], "users."+name
		for _, role := range u.Roles {
			if !slices.Contains(api.Roles, api.Role(role)) {
				f.at(path+".roles", "%q is not one of the roles: %s", role, api.RoleNames(api.Roles))
			}
		}
		checkAddress(f, path+".email", u.Email)
		checkMoney(f, path+".release_limit", u.ReleaseLimit)
		for _, delegate := range u.Delegates {
			if c.Users[delegate] == nil || delegate == name {
				f.at(path+".delegates", "the delegate %q is no other user of this configuration", delegate)
			}
		}
		if u.Head != "" && (c.Users[u.Head] == nil || u.Head == name) {
			f.at(path+".head", "the head %q is no other user of this configuration", u.Head)
		}
		unique(f, path+".login", "login", logins, u.login(name), name)
		unique(f, path+".certificate", "certificate", certificates, u.Certificate, name)
	}
}

func words[T ~string](values []T) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = string(v)
	}
	return strings.Join(texts, ", ")
}

// login is the user's account on this machine.
func (u *userConfig) login(name string) string {
	if u.Login != "" || u.Certificate != "" {
		return u.Login
	}
	return name
}

func unique(f *faults, path, what string, seen map[string]string, value, name string) {
	if value == "" {
		return
	}
	if other := seen[value]; other != "" {
		f.at(path, "%s and %s cannot both have the %s %q: nobody could tell them apart", min(name, other), max(name, other), what, value)
	}
	seen[value] = name
}
