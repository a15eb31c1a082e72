package main

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"ommen.nl/facturen/invoice"
	"ommen.nl/facturen/invoice/api"
)

func (a *app) supplierCommand() *cobra.Command {
	c := &cobra.Command{Use: "supplier", Short: "The register of suppliers and their accounts"}
	c.AddCommand(a.supplierListCommand(), a.supplierShowCommand(), a.supplierAddCommand(), a.supplierImportCommand(),
		a.supplierAccountCommand(), a.supplierVerifyCommand())
	return c
}

func (a *app) supplierListCommand() *cobra.Command {
	var f api.SupplierFilter
	c := &cobra.Command{Use: "list [PART OF NAME]", Short: "List suppliers", Args: cobra.ArbitraryArgs}
	format := formatOption(c, "text", "json", "csv")
	c.Flags().StringVar(&f.KvK, "kvk", "", "with that KvK number")
	c.Flags().StringVar(&f.VATID, "vat-id", "", "with that btw-id")
	c.Flags().StringVar(&f.IBAN, "iban", "", "with that account")
	c.RunE = func(c *cobra.Command, args []string) error {
		f.Query = strings.Join(args, " ")
		f.IBAN = string(invoice.ParseIBAN(f.IBAN))
		rows, err := ask(a, c, api.SupplierList, f)
		if err != nil {
			return err
		}
		return printList(a.stdout, format.value, rows, supplierColumns)
	}
	return c
}

var supplierColumns = []column[*invoice.Supplier]{
	{"id", 0, func(s *invoice.Supplier) any { return s.ID }},
	{"name", 40, func(s *invoice.Supplier) any { return s.Name }},
	{"kvk", 0, func(s *invoice.Supplier) any { return s.KvK }},
	{"vat_id", 0, func(s *invoice.Supplier) any { return s.VATID }},
	{"country", 0, func(s *invoice.Supplier) any { return s.Country }},
	{"email", 36, func(s *invoice.Supplier) any { return s.Email }},
	{"verified", 0, func(s *invoice.Supplier) any { return accountsOf(s, true) }},
	{"unverified", 0, func(s *invoice.Supplier) any { return accountsOf(s, false) }},
	{"learned", 0, func(s *invoice.Supplier) any { return s.Learned }},
}

func accountsOf(s *invoice.Supplier, verified bool) (ibans []string) {
	for _, account := range s.Accounts {
		if (account.VerifiedBy != "") == verified {
			ibans = append(ibans, account.IBAN)
		}
	}
	return ibans
}

func (a *app) supplierShowCommand() *cobra.Command {
	c := &cobra.Command{Use: "show NUMBER", Short: "Show a supplier and its accounts", Args: cobra.ExactArgs(1)}
	format := formatOption(c, "text", "json")
	c.RunE = func(c *cobra.Command, args []string) error {
		id, err := number("supplier list", args[0])
		if err != nil {
			return err
		}
		s, err := ask(a, c, api.SupplierShow, api.ID{ID: id})
		if err != nil {
			return err
		}
		return a.printSupplier(format.value, s)
	}
	return c
}

func (a *app) printSupplier(format string, s *invoice.Supplier) error {
	if format == "json" {
		return printJSON(a.stdout, s)
	}
	origin := "entered by a person"
	if s.Learned {
		origin = "learned from an accepted invoice"
	}
	printFields(a.stdout, field{"supplier", s.ID}, field{"name", s.Name}, field{"KvK", s.KvK}, field{"btw-id", s.VATID},
		field{"email", s.Email}, field{"letters fail", s.EmailFails}, field{"country", s.Country}, field{"since", s.CreatedAt}, field{"origin", origin})
	for _, account := range s.Accounts {
		fmt.Fprintf(a.stdout, "\nAccount %s, proposed by %s on %s\n", account.IBAN, account.ProposedBy, forPeople(account.ProposedAt))
		if account.Payee != "" {
			fmt.Fprintf(a.stdout, "  in the name of %s\n", printable(account.Payee))
		}
		if account.VerifiedBy != "" {
			fmt.Fprintf(a.stdout, "  verified by %s on %s (%s): %s\n", account.VerifiedBy, forPeople(account.VerifiedAt), account.Method, printable(account.How))
		} else {
			fmt.Fprintf(a.stdout, "  not verified: nothing is paid to it. Another person verifies it: facturen supplier verify %s --how …\n", account.IBAN)
		}
	}
	return nil
}

func (a *app) supplierAddCommand() *cobra.Command {
	var in api.NewSupplier
	c := &cobra.Command{
		Use:   "add --name NAME",
		Short: "Enter a supplier",
		Long: `Enters a supplier. Nothing is paid to its accounts until another person has
verified them.

` + exitHelp,
		Example: "  facturen supplier add --name \"Hoveniersbedrijf De Vechtstreek B.V.\" --kvk 99657722 --iban NL28RABO0141970012",
		Args:    cobra.NoArgs,
	}
	format := formatOption(c, "text", "json")
	flags := c.Flags()
	flags.StringVar(&in.Name, "name", "", "registered name (required)")
	flags.StringVar(&in.KvK, "kvk", "", "KvK number")
	flags.StringVar(&in.VATID, "vat-id", "", "btw-id")
	flags.StringVar(&in.Email, "email", "", "where letters go when no mail asks for an answer")
	flags.StringVar(&in.Country, "country", "NL", "ISO 3166-1 code; letters are Dutch for NL and BE")
	flags.StringSliceVar(&in.IBANs, "iban", nil, "an account; may be given more than once")
	required(c, "name")
	c.RunE = func(c *cobra.Command, _ []string) error {
		s, err := ask(a, c, api.SupplierAdd, in)
		if err != nil {
			return err
		}
		return a.printSupplier(format.value, s)
	}
	return c
}

