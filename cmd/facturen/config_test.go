package main

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// Each entry of the catalogue is a configuration and what is said of it.
func TestConfigurationErrors(t *testing.T) {
	for name, test := range map[string]struct {
		config string
		want   []string
	}{
		"nothing in it": {
			"",
			[]string{`f.toml:1: the file lacks "data"; for example: data = "/var/lib/facturen"`},
		},
		"an unknown key at the top": {
			"data = 'd'\ncolour = 'blue'\n",
			[]string{`f.toml:2: "colour" is not known here; the file has: data, gemeente, mailbox, smtp, letters, payment, delivery, bank, rules, api, reports, users`},
		},
		"a misspelled key": {
			"data = 'd'\n\n[rules]\nwarning = ['BR-CL-23']\n",
			[]string{`f.toml:4: "warning" is not known here; [rules] has: warnings`},
		},
		"an unknown section": {
			"data = 'd'\n[imap]\nserver = 'x'\n",
			[]string{`f.toml:2: "imap" is not known here; the file has: data, gemeente, mailbox, smtp, letters, payment, delivery, bank, rules, api, reports, users`},
		},
		"an unknown key of a user": {
			"data = 'd'\n[users.inkoop]\nname = 'Inkoop'\nroles = ['delivery']\npassword = 'x'\n",
			[]string{`f.toml:5: "password" is not known here; [users.inkoop] has: name, roles, email, login, certificate, delegates, head, away, release_limit`},
		},
		"several missing keys": {
			"data = 'd'\n[mailbox]\nsecurity = 'tls'\n[payment]\nname = 'Gemeente Ommen'\n",
			[]string{
				`f.toml:2: [mailbox] lacks "server"; for example: server = "imap.ommen.nl:993"`,
				`f.toml:2: [mailbox] lacks "username"; for example: username = "facturen@ommen.nl"`,
				`f.toml:2: [mailbox] lacks "secret"; for example: secret = { file = "/etc/facturen/imap.password" }`,
				`f.toml:4: [payment] lacks "iban"; for example: iban = "NL00BNGH0000000000"`,
			},
		},
		"a missing key of an address": {
			"data = 'd'\n[gemeente]\nname = 'Gemeente Ommen'\n[[gemeente.addresses]]\nstreet = 'A 1'\npostcode = '7731 EE'\ncity = 'Ommen'\n[[gemeente.addresses]]\nstreet = 'B 2'\npostcode = '7731 EE'\n",
			[]string{`f.toml:8: [gemeente.addresses.1] lacks "city"; for example: city = "Ommen"`},
		},
		"a report that goes nowhere": {
			"data = 'd'\n[[reports]]\nreport = 'year'\nevery = 'month'\nformat = 'pdf'\n",
			[]string{`f.toml:2: a report needs a folder to be put in, or addresses to be mailed to`},
		},
		"a report that cannot be mailed": {
			"data = 'd'\n[[reports]]\nreport = 'year'\nevery = 'month'\nformat = 'pdf'\nto = ['raad']\n",
			[]string{`f.toml:6: "raad" is not a mail address that can be written to`, `f.toml:6: to mail a report, [smtp] is needed`},
		},
		"a report twice": {
			"data = 'd'\n[[reports]]\nreport = 'year'\nevery = 'month'\nformat = 'csv'\nfolder = 'a'\n[[reports]]\nreport = 'year'\nevery = 'month'\nformat = 'csv'\nfolder = 'a'\n",
			[]string{`f.toml:7: this report is asked for above already; name all addresses in one to`},
		},
		"a user without a role": {
			"data = 'd'\n\n[users.inkoop]\nname = 'Inkoop'\n",
			[]string{`f.toml:3: [users.inkoop] lacks "roles"; for example: roles = ["finance"]`},
		},
		"a number where a text belongs": {
			"data = 7\n",
			[]string{`f.toml:1: "data" must be a text in quotes`},
		},
		"a text where a number belongs": {
			"data = 'd'\n[payment]\nname = 'G'\niban = 'NL91ABNA0417164300'\nmargin_days = 'two'\n",
			[]string{`f.toml:5: "payment.margin_days" must be a whole number`},
		},
		"a text where a list belongs": {
			"data = 'd'\n[users.inkoop]\nname = 'Inkoop'\nroles = 'delivery'\n",
			[]string{`f.toml:4: "users.inkoop.roles" must be a list in square brackets`},
		},
		"a secret in the file itself": {
			"data = 'd'\n[mailbox]\nsecret = 'hunter2'\n",
			[]string{`f.toml:3: "mailbox.secret" must be a section of its own, with: file, credential, command`},
		},
		"a bad duration": {
			"data = 'd'\n[mailbox]\npoll_interval = 'often'\n",
			[]string{`f.toml:3: "often" is no duration; write it like "90s", "2m" or "1h"`},
		},
		"no TOML": {
			"data = 'd\n",
			[]string{`f.toml:1: literal strings cannot have new lines`},
		},
		"two ways to the secret": {
			"data = 'd'\n[mailbox]\nserver = 'imap.example:993'\nusername = 'u'\nsecret = { file = 'a', credential = 'b' }\n",
			[]string{`f.toml:5: a secret has one of file, credential and command; for example: secret = { file = "/etc/facturen/password" }`},
		},
		"no TLS to another machine": {
			"data = 'd'\n[smtp]\nserver = 'smtp.example:25'\nsecurity = 'insecure'\n",
			[]string{`f.toml:4: only a server on this machine may be used without TLS; choose tls or starttls`},
		},
		"wrong words": {
			"data = 'd'\n[smtp]\nserver = 'smtp.example'\nsecurity = 'ssl'\nmechanism = 'oauthbearer'\n",
			[]string{
				`f.toml:3: the server is written as host:port, not "smtp.example"`,
				`f.toml:4: "ssl" is not one of: tls, starttls, insecure`,
				`f.toml:5: "oauthbearer" is not one of: password, xoauth2`,
			},
		},
		"wrong numbers of the gemeente": {
			"data = 'd'\n[gemeente]\nname = 'Gemeente Ommen'\naddresses = [{ street = 'A 1', postcode = '7731 EE', city = 'Ommen' }]\nkvk = '123'\noin = '00000001 0000'\nibans = ['NL00ABNA0417164300']\n",
			[]string{
				`f.toml:5: kvk has 8 digits, not "123"`,
				`f.toml:6: oin has 20 digits, not "00000001 0000"`,
				`f.toml:7: "NL00ABNA0417164300" is not a valid IBAN: its length or check digits are wrong`,
			},
		},
		"payment out of bounds": {
			"data = 'd'\n[payment]\nname = 'G'\niban = 'NL91ABNA0417164301'\ncredit_bank_days = 9\ncut_off_hour = 25\n[delivery]\nremind_before_days = 31\n",
			[]string{
				`f.toml:4: "NL91ABNA0417164301" is not a valid IBAN: its length or check digits are wrong`,
				`f.toml:5: credit_bank_days must be between 0 and 5`,
				`f.toml:6: cut_off_hour must be between 0 and 24`,
				`f.toml:8: remind_before_days must be between 1 and 30`,
			},
		},
		"wrong addresses": {
			"data = 'd'\n[letters]\nemail = 'facturen'\nfinance_email = 'Finance <f@ommen.nl>'\nper_address_a_day = 0\n",
			[]string{
				`f.toml:3: "facturen" is not a mail address`,
				`f.toml:4: "Finance <f@ommen.nl>" is not a mail address`,
				`f.toml:5: at least one letter a day must be allowed to an address`,
			},
		},
		"TLS half configured": {
			"data = 'd'\n[api]\nlisten = '0.0.0.0:8443'\nkey = 'k'\n",
			[]string{
				`f.toml:3: listen needs "certificate" too; for example: certificate = "/etc/facturen/certificate.pem"`,
				`f.toml:3: listen needs "client_ca" too; for example: client_ca = "/etc/facturen/client_ca.pem"`,
			},
		},
		"users that cannot be told apart": {
			"data = 'd'\n[users.a]\nname = 'A'\nroles = ['boss']\nlogin = 'x'\n[users.b]\nname = 'B'\nroles = ['finance']\nlogin = 'x'\ndelegates = ['c', 'b']\n",
			[]string{
				`f.toml:4: "boss" is not one of the roles: delivery, finance, treasury, controller, admin`,
				`f.toml:9: a and b cannot both have the login "x": nobody could tell them apart`,
				`f.toml:10: the delegate "c" is no other user of this configuration`,
				`f.toml:10: the delegate "b" is no other user of this configuration`,
			},
		},
		"rules that cannot be lowered": {
			"data = 'd'\n[rules]\nwarnings = ['BR-CO-10', 'BR-99999', 'ref-01']\n",
			[]string{
				`f.toml:3: there is no rule "BR-99999"; they are in: facturen rules`,
				`f.toml:3: REF-01 is one of our own rules (reference) and cannot be lowered`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseConfig("f.toml", []byte(test.config))
			if err == nil {
				t.Fatal("the configuration was taken")
			}
			if diff := cmp.Diff(strings.Join(test.want, "\n"), err.Error()); diff != "" {
				t.Errorf("what is said differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestConfigurationOfTheFolderItIsIn(t *testing.T) {
	c, err := parseConfig("/etc/facturen/facturen.toml", []byte(`
data = "/var/lib/facturen"
[mailbox]
server = "imap.ommen.nl:993"
username = "facturen@ommen.nl"
secret = { file = "imap.password" }
[letters]
email = "Facturen@ommen.nl"
`))
	if err != nil {
		t.Fatal(err)
	}
	if c.Data != "/var/lib/facturen" || c.Mailbox.Secret.File != "/etc/facturen/imap.password" || c.Bank.Inbox != "" {
		t.Errorf("data %q, secret %q, bank %q", c.Data, c.Mailbox.Secret.File, c.Bank.Inbox)
	}
	if got := c.policy().LetterDomain; got != "facturen.ommen.nl" {
		t.Errorf("Message-IDs end in %q", got)
	}
}

// What `facturen init` writes is a configuration as it is; every setting is in
// it, and each default that it shows is the default.
func TestInitDocumentsEverySetting(t *testing.T) {
	if _, err := parseConfig("f.toml", []byte(configTemplate)); err != nil {
		t.Fatalf("as it is: %v", err)
	}
	setting := regexp.MustCompile(`(?m)^#(\[|[a-z_]+ = )`)
	all := setting.ReplaceAllString(configTemplate, "$1")
	c, err := parseConfig("f.toml", []byte(all))
	if err != nil {
		t.Fatalf("with every setting: %v", err)
	}
	walkSettings("", reflect.TypeFor[config](), func(path string) {
		if c.lines[strings.Replace(path, "users.*", "users.inkoop", 1)] == 0 {
			t.Errorf("%s is not documented", path)
		}
	})

	var defaults []string
	for line := range strings.Lines(all) {
		if !strings.Contains(line, "# example") || strings.HasPrefix(line, "[") {
			defaults = append(defaults, line)
		}
	}
	shown := defaultConfig()
	f := &faults{file: "defaults", source: []byte(strings.Join(defaults, ""))}
	f.decode(shown)
	if err := f.err(); err != nil {
		t.Fatal(err)
	}
	want := defaultConfig()
	for _, c := range []*config{shown, want} {
		sender := c.sender()
		c.Data, c.Users, c.Reports, c.lines = "", nil, nil, nil
		c.Gemeente = gemeenteConfig{}
		c.Letters.Department, c.Letters.Visit, c.Letters.Post, c.Letters.Telephone = sender.Department, sender.Visit, sender.Post, sender.Telephone
		c.Letters.Email, c.Letters.Website, c.Letters.Complaints = sender.Email, sender.Website, sender.Complaints
		c.Letters.English = sender.English
	}
	if diff := cmp.Diff(want, shown, cmp.AllowUnexported(config{}), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the defaults shown are not the defaults (-want +shown):\n%s", diff)
	}
}

// walkSettings visits every setting that is not a section.
func walkSettings(path string, section reflect.Type, visit func(string)) {
	for i := range section.NumField() {
		field := section.Field(i)
		key := field.Tag.Get("toml")
		switch {
		case key == "":
		case field.Type == reflect.TypeFor[secret]():
			visit(join(path, key))
		case field.Type.Kind() == reflect.Struct:
			walkSettings(join(path, key), field.Type, visit)
		case field.Type.Kind() == reflect.Map:
			walkSettings(join(path, key)+".*", field.Type.Elem().Elem(), visit)
		default:
			visit(join(path, key))
		}
	}
}

func TestSecrets(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
		return file
	}
	open, closed, empty := write("open", "x", 0o644), write("closed", "geheim\n", 0o600), write("empty", "\n", 0o600)
	for name, test := range map[string]struct {
		secret      secret
		credentials string
		want, error string
	}{
		"a file":                       {secret: secret{File: closed}, want: "geheim"},
		"a file that everybody reads":  {secret: secret{File: open}, error: "can be read by everybody; close it with: chmod o= " + open},
		"an empty file":                {secret: secret{File: empty}, error: "the secret is empty"},
		"no file":                      {secret: secret{File: filepath.Join(folder, "none")}, error: "no such file"},
		"a credential of systemd":      {secret: secret{Credential: "closed"}, credentials: folder, want: "geheim"},
		"a credential without systemd": {secret: secret{Credential: "closed"}, error: "LoadCredential=closed"},
		"a command":                    {secret: secret{Command: []string{"echo", "token"}}, want: "token"},
		"a command that fails":         {secret: secret{Command: []string{"false"}}, error: "the command false for the secret"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("CREDENTIALS_DIRECTORY", test.credentials)
			got, err := test.secret.read(t.Context())
			if got != test.want || (err == nil) != (test.error == "") || err != nil && !strings.Contains(err.Error(), test.error) {
				t.Errorf("%q, %v; want %q, %q", got, err, test.want, test.error)
			}
		})
	}
}

func FuzzConfig(f *testing.F) {
	f.Add([]byte("data = 'd'\n[mailbox]\nserver = 'i:1'\nsecret = { file = 'f' }\npoll_interval = '2m'\n[users.a]\nroles = ['x']\n"))
	f.Add([]byte("data = 'd'\n[[gemeente.addresses]]\n[users.\"a.b\"]\n"))
	f.Add([]byte("a.b.c = { d = [1, {}] }\n"))
	f.Fuzz(func(t *testing.T, source []byte) {
		c, err := parseConfig("f.toml", source)
		if (c == nil) == (err == nil) {
			t.Errorf("configuration %v, error %v", c, err)
		}
	})
}
