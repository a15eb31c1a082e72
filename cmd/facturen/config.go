package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ommen.nl/facturen/invoice/calendar"
	"ommen.nl/facturen/invoice/workflow"
)

// config is the configuration of the daemon. A field with an example is
// required where its section is present; all others have a default, which the
// file that `facturen init` writes documents.
type config struct {
	Data     string                 `toml:"data" example:"/var/lib/facturen"`
	Gemeente gemeenteConfig         `toml:"gemeente"`
	Mailbox  mailboxConfig          `toml:"mailbox"`
	SMTP     smtpConfig             `toml:"smtp"`
	Letters  lettersConfig          `toml:"letters"`
	Payment  paymentConfig          `toml:"payment"`
	Delivery deliveryConfig         `toml:"delivery"`
	Bank     bankConfig             `toml:"bank"`
	Rules    rulesConfig            `toml:"rules"`
	API      apiConfig              `toml:"api"`
	Reports  []reportConfig         `toml:"reports"`
	Users    map[string]*userConfig `toml:"users"`

	file  string         // where it was read
	lines map[string]int // where each section and key stands
}

type gemeenteConfig struct {
	Name      string     `toml:"name" example:"Gemeente Ommen"`
	Spellings []string   `toml:"spellings"`
	Addresses []address  `toml:"addresses" example:"[{ street = \"Postbus 100\", postcode = \"7730 AC\", city = \"Ommen\" }]"`
	KvK       string     `toml:"kvk"`
	RSIN      string     `toml:"rsin"`
	OIN       string     `toml:"oin"`
	VATID     string     `toml:"vat_id"`
	Endpoints []endpoint `toml:"endpoints"`
	IBANs     []string   `toml:"ibans"`
	Domains   []string   `toml:"domains"`
}

type address struct {
	Street   string `toml:"street" example:"Postbus 100"`
	Postcode string `toml:"postcode" example:"7730 AC"`
	City     string `toml:"city" example:"Ommen"`
}

type endpoint struct {
	Scheme string `toml:"scheme" example:"0190"`
	ID     string `toml:"id" example:"00000099123456789000"`
}

type mailboxConfig struct {
	Server       string   `toml:"server" example:"imap.ommen.nl:993"`
	Security     string   `toml:"security"`
	CAFile       string   `toml:"ca_file"`
	Username     string   `toml:"username" example:"facturen@ommen.nl"`
	Mechanism    string   `toml:"mechanism"`
	Secret       secret   `toml:"secret" example:"{ file = \"/etc/facturen/imap.password\" }"`
	Inbox        string   `toml:"inbox"`
	Processed    string   `toml:"processed"`
	Review       string   `toml:"review"`
	Ignored      string   `toml:"ignored"`
	AuthServID   string   `toml:"auth_serv_id"`
	CheckDKIM    bool     `toml:"check_dkim"`
	PollInterval duration `toml:"poll_interval"`
	Timeout      duration `toml:"timeout"`
	MaxMessageMB int64    `toml:"max_message_mb"`
}

type smtpConfig struct {
	Server    string `toml:"server" example:"smtp.ommen.nl:465"`
	Security  string `toml:"security"`
	CAFile    string `toml:"ca_file"`
	Username  string `toml:"username"`
	Mechanism string `toml:"mechanism"`
	Secret    secret `toml:"secret"`

	DKIMDomain   string `toml:"dkim_domain"`
	DKIMSelector string `toml:"dkim_selector"`
	DKIMKey      string `toml:"dkim_key"`
}

type lettersConfig struct {
	Department    string `toml:"department"`
	English       string `toml:"department_en"`
	Visit         string `toml:"visit"`
	Post          string `toml:"post"`
	Telephone     string `toml:"telephone"`
	Email         string `toml:"email"`
	Website       string `toml:"website"`
	Complaints    string `toml:"complaints"`
	Templates     string `toml:"templates"`
	FinanceEmail  string `toml:"finance_email"`
	PerAddressDay int    `toml:"per_address_a_day"`
	PerThreadDay  int    `toml:"per_thread_a_day"`

	Status []string `toml:"status"`
}

type paymentConfig struct {
	Name           string `toml:"name" example:"Gemeente Ommen"`
	IBAN           string `toml:"iban" example:"NL00BNGH0000000000"`
	BIC            string `toml:"bic"`
	CreditBankDays int    `toml:"credit_bank_days"`
	MarginDays     int    `toml:"margin_days"`
	CutOffHour     int    `toml:"cut_off_hour"`
	Combine        bool   `toml:"combine"`
	BatchBooking   bool   `toml:"batch_booking"`
	BatchLimit     string `toml:"batch_limit"`
	HonourDueDate  bool   `toml:"honour_due_date"`
	Discounts      bool   `toml:"discounts"`
	CostOfMoney    string `toml:"cost_of_money"`
	InterestRates  []rate `toml:"interest_rates"`
}

// rate is a rate of statutory interest from the first day of a half-year on.
type rate struct {
	From    string `toml:"from" example:"2027-01-01"`
	Percent string `toml:"percent" example:"10.15"`
}