func (a *app) supplierImportCommand() *cobra.Command {
	columns := []string{"name", "kvk", "vat_id", "email", "country", "iban"}
	c := &cobra.Command{
		Use:   "import FILE.csv",
		Short: "Enter many suppliers from a CSV file, all or none",
		Long: `Enters many suppliers from a CSV file (UTF-8, comma or semicolon), all or none.
The first line names the columns: ` + strings.Join(columns, ", ") + `.
More than one account in iban are separated by spaces. country is NL when empty.

` + exitHelp,
		Args: cobra.ExactArgs(1),
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		rows, err := readCSV(input{name: args[0]}, a.stdin, "name", columns...)
		if err != nil {
			return usageError{err}
		}
		suppliers := []api.NewSupplier{}
		for _, row := range rows {
			v := row.values
			suppliers = append(suppliers, api.NewSupplier{Name: v["name"], KvK: v["kvk"], VATID: v["vat_id"], Email: v["email"],
				Country: cmp.Or(v["country"], "NL"), IBANs: strings.Fields(v["iban"])})
		}
		done, err := ask(a, c, api.SupplierImport, suppliers)
		if err != nil {
			return err
		}
		fmt.Fprintf(a.stdout, "%d suppliers entered. Their accounts are verified by another person: facturen supplier verify IBAN --how …\n", done.Count)
		return nil
	}
	return c
}

func (a *app) supplierAccountCommand() *cobra.Command {
	var in api.NewAccount
	c := &cobra.Command{
		Use:   "account NUMBER IBAN",
		Short: "Propose an account of a supplier; another person verifies it",
		Args:  cobra.ExactArgs(2),
	}
	format := formatOption(c, "text", "json")
	c.Flags().StringVar(&in.BIC, "bic", "", "BIC of the bank")
	c.Flags().StringVar(&in.Payee, "payee", "", "in whose name it stands when not in the supplier's: a factoring company")
	c.RunE = func(c *cobra.Command, args []string) (err error) {
		if in.Supplier, err = number("supplier list", args[0]); err != nil {
			return err
		}
		in.IBAN = args[1]
		account, err := ask(a, c, api.SupplierAccount, in)
		if err != nil {
			return err
		}
		if format.value == "json" {
			return printJSON(a.stdout, account)
		}
		if account.VerifiedBy != "" {
			fmt.Fprintf(a.stdout, "%s is on record already, verified by %s\n", account.IBAN, account.VerifiedBy)
			return nil
		}
		fmt.Fprintf(a.stdout, "%s is proposed.\nNext: another person than %s verifies it: facturen supplier verify %s --how …\n",
			account.IBAN, account.ProposedBy, account.IBAN)
		return nil
	}
	return c
}

func (a *app) supplierVerifyCommand() *cobra.Command {
	in := api.Verification{}
	c := &cobra.Command{
		Use:   "verify IBAN --how TEXT",
		Short: "Confirm that an account is the supplier's",
		Long: `Confirms that an account is the supplier's, and says how that was found out: by a
call back to a number from own records, never to one from the invoice. It must
be another person than who proposed the account. Payments that waited for it go on.

` + exitHelp,
		Example: "  facturen supplier verify NL28RABO0141970012 --how \"called back on the number of the KvK register\"",
		Args:    cobra.ExactArgs(1),
	}
	format := formatOption(c, "text", "json")
	c.Flags().Int64Var(&in.Supplier, "supplier", 0, "its number, when more than one supplier has the account")
	method := &choice{string(invoice.CallBack), []string{string(invoice.CallBack), string(invoice.NameCheck), string(invoice.SignedLetter)}}
	c.Flags().Var(method, "method", "by a call back, a match of the bank's Verification of Payee, or a signed letter")
	how := reasonOption(c, "how", "how it was verified")
	c.RunE = func(c *cobra.Command, args []string) error {
		in.IBAN, in.Method, in.How = args[0], invoice.Method(method.value), *how
		v, err := ask(a, c, api.SupplierVerify, in)
		if err != nil {
			return err
		}
		if format.value == "json" {
			return printJSON(a.stdout, v)
		}
		fmt.Fprintf(a.stdout, "%s of supplier %s is verified.\n", string(invoice.ParseIBAN(in.IBAN)), strconv.FormatInt(v.Supplier, 10))
		if len(v.Invoices) > 0 {
			fmt.Fprintf(a.stdout, "No longer held: %s\n", strings.Join(v.Invoices, " "))
		}
		return nil
	}
	return c
}