type deliveryConfig struct {
	RemindBeforeDays   int `toml:"remind_before_days"`
	EscalateBeforeDays int `toml:"escalate_before_days"`
}

type bankConfig struct {
	Inbox string `toml:"inbox" example:"/var/lib/facturen-bank"`
}

type rulesConfig struct {
	Warnings []string `toml:"warnings"`
}

type apiConfig struct {
	Socket      string `toml:"socket"`
	Group       string `toml:"group"`
	Listen      string `toml:"listen"`
	Certificate string `toml:"certificate"`
	Key         string `toml:"key"`
	ClientCA    string `toml:"client_ca"`
}

type userConfig struct {
	Name        string   `toml:"name" example:"Crediteurenadministratie"`
	Roles       []string `toml:"roles" example:"[\"finance\"]"`
	Email       string   `toml:"email"`
	Login       string   `toml:"login"`
	Certificate string   `toml:"certificate"`
	Delegates   []string `toml:"delegates"`
	Head        string   `toml:"head"`
	Away        []period `toml:"away"`

	ReleaseLimit string `toml:"release_limit"`
}

// period is written "2026-07-20/2026-08-07" (ISO 8601), both days included.
type period workflow.Absence

func (p *period) UnmarshalText(text []byte) error {
	from, until, ok := strings.Cut(string(text), "/")
	var errs [2]error
	p.From, errs[0] = calendar.Parse(from)
	p.Until, errs[1] = calendar.Parse(until)
	if !ok || errors.Join(errs[:]...) != nil || p.Until.Before(p.From) {
		return fmt.Errorf("%q is no period; write it like \"2026-07-20/2026-08-07\", the first and the last day", text)
	}
	return nil
}

// reportConfig is a report that the daemon makes by itself.
type reportConfig struct {
	Report     string   `toml:"report" example:"payment-terms"`
	Every      string   `toml:"every" example:"month"`
	Format     string   `toml:"format" example:"xlsx"`
	CSVDialect string   `toml:"csv_dialect"`
	Folder     string   `toml:"folder"`
	To         []string `toml:"to"`
}

// duration is written "90s", "2m" or "1h".
type duration time.Duration

func (d *duration) UnmarshalText(text []byte) error {
	parsed, err := time.ParseDuration(string(text))
	if err != nil || parsed <= 0 {
		return fmt.Errorf("%q is no duration; write it like \"90s\", \"2m\" or \"1h\"", text)
	}
	*d = duration(parsed)
	return nil
}

// defaultConfig is what holds where the file says nothing.
func defaultConfig() *config {
	return &config{
		Mailbox: mailboxConfig{
			Security: "tls", Mechanism: "password",
			Inbox: "INBOX", Processed: "Processed", Review: "Review", Ignored: "Ignored",
			PollInterval: duration(2 * time.Minute), Timeout: duration(time.Minute), MaxMessageMB: 50,
		},
		SMTP:     smtpConfig{Security: "tls", Mechanism: "password"},
		Letters:  lettersConfig{PerAddressDay: 5, PerThreadDay: 3, Status: []string{string(workflow.StatusReceived), string(workflow.StatusAccepted)}},
		Payment:  paymentConfig{CreditBankDays: 1, MarginDays: 1, CutOffHour: 15, Combine: true, CostOfMoney: "4.00"},
		Delivery: deliveryConfig{RemindBeforeDays: 10, EscalateBeforeDays: 3},
	}
}

// loadConfig reads and checks the configuration. All that is wrong with it is
// told at once, each with its line.
func loadConfig(file string) (*config, error) {
	source, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("there is no configuration %s; make one with: facturen init %s", file, file)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the configuration: %w", err)
	}
	return parseConfig(file, source)
}

// parseConfig reads a configuration; file is its name for messages, and
// relative names of files in it are relative to its folder.
func parseConfig(file string, source []byte) (*config, error) {
	c := defaultConfig()
	c.file = file
	faults := &faults{file: file, source: source}
	c.lines = faults.decode(c)
	if faults.none() {
		faults.requireKeys(c)
	}
	if faults.none() {
		c.check(faults)
	}
	if err := faults.err(); err != nil {
		return nil, err
	}
	for _, name := range c.fileNames() {
		*name = c.beside(*name)
	}
	return c, nil
}

// has reports whether the file has that section.
func (c *config) has(section string) bool { return c.lines[section] > 0 }

// fileNames are all settings that name a file or folder.
func (c *config) fileNames() []*string {
	names := []*string{&c.Data, &c.Mailbox.CAFile, &c.Mailbox.Secret.File, &c.SMTP.CAFile, &c.SMTP.Secret.File, &c.SMTP.DKIMKey,
		&c.Letters.Templates, &c.Bank.Inbox, &c.API.Socket, &c.API.Certificate, &c.API.Key, &c.API.ClientCA}
	for i := range c.Reports {
		names = append(names, &c.Reports[i].Folder)
	}
	return names
}

// beside makes a file name relative to the folder of the configuration.
func (c *config) beside(name string) string {
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(filepath.Dir(c.file), name)
}
